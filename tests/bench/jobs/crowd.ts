/** Figures of jobs among many others: what a flood of batch work costs the interactive lane, and one tenant another. */
import { ApiClient, until } from '../../support/api-client.ts';
import { spreadOf } from '../statistics.ts';
import { BULK_MAX, type KhipuJobs } from './khipu-side.ts';
import type { JobSizes, Samples } from './measures.ts';
import { nowMs } from './system.ts';

const TENANT = 'crowd';
const DRAINED_MS = 30 * 60_000;
/** Time for which each job of a flood keeps its place. */
const BUSY_MS = 1_000;

type Lane = 'interactive' | 'standard' | 'batch';
interface Started {
  readonly job_ids: readonly string[];
}
interface Shown {
  readonly status: string;
}

/** Runs jobs of three steps one after another. Resolves with the ms to the first step and to the result. */
async function probe(khipu: KhipuJobs, lane: Lane, count: number) {
  const firstMs: number[] = [];
  const endMs: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const began = nowMs();
    const ran = await khipu.three(lane);
    firstMs.push(ran.firstStepMs - began);
    endMs.push(ran.endMs - began);
  }
  return { first: spreadOf(firstMs), end: spreadOf(endMs) };
}

/** Measures while a flood of jobs waits. Rejects when the flood ended before the measurement: it says nothing then. */
async function within<T>(api: ApiClient, count: number, lane: Lane, measured: () => Promise<T>): Promise<T> {
  const lastIds: string[] = [];
  for (let left = count; left > 0; left -= BULK_MAX) {
    const items = Array.from({ length: Math.min(left, BULK_MAX) }, () => ({ input: { ms: BUSY_MS } }));
    const start = { type: 'bench.busy', lane, items };
    const { status, body } = await api.call<Started>('POST', '/v1/jobs/start/bulk', { body: start });
    if (status >= 300) throw new Error(`the flood was answered ${status}: ${JSON.stringify(body)}`);
    lastIds.push(body.job_ids.at(-1) ?? '');
  }
  // Jobs of one lane begin in the order of their starts: the last ones show where the flood is.
  const isOver = async (): Promise<boolean> => {
    const asked = lastIds.map((id) => api.call<Shown>('GET', `/v1/jobs/${id}`));
    return (await Promise.all(asked)).every(({ status, body }) => status === 200 && body.status === 'completed');
  };
  // Policy has decided on all of them: from here on they wait for a place.
  for (const id of lastIds)
    await until(
      () => api.call('GET', `/v1/jobs/${id}`),
      ({ status }) => status === 200,
      DRAINED_MS,
    );
  const result = await measured();
  if (await isOver()) throw new Error(`${count} jobs were drained before the measurement ended`);
  await until(isOver, Boolean, DRAINED_MS);
  return result;
}

/** Creates a second tenant whose key may start the jobs of the bench. */
async function crowdOf({ api, url }: KhipuJobs): Promise<ApiClient> {
  const call = async <T>(path: string, body: object): Promise<T> => {
    const answer = await api.call<T>('POST', path, { body });
    if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const inIt = `?tenant=${TENANT}`;
  await call('/v1/tenants', { tenant_id: TENANT, name: 'Crowd' });
  await call(`/v1/roles${inIt}`, { name: 'starter', capabilities: ['jobs:start:*', 'jobs:read'] });
  await call(`/v1/service-accounts${inIt}`, { service_account_id: 'lab', name: 'Lab', roles: ['starter'] });
  const { key } = await call<{ key: string }>(`/v1/api-keys${inIt}`, { name: 'lab', owner: 'service_account:lab' });
  return new ApiClient({ url, apiKey: key });
}

/** Measures the interactive lane beside a flood of batch work, and one tenant beside the many jobs of another. */
export async function measureCrowd(khipu: KhipuJobs, { probes, crowd }: JobSizes): Promise<Samples> {
  await probe(khipu, 'interactive', probes);
  const idle = await probe(khipu, 'interactive', probes);
  const flooded = await within(khipu.api, crowd, 'batch', () => probe(khipu, 'interactive', probes));
  const alone = await probe(khipu, 'standard', probes);
  const crowded = await within(await crowdOf(khipu), crowd, 'standard', () => probe(khipu, 'standard', probes));
  return {
    ...{ 'interactive p95': idle.end.p95, 'interactive flooded p95': flooded.end.p95 },
    'interactive flooded ratio': flooded.end.p95 / idle.end.p95,
    ...{ 'start p99': alone.first.p99, 'start crowded p99': crowded.first.p99 },
    'start crowded ratio': crowded.first.p99 / alone.first.p99,
  };
}
