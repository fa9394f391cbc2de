import { afterAll, beforeAll, expect, test } from 'vitest';
import { readWhole } from '../../../infra/kafka/contract/testing.ts';
import { topics } from '../../../schemas/topics.ts';
import { type Harness, startHarness } from './support/harness.ts';

let platform: Harness;
beforeAll(async () => {
  platform = await startHarness();
});
afterAll(() => platform.close());

const models = ['khipu-deterministic-1', 'small', 'large'];
const commands = async (): Promise<number> =>
  (await readWhole(platform.log, topics.sessionsCommands.name)).length +
  (await readWhole(platform.log, topics.inferenceCommands.name)).length;

test.each([
  ['/v1/sessions/start', { persona: 'guide', prompt: 'Hello.' }],
  ['/v1/slm/infer_sync', { prompt: 'Hello.' }],
  ['/v1/slm/embedding', { input: 'Hello.' }],
])('%s refuses a model that no provider declares at once, with the list, and appends nothing', async (url, body) => {
  const before = await commands();
  const refused = await platform.api.call('POST', url, { body: { ...body, model: 'gpt-4o' } });
  expect(refused).toMatchObject({
    status: 404,
    body: { code: 'MODEL_UNKNOWN', models, detail: expect.stringContaining(models.join(', ')) },
  });
  expect(await commands()).toBe(before);
  const answered = await platform.api.call('POST', url, { body: { ...body, model: 'large' } });
  expect(answered.status).toBeLessThan(300);
});

test('a model that no provider declares is refused by a kill switch first', async () => {
  const set = (action: string) =>
    platform.api.call('POST', '/v1/kill-switch', { body: { scope: 'model:gpt-4o', action, reason: 'a test' } });
  await set('engage');
  const { body } = await platform.api.start({ persona: 'guide', model: 'gpt-4o' });
  await set('release');
  expect(body.code).toBe('KILL_SWITCH');
});
