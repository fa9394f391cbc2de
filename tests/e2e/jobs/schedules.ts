import { describe, expect, test } from 'vitest';
import { type ApiClient, until } from '../../support/api-client.ts';

const PATIENCE_MS = 120_000;
const SECOND_MS = 1_000;

interface RunJson {
  readonly due_at: string;
  readonly status: string;
  readonly reason: string;
  readonly job_id: string | null;
}

interface ScheduleJson {
  readonly status: string;
  readonly due_times: readonly string[];
  readonly items: readonly (RunJson & { readonly type: string })[];
}

const isCompleted = ({ status }: RunJson): boolean => status === 'completed';
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Schedules on a platform whose worker runs the jobs of tests/fixtures/jobs/http-jobs.ts. */
export function describeSchedules(client: () => ApiClient): void {
  const url = '/v1/schedules/every-second';
  const post = (path: string, body: object) => client().call<ScheduleJson>('POST', `${url}/${path}`, { body });
  const runsWhen = async (enough: (runs: readonly RunJson[]) => boolean): Promise<readonly RunJson[]> => {
    const { body } = await until(
      () => client().call<ScheduleJson>('GET', `${url}/runs?limit=200`),
      ({ status, body: { items } }) => status === 200 && enough(items),
      PATIENCE_MS,
    );
    return body.items;
  };

  describe('a schedule on a platform', { timeout: 2 * PATIENCE_MS }, () => {
    test('fires each second, stops with a pause, and makes up for past runs: one job a due time', async () => {
      const job = { type: 'sum', input: { numbers: [1, 2] } };
      // Nothing is skipped on a slow machine.
      const spec = { job, interval_ms: SECOND_MS, overlap: 'allow_all', catch_up_ms: 600 * SECOND_MS };
      expect((await client().call('PUT', url, { body: spec })).status).toBe(201);
      await runsWhen((runs) => runs.filter(isCompleted).length >= 5);
      expect((await post('pause', { reason: 'a test' })).status).toBe(200);
      const stopped = await runsWhen((runs) => runs.every(isCompleted));
      await pause(3 * SECOND_MS);
      expect((await runsWhen(() => true)).length).toBe(stopped.length);
      const dueMs = stopped.map(({ due_at }) => Date.parse(due_at));
      // Each due time from the first to the last, once.
      expect(dueMs).toEqual(dueMs.map((_, at) => (dueMs[0] ?? 0) - at * SECOND_MS));

      const untilMs = dueMs.at(-1) ?? 0;
      const range = { from: new Date(untilMs - 5 * SECOND_MS).toISOString(), until: new Date(untilMs).toISOString() };
      const asked = await post('backfill', range);
      expect([asked.status, asked.body.due_times.length]).toEqual([200, 5]);
      const all = await runsWhen((runs) => runs.length === stopped.length + 5 && runs.every(isCompleted));
      const jobs = await client().call<ScheduleJson>('GET', '/v1/jobs?schedule_id=every-second&limit=200');
      expect(jobs.body.items.map(({ job_id }) => job_id).sort()).toEqual(all.map(({ job_id }) => job_id).sort());
      expect(new Set(all.map(({ job_id }) => job_id)).size).toBe(all.length);
      expect((await client().call('DELETE', url)).status).toBe(204);
    });
  });
}
