import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { localRoles } from '../../infra/bin/roles/local.ts';
import { projectRoot } from '../../infra/local/home.ts';
import type { Role } from '../../infra/local/roles/roles.ts';
import { type ApiClient, until } from '../support/api-client.ts';
import { killProcess } from '../support/kill-process.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { BUSY_MACHINE, clientOf } from './support/turn-fixture.ts';

const TIMEOUT_MS = 180_000;
const JOURNEY = join(projectRoot, 'tests/fixtures/jobs/journey.ts');
const roleOf = (name: string, ...args: readonly string[]): Role => ({
  ...{ name, args: ['run', 'worker', ...args], heapMb: 256, isPublic: false, stopStage: 2 },
});

interface JobJson {
  readonly job_id: string;
  readonly status: string;
  readonly steps: readonly { readonly name: string; readonly status: string; readonly attempts: number | null }[];
  readonly [field: string]: unknown;
}

let platform: TestPlatform;
let api: ApiClient;
beforeAll(async () => {
  platform = await startTestPlatform({
    env: BUSY_MACHINE,
    // The worker of the built-in jobs is not needed here.
    roles: [
      ...localRoles(process.env).filter(({ name }) => name !== 'worker-job-runner'),
      roleOf('worker-journey', JOURNEY),
    ],
  });
  api = clientOf(platform);
}, 900_000);
afterAll(() => platform?.stop());

/** Starts a job as soon as its type is registered. */
const start = async (type: string, input: unknown): Promise<string> => {
  const { body } = await until(
    () => api.call<{ readonly job_id: string }>('POST', '/v1/jobs/start', { body: { type, input } }),
    ({ status }) => status === 201,
    60_000,
  );
  return body.job_id;
};
const jobOf = async (id: string): Promise<JobJson> => (await api.call<JobJson>('GET', `/v1/jobs/${id}`)).body;
const ended = (id: string): Promise<JobJson> =>
  until(
    () => jobOf(id),
    ({ status }) => ['completed', 'failed', 'dead', 'suspended', 'cancelled'].includes(status),
    TIMEOUT_MS,
  );
const resultOf = async (id: string): Promise<unknown> => (await api.call('GET', `/v1/jobs/${id}/result`)).body;

describe('a job whose worker is killed in the middle', () => {
  test('completes, and each finished step has run once', { timeout: TIMEOUT_MS }, async () => {
    const file = join(platform.dir, 'journey.txt');
    const effects = (): string[] => {
      try {
        return readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => line !== '');
      } catch {
        return [];
      }
    };
    const id = await start('journey', { file });
    await until(
      async () => effects(),
      (lines) => lines.includes('hold'),
      TIMEOUT_MS,
    );
    const before = Date.now();
    await killProcess(platform, 'worker-journey');
    await until(
      async () => effects(),
      (lines) => lines.includes('slept'),
      TIMEOUT_MS,
    );
    console.info(`taken over after ${Date.now() - before} ms`);
    await api.call('POST', `/v1/jobs/${id}/signals/approved`, { body: { payload: 'Inti' } });
    const job = await ended(id);
    expect(job).toMatchObject({ status: 'completed' });
    expect(await resultOf(id)).toMatchObject({ result: { by: 'Inti', sum: 6, text: expect.stringMatching(/\w/) } });
    const lines = effects();
    expect(lines.toSorted()).toEqual(
      ['add', 'after', 'approved', 'before', 'hold', 'hold', 'left', 'right', 'slept'].toSorted(),
    );
  });
});
