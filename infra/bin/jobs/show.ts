import type { Schemas } from '../../client/api.ts';
import { ask } from '../api/ask.ts';
import { print } from '../show/print.ts';
import { styleOf } from '../show/style.ts';
import { timelineText } from './timeline.ts';

interface Options {
  readonly asOf?: string;
  readonly json?: true;
}

/** Prints a job with its timeline, now or as of an earlier time. Rejects like `ask`. */
export async function showJob(job_id: string, { asOf, json }: Options): Promise<void> {
  const query = asOf === undefined ? {} : { as_of: asOf };
  const job: Schemas['Job'] = await ask((api) => api.GET('/v1/jobs/{job_id}', { params: { path: { job_id }, query } }));
  if (json === true) return print(json, job, () => []);
  const hasChildren = asOf === undefined && job.steps.some(({ kind }) => kind === 'child');
  const children = hasChildren
    ? (await ask((api) => api.GET('/v1/jobs', { params: { query: { parent_id: job_id } } }))).items
    : [];
  const nowMs = job.as_of === null ? Date.now() : Date.parse(job.as_of);
  print(undefined, job, () => [timelineText(job, children, styleOf(process.stdout), nowMs)]);
}
