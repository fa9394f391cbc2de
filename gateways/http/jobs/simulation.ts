import type { JobRow } from '../../../projections/jobs/queries/rows.ts';
import type { ConstitutionVersion } from '../../../schemas/contexts/constitution/life.ts';
import type { JobAccepted, JobSimulation } from '../../../schemas/generated/records.ts';
import { topics } from '../../../schemas/topics.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { eventsOfKey, type JobServices } from './find.ts';
import { Trials } from './trials.ts';

type Signed = Pick<ConstitutionVersion, 'version' | 'digest'>;

/**
 * Returns the published constitution of a version or digest: published ones are signed by enough trusted keys. Throws
 * Problem CONSTITUTION_UNKNOWN for any other, LOG_UNAVAILABLE while the table is not followed.
 */
export function signedConstitution({ tables }: Pick<GatewayServices, 'tables'>, named: string): Signed {
  if (!tables.constitutions.following) throw new Problem('LOG_UNAVAILABLE', 'The constitutions cannot be read now');
  const { versions } = tables.constitutions.value;
  const found = versions.get(named) ?? [...versions.values()].find(({ digest }) => digest === named);
  if (found?.status === 'published') return found;
  const what = found === undefined ? 'There is no constitution' : `The log has no signed constitution`;
  throw new Problem('CONSTITUTION_UNKNOWN', `${what} ${named}`, {
    errors: [
      { in: 'body', pointer: '#/constitution', detail: 'Expected the version or digest of a signed constitution' },
    ],
  });
}

/** Returns how a fork is simulated: as asked, or as the job that it is a fork of; null for one that runs. */
export function simulationOf(
  { jobId, simulation }: Pick<JobAccepted, 'jobId' | 'simulation'>,
  asked: Signed | null,
  results: number,
): JobSimulation | null {
  const constitution = asked ?? signedOf(simulation);
  if (constitution === null) return null;
  const { version: constitutionVersion, digest: constitutionDigest } = constitution;
  return { constitutionVersion, constitutionDigest, sourceId: simulation?.sourceId ?? jobId, results, pages: 0 };
}

const signedOf = (simulation: JobSimulation | null): Signed | null =>
  simulation === null ? null : { version: simulation.constitutionVersion, digest: simulation.constitutionDigest };

/** Resolves with what policy has decided on a job; empty for one that runs. */
export async function trialsOf(services: JobServices, tenantId: string, job: JobRow): Promise<Trials> {
  const trials = new Trials();
  if (job.simulation === null) return trials;
  const here = services.jobs.whole(tenantId, job.job_id);
  if (here !== undefined) {
    trials.add(here);
    return trials;
  }
  const life = { topic: topics.jobsEvents.name, key: job.job_id };
  for await (const events of eventsOfKey(services, tenantId, life)) trials.add(events);
  return trials;
}
