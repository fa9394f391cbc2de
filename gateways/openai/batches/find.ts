import type { JobRow } from '../../../projections/jobs/queries/rows.ts';
import { findJob, type JobServices } from '../../http/jobs/find.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { askedIn } from './body.ts';

/** A batch: its job, and what it asks for. */
export interface Batch {
  readonly job: JobRow;
  readonly asked: NonNullable<ReturnType<typeof askedIn>>;
}

/** Resolves with a batch. Rejects with Problem RESOURCE_UNKNOWN when the tenant has none of this id. */
export async function batchOrUnknown(services: JobServices, tenantId: string, batchId: string): Promise<Batch> {
  const job = await findJob(services, tenantId, batchId);
  const asked = job === undefined ? null : askedIn(job);
  if (job === undefined || asked === null) throw new Problem('RESOURCE_UNKNOWN', `There is no batch ${batchId}`);
  return { job, asked };
}
