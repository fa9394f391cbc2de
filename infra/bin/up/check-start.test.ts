import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenAiTestServer, startOpenAiTestServer } from '../../models/testing/openai-server.ts';
import { checkStart } from './check-start.ts';

let server: OpenAiTestServer;
beforeAll(async () => {
  server = await startOpenAiTestServer();
});
afterAll(() => server.close());

/** Returns a list of one provider, whose server cannot be reached. */
const listOf = (more: object): string =>
  JSON.stringify([{ name: 'vllm', kind: 'openai', base_url: 'http://127.0.0.1:1/v1', models: ['tiny'], ...more }]);

const openai = { KHIPU_SLM_PROVIDER: 'openai', KHIPU_SLM_MODEL: 'tiny' };

test.each([
  ['the base URL of its model server', { KHIPU_SLM_PROVIDER: 'openai' }, 'KHIPU_SLM_BASE_URL'],
  ['the model of that server', { KHIPU_SLM_PROVIDER: 'openai', KHIPU_SLM_BASE_URL: 'http://a/v1' }, 'KHIPU_SLM_MODEL'],
  [
    'the file of its model',
    { KHIPU_SLM_PROVIDER: 'local', KHIPU_SLM_MODEL_PATH: '/none.gguf' },
    'KHIPU_SLM_MODEL_PATH',
  ],
  ['a secret of a provider', { KHIPU_SLM_PROVIDERS: listOf({ secret: { environment: 'VLLM_KEY' } }) }, 'VLLM_KEY'],
  ['a valid list', { KHIPU_SLM_PROVIDERS: '[{}]' }, 'KHIPU_SLM_PROVIDERS: 0.kind'],
  ['one way to declare', { KHIPU_SLM_PROVIDERS: listOf({}), KHIPU_SLM_MODEL: 'x' }, 'KHIPU_SLM_MODEL'],
  ['a valid value', { KHIPU_SLM_TIMEOUT_MS: 'soon', KAFKA_BROKERS: '' }, 'KHIPU_SLM_TIMEOUT_MS'],
])('a start without %s names the variable before any part starts', async (_, env, variable) => {
  await expect(checkStart(env)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining(`${variable}: expected`),
  });
});

test('a start with a model server that does not answer names the server, and how to start without it', async () => {
  const refused = checkStart({ ...openai, KHIPU_SLM_BASE_URL: 'http://127.0.0.1:1/v1' });
  await expect(refused).rejects.toMatchObject({
    code: 'MODEL_SERVER_UNREACHABLE',
    message: expect.stringMatching(/^KHIPU_SLM_BASE_URL names http:\/\/127\.0\.0\.1:1\/v1: .+\n.*--provider local$/),
  });
});

test('a start with a model server that lists no models goes on, and so does one without a server', async () => {
  server.listModelsWith(501);
  await checkStart({ ...openai, KHIPU_SLM_BASE_URL: server.baseUrl });
  await checkStart({ KHIPU_SLM_PROVIDER: 'deterministic' });
});

test('a start with several providers goes on while each model has one that answers', async () => {
  const away = { name: 'away', kind: 'openai', base_url: 'http://127.0.0.1:1/v1' };
  const here = { name: 'here', kind: 'openai', base_url: server.baseUrl, models: ['tiny'] };
  await checkStart({ KHIPU_SLM_PROVIDERS: JSON.stringify([{ ...away, models: ['tiny'] }, here]) });
  const alone = checkStart({ KHIPU_SLM_PROVIDERS: JSON.stringify([{ ...away, models: ['tiny', 'large'] }, here]) });
  await expect(alone).rejects.toMatchObject({
    code: 'MODEL_SERVER_UNREACHABLE',
    message: expect.stringMatching(/^KHIPU_SLM_PROVIDERS: away names http:.+\n.*server of the model large/),
  });
});
