import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readTable } from '../../../infra/bin/setup/constitution.ts';
import { json, startTestEngine, type TestEngine } from '../../../infra/governance/policy-engine/testing.ts';
import type { PolicyDecided } from '../../../schemas/generated/records.ts';
import { topics } from '../../../schemas/topics.ts';
import { table } from '../../../streams/kernel.ts';
import { until } from '../../support/api-client.ts';
import { type Harness, startHarness } from './support/harness.ts';

let engine: TestEngine;
let platform: Harness;
beforeAll(async () => {
  engine = await startTestEngine();
  platform = await startHarness({
    ...{ KHIPU_POLICY_ENGINE_URL: engine.url, KHIPU_POLICY_ENGINE_TIMEOUT_MS: '800' },
    KHIPU_OUTCOME_WAIT_MS: '8000',
  });
});
afterAll(async () => {
  await platform.close();
  await engine.close();
});

/** The circuit counts the latest twenty requests: failures of one test must not open it in the next. */
beforeEach(async () => {
  engine.answer = json({ result: true });
  for (let n = 0; n < 5; n += 1) expect((await platform.api.start({ persona: 'guide' })).status).toBe(201);
  engine.asked.length = 0;
});

const decisionsTable = table({
  name: 'decisions',
  topic: topics.policyDecisions,
  initial: [] as readonly PolicyDecided[],
  evolve: (all, { data }) => [...all, data],
});
const decisions = () => readTable(platform.log, platform.decoder, decisionsTable);
const hello = { persona: 'guide', prompt: 'said in confidence' };

describe('an engine that must allow too', () => {
  test('is asked about commands that the constitution allows, with facts only', async () => {
    expect((await platform.api.start(hello)).status).toBe(201);
    expect(engine.asked).toMatchObject([
      { body: { input: { tenant: 'demo', action: 'StartSession', persona: 'guide', prompt_chars: 18 } } },
    ]);
    expect(JSON.stringify(engine.asked)).not.toContain('confidence');
  });

  test('is not asked about commands that the constitution denies', async () => {
    const refused = await platform.api.start({ persona: 'nobody' });
    expect(refused).toMatchObject({ status: 403, body: { decision: { reasons: ['PERSONA_UNKNOWN'] } } });
    expect(engine.asked).toEqual([]);
    const recorded = (await decisions()).find(
      ({ decision }) => decision.decisionId === refused.body.decision.decision_id,
    );
    expect(recorded?.engine).toMatchObject({ outcome: 'unasked' });
  });

  test('denies with its own reasons', async () => {
    engine.answer = json({ result: { allow: false, reasons: ['freeze'] } });
    const refused = await platform.api.start(hello);
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(refused).toMatchObject({
      status: 403,
      body: {
        code: 'POLICY_DENIED',
        detail: expect.stringContaining('[POLICY_ENGINE_DENIED, clause engine:freeze]'),
        decision: { reasons: ['POLICY_ENGINE_DENIED'], clauses: ['engine:freeze'] },
      },
    });
  });

  test('decides on a turn, and the stream reports it', async () => {
    const session = (await platform.api.start({ persona: 'guide' })).body;
    engine.answer = json({ result: false });
    const turn = await platform.api.turn(session, 'What is a khipu?');
    expect(turn.status).toBe(202);
    const events = await platform.api.stream(session, turn.body.turn_url);
    expect(events).toMatchObject([{ event: 'turn.refused', data: { code: 'POLICY_DENIED' } }]);
  });

  test('is asked about the turns of a session in their order', async () => {
    const session = (await platform.api.start({ persona: 'guide' })).body;
    const turns: string[] = [];
    for (const prompt of ['one', 'two', 'three']) turns.push((await platform.api.turn(session, prompt)).body.turn_id);
    const own = await until(
      async () => (await decisions()).filter(({ subjectId }) => subjectId === session.session_id),
      (all) => all.length === 4,
    );
    expect(own.map(({ command }) => 'turnId' in command.data && command.data.turnId)).toEqual([null, ...turns]);
  });
});

describe('an engine that gives no decision', () => {
  test.each<[string, (response: ServerResponse) => void]>([
    ['fails', json({}, 500)],
    ['is too slow', () => undefined],
    ['cuts the connection', (response) => response.destroy()],
  ])('because it %s refuses every command within the wait, and the same request works later', async (_, answer) => {
    engine.answer = answer;
    const idempotencyKey = crypto.randomUUID();
    const refused = await platform.api.start(hello, { idempotencyKey });
    expect(refused).toMatchObject({
      status: 503,
      body: { code: 'POLICY_ENGINE_UNAVAILABLE', decision: { reasons: ['POLICY_ENGINE_UNAVAILABLE'] } },
    });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(engine.asked).toHaveLength(3);
    engine.answer = json({ result: true });
    expect((await platform.api.start(hello, { idempotencyKey })).status).toBe(201);
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ['no JSON', (response) => response.end('<html>')],
    ['another shape', json({ result: { allowed: true } })],
  ])('because it returns %s refuses the command, and is not asked again', async (_, answer) => {
    engine.answer = answer;
    const refused = await platform.api.call('POST', '/v1/slm/infer_sync', { body: { prompt: 'hi' } });
    expect(refused).toMatchObject({ status: 502, body: { code: 'POLICY_ENGINE_INVALID' } });
    expect(engine.asked).toHaveLength(1);
  });
});

test('a kill switch that is engaged during the request to the engine refuses the command that the engine allows', async () => {
  const thinking = Promise.withResolvers<ServerResponse>();
  engine.answer = thinking.resolve;
  const started = platform.api.start({ persona: 'guide' });
  const response = await thinking.promise;
  const set = (action: 'engage' | 'release') =>
    platform.api.call('POST', '/v1/kill-switch', { body: { scope: 'global', action, reason: 'a test' } });
  expect((await set('engage')).status).toBe(200);
  json({ result: true })(response);
  const { status, body } = await started;
  expect([status, body.code]).toEqual([503, 'KILL_SWITCH']);
  const recorded = (await decisions()).find(({ decision }) => decision.decisionId === body.decision?.decision_id);
  expect(recorded).toMatchObject({ engine: { outcome: 'allow' }, decision: { outcome: 'deny' } });
  expect((await set('release')).status).toBe(200);
});
