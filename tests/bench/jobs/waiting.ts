/** Figures of jobs that wait: what a hundred thousand sleepers cost, how late they wake, how fast a job is cancelled. */
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../../support/api-client.ts';
import { usageOf } from '../runtime/usage.ts';
import { spreadOf } from '../statistics.ts';
import type { KhipuJobs } from './khipu-side.ts';
import type { JobSizes, Samples } from './measures.ts';
import { nowMs } from './system.ts';

const PATIENCE_MS = 30 * 60_000;
/** Time after the last start in which caches and compilers come to rest. */
const SETTLE_MS = 20_000;

interface Listed {
  readonly items: readonly { readonly job_id: string }[];
  readonly next_cursor: string | null;
}
interface Result {
  readonly status: string;
  readonly result: { readonly late_ms: number };
}

/** Resident memory of all processes, in MB, and their processor time, in s. */
function used(processes: ReadonlyMap<string, number>): { readonly mb: number; readonly cpuSeconds: number } {
  const all = [...processes.values()].map((pid) => usageOf(pid));
  return {
    mb: all.reduce((sum, { residentMb }) => sum + residentMb, 0),
    cpuSeconds: all.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
  };
}

/** Resolves when no job of a type has this status. */
const none = (khipu: KhipuJobs, type: string, status: string): Promise<unknown> =>
  until(
    () => khipu.api.call<Listed>('GET', `/v1/jobs?type=${type}&status=${status}&limit=1`),
    ({ status: code, body }) => code === 200 && body.items.length === 0,
    PATIENCE_MS,
  );

/** Measures the memory and the processor time of jobs that sleep beside those of the platform before. */
async function sleep(khipu: KhipuJobs, { sleepers, sleepSeconds }: JobSizes): Promise<Samples> {
  const before = used(khipu.processes);
  // Long after the measurement: they are cancelled with the platform.
  const far = Date.now() + 24 * 60 * 60_000;
  await khipu.startMany(
    'bench.sleeper',
    Array.from({ length: sleepers }, () => ({ until_ms: far })),
  );
  for (const status of ['queued', 'running']) await none(khipu, 'bench.sleeper', status);
  await delay(SETTLE_MS);
  const asleep = used(khipu.processes);
  await delay(sleepSeconds * 1_000);
  const after = used(khipu.processes);
  return {
    'sleepers MB': asleep.mb - before.mb,
    'sleepers cpu': ((after.cpuSeconds - asleep.cpuSeconds) / sleepSeconds) * 100,
  };
}

/** Measures by how much jobs wake late, while all others sleep. */
async function wake(khipu: KhipuJobs, count: number): Promise<Samples> {
  const soon = Date.now() + 15_000;
  const ids = await khipu.startMany(
    'bench.sleeper',
    Array.from({ length: count }, (_, index) => ({ until_ms: soon + index * 50 })),
  );
  const late: number[] = [];
  for (const id of ids) {
    const { body } = await until(
      () => khipu.api.call<Result>('GET', `/v1/jobs/${id}/result`, { headers: { prefer: 'wait=30' } }),
      ({ status }) => status === 200,
      PATIENCE_MS,
    );
    late.push(body.result.late_ms);
  }
  return { 'drift p50': spreadOf(late).p50, 'drift p99': spreadOf(late).p99 };
}

/** Measures the time from the request to cancel a job to the answer that it is cancelled. */
async function cancel(khipu: KhipuJobs, count: number): Promise<Samples> {
  const far = Date.now() + 24 * 60 * 60_000;
  const ids = await khipu.startMany(
    'bench.sleeper',
    Array.from({ length: count }, () => ({ until_ms: far })),
  );
  await none(khipu, 'bench.sleeper', 'queued');
  const took: number[] = [];
  for (const id of ids) {
    const began = nowMs();
    const { status, body } = await khipu.api.call('POST', `/v1/jobs/${id}/cancel`, { body: { reason: 'Measured' } });
    if (status !== 200) throw new Error(`cancel answered ${status}: ${JSON.stringify(body)}`);
    took.push(nowMs() - began);
  }
  return { 'cancel p50': spreadOf(took).p50, 'cancel p99': spreadOf(took).p99 };
}

/** Measures what only Khipu is asked, on one platform. */
export const measureWaiting = async (khipu: KhipuJobs, sizes: JobSizes): Promise<Samples> => ({
  ...(await cancel(khipu, sizes.cancelled)),
  ...(await sleep(khipu, sizes)),
  ...(await wake(khipu, sizes.cancelled)),
});
