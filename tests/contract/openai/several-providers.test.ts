import type OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { readWhole } from '../../../infra/kafka/contract/testing.ts';
import { type OpenAiTestServer, startOpenAiTestServer } from '../../../infra/models/testing/openai-server.ts';
import { costOf } from '../../../schemas/amount.ts';
import type { SlmMetered } from '../../../schemas/generated/records.ts';
import { topics } from '../../../schemas/topics.ts';
import { until } from '../../support/api-client.ts';
import { type Harness, startHarness } from '../http/support/harness.ts';
import { openAiOf } from './support/client.ts';

let cheap: OpenAiTestServer;
let dear: OpenAiTestServer;
let platform: Harness;
let client: OpenAI;
beforeAll(async () => {
  process.env['TEST_MODEL_KEY'] = 'of-a-test';
  [cheap, dear] = [await startOpenAiTestServer(), await startOpenAiTestServer()];
  const shared = { kind: 'openai', secret: { environment: 'TEST_MODEL_KEY' } };
  platform = await startHarness({
    KHIPU_SLM_PROVIDERS: JSON.stringify([
      { ...shared, name: 'cheap', base_url: cheap.baseUrl, models: ['small'], price_per_million_tokens: '0.100' },
      {
        ...{ ...shared, name: 'dear', base_url: dear.baseUrl, price_per_million_tokens: '2.000' },
        models: ['large', { name: 'small', upstream: 'org/small' }],
      },
    ]),
  });
  client = openAiOf(platform, platform.api);
});
afterAll(async () => {
  await platform.close();
  await Promise.all([cheap.close(), dear.close()]);
});
beforeEach(() => {
  for (const server of [cheap, dear]) server.script();
});

const asking = (model: string) => ({ model, messages: [{ role: 'user' as const, content: 'Of knots and cords.' }] });

/** Returns the use that was metered for a model, by the name that its provider reports. */
const usesOf = async (model: string): Promise<readonly SlmMetered[]> => {
  const stored = await readWhole(platform.log, topics.slmMetrics.name);
  return stored.flatMap((each) => {
    const { record } = platform.decoder.decodeSync(each);
    return record.type === 'SlmMetered' && record.data.modelId === model ? [record.data] : [];
  });
};

test('the models of all providers are listed, each once with its first provider', async () => {
  expect((await client.models.list()).data.map(({ id, owned_by: owner }) => [id, owner])).toEqual([
    ['small', 'cheap'],
    ['large', 'dear'],
  ]);
});

test('a completion is answered by the provider of its model, and metered with its name and price', async () => {
  await client.chat.completions.create(asking('large'));
  expect([cheap.requests.length, dear.requests[0]?.body.model]).toEqual([0, 'large']);
  expect(dear.requests[0]?.authorization).toBe('Bearer of-a-test');
  const [use] = await usesOf('large');
  const { prompt = 0, completion = 0 } = use?.tokensConsumed ?? {};
  expect(use).toMatchObject({ provider: 'dear', cost: costOf(prompt + completion, '2.000') });
  const { model } = await client.chat.completions.create(asking('default'));
  expect([model, cheap.requests.length]).toEqual(['small', 1]);
});

test('a model whose first provider fails is answered by its next one, and the client sees one answer', async () => {
  cheap.script({ status: 429, headers: { 'retry-after': '60' } });
  const { model, choices } = await client.chat.completions.create(asking('small'));
  expect([model, choices[0]?.finish_reason]).toEqual(['small', 'stop']);
  const [use] = await usesOf('org/small');
  expect(use?.provider).toBe('dear');
});

test('embeddings are computed by the requested model, which a kill switch on it stops, and one on the default not', async () => {
  const embed = (model: string) => client.embeddings.create({ model, input: 'a cord' }, { maxRetries: 0 });
  await embed('large');
  expect([cheap.requests.length, dear.requests.map(({ path, body }) => [path, body.model])]).toEqual([
    ...[0, [['/v1/embeddings', 'large']]],
  ]);
  const set = (scope: string, action: string) =>
    platform.api.call('POST', '/v1/kill-switch', { body: { scope, action, reason: 'a test' } });
  await set('model:small', 'engage');
  await until(
    () =>
      embed('default').then(
        () => 'embedded',
        ({ code }) => code,
      ),
    (answer) => answer === 'KILL_SWITCH',
  );
  await embed('large');
  await set('model:large', 'engage');
  await until(
    () =>
      embed('large').then(
        () => 'embedded',
        ({ code }) => code,
      ),
    (answer) => answer === 'KILL_SWITCH',
  );
  expect(cheap.requests.length).toBeLessThanOrEqual(1);
  for (const scope of ['model:small', 'model:large']) await set(scope, 'release');
});
