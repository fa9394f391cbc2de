import type OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, startHarness } from '../http/support/harness.ts';
import { openAiOf } from './support/client.ts';

let platform: Harness;
let client: OpenAI;
beforeAll(async () => {
  platform = await startHarness();
  client = openAiOf(platform, platform.api);
});
afterAll(() => platform.close());

const model = 'khipu-deterministic-1';

test('models are listed with their provider, and found by name', async () => {
  const listed = await client.models.list();
  expect(listed.data.map(({ id, owned_by: owner }) => [id, owner])).toEqual(
    [model, 'small', 'large'].map((name) => [name, 'deterministic']),
  );
  expect(await client.models.retrieve('small')).toEqual(listed.data[1]);
  expect(await client.models.retrieve('default')).toEqual(listed.data[0]);
  await expect(client.models.retrieve('gpt-4o')).rejects.toMatchObject({ status: 404, code: 'MODEL_UNKNOWN' });
});

test('a tenant sees the models that its settings allow', async () => {
  await platform.api.call('POST', '/v1/tenants', {
    body: { tenant_id: 'few', name: 'Few', settings: { models: ['small'] } },
  });
  const few = await platform.clientWith('few', ['slm:*']);
  const theirs = openAiOf(platform, few);
  expect((await theirs.models.list()).data.map(({ id }) => id)).toEqual(['small']);
  await expect(theirs.models.retrieve('large')).rejects.toMatchObject({ status: 404 });
});

test('embeddings are the same in both encodings, one a text', async () => {
  const input = ['a cord', 'a ledger'];
  // The client asks for base64 unless told otherwise.
  const decoded = await client.embeddings.create({ model, input });
  const plain = await client.embeddings.create({ model, input, encoding_format: 'float' });
  expect(decoded.data.map(({ index }) => index)).toEqual([0, 1]);
  expect(plain.usage.prompt_tokens).toBeGreaterThan(0);
  for (const [at, { embedding }] of plain.data.entries())
    expect(decoded.data[at]?.embedding.map((value) => value.toFixed(5))).toEqual(
      embedding.map((value) => Math.fround(value).toFixed(5)),
    );
});

test('an embedding is governed, and refused with the parameter that is not valid', async () => {
  await expect(client.embeddings.create({ model, input: 'x', dimensions: 8 })).rejects.toMatchObject({
    ...{ status: 400, param: 'dimensions' },
  });
  const theirs = openAiOf(platform, platform.acme);
  await expect(theirs.embeddings.create({ model, input: 'x' })).rejects.toMatchObject({
    ...{ status: 403, type: 'policy_denied' },
  });
});

test('an embedding that is larger than a budget is refused with what the budget has', async () => {
  await platform.api.call('POST', '/v1/tenants', {
    body: { tenant_id: 'poor', name: 'Poor', settings: { budgets: [{ window: 'total', tokens_max: 1 }] } },
  });
  const poor = await platform.clientWith('poor', ['slm:*']);
  const { status, body, headers } = await poor.call('POST', '/v1/embeddings', {
    body: { model, input: 'a cord of many knots' },
  });
  expect([status, headers.get('retry-after')]).toEqual([422, null]);
  expect(body['error']).toMatchObject({
    ...{ type: 'insufficient_quota', code: 'BUDGET_TOO_SMALL' },
    ...{ window: 'total', left: { tokens: 1 }, resets_at: null },
  });
});
