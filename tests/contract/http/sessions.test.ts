import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Harness, startHarness } from './support/harness.ts';

let platform: Harness;
beforeAll(async () => {
  platform = await startHarness();
});
afterAll(() => platform.close());

const hello = { persona: 'guide', prompt: 'What is a khipu?' };

test('a session is started under a decision, with a token of its own', async () => {
  const { status, body, headers } = await platform.api.start(hello);
  expect(body).toMatchObject({ token_type: 'Bearer', decision: { outcome: 'allow' } });
  expect(status).toBe(201);
  expect(headers.get('location')).toBe(`/v1/sessions/${body.session_id}`);
  expect(headers.get('khipu-position')).not.toBeNull();
});
