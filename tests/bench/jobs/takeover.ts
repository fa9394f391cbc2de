/** Figure of jobs whose worker dies: the time from its `kill -9` until another process runs the step. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../support/api-client.ts';
import { spreadOf } from '../statistics.ts';
import type { KhipuJobs } from './khipu-side.ts';
import type { JobSizes, Samples } from './measures.ts';
import { nowMs } from './system.ts';

const TAKEN_MS = 120_000;

interface Began {
  readonly pid: number;
  readonly atMs: number;
}

/** Reads which process began the step of a held job, and when: a line for each run of it. */
const runsIn = (file: string): readonly Began[] => {
  try {
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as Began);
  } catch {
    return [];
  }
};

/** Kills the worker that runs a step, `kills` times, and measures until the step runs again. The supervisor restarts the worker. */
export async function measureTakeover(khipu: KhipuJobs, { kills }: JobSizes): Promise<Samples> {
  const took: number[] = [];
  for (let index = 0; index < kills; index += 1) {
    const file = join(khipu.dir, `held-${index}`);
    const [id] = await khipu.startMany('bench.held', [{ file }]);
    const [first] = await until(
      async () => runsIn(file),
      (runs) => runs.length === 1,
      TAKEN_MS,
    );
    const { pid } = first as Began;
    const killedMs = nowMs();
    process.kill(pid, 'SIGKILL');
    const runs = await until(
      async () => runsIn(file),
      (all) => all.length > 1,
      TAKEN_MS,
    );
    took.push((runs[1] as Began).atMs - killedMs);
    await until(
      () => khipu.api.call('GET', `/v1/jobs/${id}/result`, { headers: { prefer: 'wait=30' } }),
      ({ status }) => status === 200,
      TAKEN_MS,
    );
    rmSync(file);
  }
  return { 'takeover p50': spreadOf(took).p50, 'takeover max': Math.max(...took) };
}
