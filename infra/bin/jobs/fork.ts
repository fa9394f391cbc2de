import type { StepName } from '../../../schemas/contexts/jobs/step-name.ts';
import type { Schemas } from '../../client/api.ts';
import { settle } from '../api/ask.ts';
import { fieldsText } from '../show/fields.ts';
import { print } from '../show/print.ts';

/** Options of `khipu jobs fork`. */
export interface ForkOptions {
  readonly from?: StepName;
  readonly input?: unknown;
  readonly constitution?: string;
  readonly lane?: NonNullable<Schemas['ForkJob']['lane']>;
  readonly tags?: string[];
  readonly labels?: string[];
  readonly json?: true;
}

/** Starts a job from a step of another one, or from its beginning. Rejects like `settle`. */
export async function forkJob(job_id: string, { from, json, ...given }: ForkOptions): Promise<void> {
  const body = { from_step: from ?? null, ...given };
  const started = await settle((api, header) =>
    api.POST('/v1/jobs/{job_id}/fork', { params: { path: { job_id }, header }, body }),
  );
  print(json, started, () => [fieldsText({ ...started })]);
}
