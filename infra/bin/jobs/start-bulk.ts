import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createApi, type Schemas } from '../../client/api.ts';
import { problemError } from '../../client/api-error.ts';
import { answered, gatewayOf } from '../api/ask.ts';
import { failure } from '../failure.ts';
import { print } from '../show/print.ts';
import { slicesOf } from './bulk-slices.ts';

/** Options of `khipu jobs start --bulk`. */
export interface BulkOptions {
  readonly type: string;
  readonly lane?: NonNullable<Schemas['StartJobs']['lane']>;
  readonly labels?: string[];
  /** A repeat with this key starts no job twice. */
  readonly idempotencyKey?: string;
  readonly json?: true;
}

function linesIn(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    throw failure('FILE_MISSING', `${file} cannot be read`, cause);
  }
}

/**
 * Starts a job for each line of an NDJSON file; `-` is standard input. More lines than one request takes are sent in
 * several. Rejects like `ask`; then the requests before it are in the log.
 */
export async function startBulk(file: string, options: BulkOptions): Promise<void> {
  const { idempotencyKey: key = randomUUID(), json, type, lane, labels } = options;
  const api = createApi(gatewayOf());
  const slices = [...slicesOf(linesIn(file))];
  const batches: { readonly batch_id: string; readonly accepted: number }[] = [];
  for (const [nth, items] of slices.entries()) {
    const body = {
      type,
      items: [...items],
      ...(lane !== undefined && { lane }),
      ...(labels !== undefined && { labels }),
    };
    const header = { 'idempotency-key': `${key}-${nth}` };
    const { data, error, response } = await answered(api.POST('/v1/jobs/start/bulk', { params: { header }, body }));
    if (data === undefined) throw problemError(error, response);
    batches.push({ batch_id: data.batch_id, accepted: data.accepted });
  }
  const accepted = batches.reduce((sum, each) => sum + each.accepted, 0);
  print(json, { accepted, idempotency_key: key, batches }, () => [
    `${accepted} starts in the log`,
    ...batches.map((each) => `khipu jobs list --tag batch:${each.batch_id}`),
  ]);
}
