import { settle } from '../api/ask.ts';
import { failure } from '../failure.ts';
import { fieldsText } from '../show/fields.ts';
import { print } from '../show/print.ts';
import { workflowIn } from './read.ts';

interface Options {
  readonly install?: string;
  readonly labels?: string[];
  readonly json?: true;
}

/** Imports a template from a file, or from an installed capsule. Rejects with OPTIONS_INVALID, and as `workflowIn` and `settle`. */
export async function importTemplate(file: string | undefined, { install, labels, json }: Options): Promise<void> {
  if ((file === undefined) === (install === undefined))
    throw failure('OPTIONS_INVALID', 'name a file or --install, and not both');
  const body = {
    ...(file === undefined ? { install: install ?? '' } : { document: { ...workflowIn(file).document } }),
    ...(labels !== undefined && { labels }),
  };
  const made = await settle((api, headers) => api.POST('/v1/templates/import', { params: { header: headers }, body }));
  if (made === undefined) throw failure('OUTCOME_PENDING', 'the outcome is not known yet');
  print(json, made, () => [fieldsText({ ...made })]);
}
