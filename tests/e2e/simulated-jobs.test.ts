import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadConfig } from '../../infra/config.ts';
import { defaultConstitution } from '../../infra/governance/constitution/default.ts';
import { constitutionSigner } from '../../infra/security/load-keys.ts';
import { type ApiClient, until } from '../support/api-client.ts';
import { khipu } from '../support/khipu.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { signatureOf } from '../support/signature.ts';
import { type ModelServer, startModelServer } from './first-hour/model-server.ts';
import { BUSY_MACHINE, clientOf } from './support/turn-fixture.ts';

const PATIENCE_MS = 120_000;
const MODEL = 'weaver';
/** A constitution that knows no such model. */
const strict = { ...defaultConstitution, version: 'strict', models: ['another'] };

interface JobJson {
  readonly job_id: string;
  readonly code: string | null;
  readonly status: string;
  readonly simulated: boolean;
  readonly result: { readonly completed: number; readonly failed: number };
  readonly differences: readonly { readonly outcome: string; readonly reasons: readonly string[] }[];
}

let server: ModelServer;
let platform: TestPlatform;
let api: ApiClient;
beforeAll(async () => {
  server = await startModelServer();
  platform = await startTestPlatform({
    provider: 'openai',
    env: { ...BUSY_MACHINE, KHIPU_SLM_BASE_URL: server.url, KHIPU_SLM_MODEL: MODEL },
    apart: [],
  });
  api = clientOf(platform);
  await until(
    () => api.call<{ items: readonly { readonly type: string }[] }>('GET', '/v1/job-types'),
    ({ body }) => body.items?.some(({ type }) => type === 'inference.batch'),
    PATIENCE_MS,
  );
}, 900_000);
afterAll(async () => {
  await platform?.stop();
  server?.close();
});

const environment = () => ({ ...platform.env, KHIPU_URL: platform.url, KHIPU_API_KEY: platform.apiKey });
const post = (path: string, body: object) => api.call<JobJson>('POST', path, { body });
const resultOf = async (jobId: string) =>
  (await api.call<JobJson>('GET', `/v1/jobs/${jobId}/result`, { headers: { prefer: 'wait=60' } })).body;

describe('a job that asked a model', () => {
  test('is forked under a constitution that forbids it: refused there, and the server of the model sees no request', {
    timeout: PATIENCE_MS,
  }, async () => {
    const input = { prompts: ['What is a khipu?', 'Who reads one?'], model: MODEL };
    const source = (await post('/v1/jobs/start', { type: 'inference.batch', input })).body.job_id;
    expect((await resultOf(source)).result).toMatchObject({ completed: 2, failed: 0 });
    expect(server.asked).toEqual([MODEL, MODEL]);

    const proposed = await post('/v1/constitutions', { document: strict });
    const { digest } = proposed.body as unknown as { readonly digest: string };
    const signature = signatureOf(strict, constitutionSigner(loadConfig(platform.env)));
    expect((await post('/v1/constitutions/strict/signatures', { digest, ...signature })).body.status).toBe('published');

    const forked = await khipu(['jobs', 'fork', source, '--constitution', 'strict', '--json'], environment());
    expect([forked.code, forked.stderr]).toEqual([0, '']);
    const fork = JSON.parse(forked.stdout) as JobJson;
    expect(fork).toMatchObject({ simulated: true, constitution_digest: digest });
    expect(await resultOf(fork.job_id)).toMatchObject({
      ...{ simulated: true, constitution_digest: digest, result: { completed: 0, failed: 2 } },
      differences: [0, 1].map(() => ({ outcome: 'deny', reasons: ['MODEL_NOT_ALLOWED'] })),
    });
    const same = (await post(`/v1/jobs/${source}/fork`, { from_step: null, constitution: '1.3.0' })).body.job_id;
    expect(await resultOf(same)).toMatchObject({ result: { completed: 2, failed: 0 }, differences: [] });
    expect(server.asked).toEqual([MODEL, MODEL]);

    const shown = await until(
      () => khipu(['jobs', 'show', fork.job_id], environment()),
      ({ stdout }) => stdout.includes('completed'),
      PATIENCE_MS,
    );
    expect(shown.stdout).toContain(`simulated under constitution strict (${digest}): 2 of 3 decisions differ`);
  });
});
