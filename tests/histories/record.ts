/**
 * `npm run jobs:record`: runs the jobs of tests/fixtures/jobs/recorded-jobs.ts on a real platform and writes their
 * histories, as `khipu jobs replay --save` has them, to tests/fixtures/histories.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localRoles } from '../../infra/bin/roles/local.ts';
import { projectRoot } from '../../infra/local/home.ts';
import { ApiClient, until } from '../support/api-client.ts';
import { khipu } from '../support/khipu.ts';
import { killProcess } from '../support/kill-process.ts';
import { startTestPlatform } from '../support/platform.ts';

const MODULE = join(projectRoot, 'tests/fixtures/jobs/recorded-jobs.ts');
const FOLDER = join(projectRoot, 'tests/fixtures/histories');
const PATIENCE_MS = 180_000;
/** Written for the folder of the platform, which has another name in every recording. */
const DIR = '/recorded';

interface JobJson {
  readonly job_id: string;
  readonly status: string;
  readonly steps: readonly { readonly name: string; readonly status: string }[];
}

const worker = { name: 'worker-recorded', args: ['run', 'worker', MODULE], heapMb: 256 };
const roles = [...localRoles(process.env), { ...worker, isPublic: false, stopStage: 2 } as const];
const platform = await startTestPlatform({ roles });
try {
  const client = new ApiClient({ url: platform.url, apiKey: platform.apiKey });
  const environment = { ...platform.env, KHIPU_URL: platform.url, KHIPU_API_KEY: platform.apiKey };

  const post = async (path: string, body: object): Promise<string> => {
    const { body: answer } = await until(
      () => client.call<JobJson>('POST', path, { body }),
      ({ status }) => status < 300,
      PATIENCE_MS,
    );
    return answer.job_id;
  };
  const start = (type: string, input: object) => post('/v1/jobs/start', { type, input });
  const signal = (id: string, name: string, payload: unknown) => post(`/v1/jobs/${id}/signals/${name}`, { payload });
  const becomes = (id: string, isReached: (job: JobJson) => boolean) =>
    until(
      async () => (await client.call<JobJson>('GET', `/v1/jobs/${id}`)).body,
      (job) => isReached(job),
      PATIENCE_MS,
    );
  const ends = (id: string, status = 'completed') => becomes(id, (job) => job.status === status);
  const waitsFor = (id: string, name: string) =>
    becomes(id, ({ steps }) => steps?.some((step) => step.name === name && step.status === 'waiting'));

  const keep = async (name: string, id: string): Promise<void> => {
    const file = join(platform.dir, `${name}.json`);
    const { code, stderr } = await khipu(['jobs', 'replay', id, '--save', file], environment);
    if (code !== 0) throw new Error(`${name}: ${stderr}`);
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(join(FOLDER, `${name}.json`), readFileSync(file, 'utf8').replaceAll(platform.dir, DIR));
    console.info(`${name}: job ${id}`);
  };

  const simple = { steps: { numbers: [1, 2, 3] }, parallel: {}, retries: {}, family: {} };
  for (const [name, input] of Object.entries(simple)) {
    const id = await start(`recorded.${name}`, input);
    await ends(id);
    await keep(name, id);
  }
  const failed = await start('recorded.refusal', {});
  await ends(failed, 'failed');
  await keep('failed', failed);

  const waited = await start('recorded.waits', { note: 'first' });
  await waitsFor(waited, 'approved');
  await keep('waiting', waited);
  await signal(waited, 'approved', { by: 'ana' });
  await ends(waited);
  await keep('waits', waited);

  const fork = await post(`/v1/jobs/${waited}/fork`, {
    ...{ from_step: { path: '', name: 'approved', nth: 1 }, input: { note: 'second' } },
  });
  await waitsFor(fork, 'approved');
  await signal(fork, 'approved', { by: 'ben' });
  await ends(fork);
  await keep('fork', fork);

  const cancelled = await start('recorded.waits', { note: 'third' });
  await waitsFor(cancelled, 'approved');
  await post(`/v1/jobs/${cancelled}/cancel`, { reason: 'not needed' });
  await ends(cancelled, 'cancelled');
  await keep('cancelled', cancelled);

  const journey = await start('journey', { file: join(platform.dir, 'journey.txt') });
  await until(
    async () => {
      try {
        return readFileSync(join(platform.dir, 'journey.txt'), 'utf8');
      } catch {
        return '';
      }
    },
    (text) => text.includes('hold'),
    PATIENCE_MS,
  );
  await killProcess(platform, worker.name);
  await waitsFor(journey, 'approved');
  await signal(journey, 'approved', 'Inti');
  await ends(journey);
  await keep('takeover', journey);
} finally {
  await platform.stop();
}
