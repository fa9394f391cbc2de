import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../infra/local/home.ts';
import type { Role } from '../../infra/local/roles/roles.ts';
import { type ApiClient, until } from '../support/api-client.ts';
import { khipu } from '../support/khipu.ts';
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
    without: ['job-runner'],
    apart: [],
    more: [roleOf('worker-journey', JOURNEY)],
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

describe('a job with payloads above 64 KiB', () => {
  test('has them whole through a kill of its worker, over HTTP, in a fork and in a replay', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const file = join(platform.dir, 'heavy.txt');
    const lines = (): string[] => (existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : []);
    const input = { file, text: randomBytes(2 ** 20 * 1.5).toString('hex') };
    const id = await start('journey.heavy', input);
    await until(
      async () => lines(),
      (written) => written.includes('hold'),
      TIMEOUT_MS,
    );
    await killProcess(platform, 'worker-journey');
    const job = await ended(id);
    expect(job).toMatchObject({
      status: 'completed',
      input: null,
      result: null,
      input_content: { bytes: Buffer.byteLength(JSON.stringify(input)) },
    });
    expect(lines()).toEqual(['make', 'hold', 'hold']);
    const made = 'knot '.repeat(200_000);
    const result = { text: input.text, made, echoed: made };
    const real = { simulated: false, constitution_digest: null };
    expect(await resultOf(id)).toEqual({ job_id: id, status: 'completed', result, ...real });
    const contentOf = async (content: unknown) => (await api.call('GET', (content as { url: string }).url)).body;
    expect(await contentOf(job['input_content'])).toEqual(input);
    expect(await contentOf(job['result_content'])).toEqual(result);
    type Steps = { readonly items: readonly { readonly name: string; readonly output_content: unknown }[] };
    const { items } = (await api.call<Steps>('GET', `/v1/jobs/${id}/steps`)).body;
    expect(await contentOf(items.find(({ name }) => name === 'make')?.output_content)).toBe(made);

    const fork = { from_step: { name: 'journey.echo' } };
    const forked = (await api.call<JobJson>('POST', `/v1/jobs/${id}/fork`, { body: fork })).body.job_id;
    expect(await ended(forked)).toMatchObject({ status: 'completed' });
    expect(await resultOf(forked)).toMatchObject({ result });
    expect(lines()).toEqual(['make', 'hold', 'hold']);

    const replayed = await khipu(['jobs', 'replay', id, '--module', JOURNEY, '--json'], platform.env);
    expect(JSON.parse(replayed.stdout)).toMatchObject({ same: true, end: 'the job completes' });
  });
});
