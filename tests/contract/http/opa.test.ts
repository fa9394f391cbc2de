import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { verifyingEngine } from '../../../infra/bin/policy/engines.ts';
import { explainDecision } from '../../../infra/bin/policy/explain.ts';
import { replayDecisions } from '../../../infra/bin/policy/replay.ts';
import { readTable } from '../../../infra/bin/setup/constitution.ts';
import { topics } from '../../../schemas/topics.ts';
import { table } from '../../../streams/kernel.ts';
import { projectRoot } from '../../checks/files.ts';
import { until } from '../../support/api-client.ts';
import { findOpa, NO_OPA, type OpaServer, serveOpa } from '../../support/opa.ts';
import { type Harness, startHarness } from './support/harness.ts';

/** Uses a real OPA and the policy of the how-to. */
const rego = join(projectRoot, 'docs/examples/policy-engine.rego');
/** OPA is built when it is missing, which takes minutes. */
const BUILD_MS_MAX = 900_000;

let opa: OpaServer | undefined;
let platform: Harness;
let binary: string | null;
beforeAll(async () => {
  binary = await findOpa();
  if (binary === null) return;
  // Its decision log gives each decision an id.
  opa = await serveOpa(binary, rego, { args: ['--set=decision_logs.console=true'] });
  platform = await startHarness({ KHIPU_POLICY_ENGINE_URL: `${opa.url}/v1/data/khipu/decision` });
}, BUILD_MS_MAX);
afterAll(async () => {
  await platform?.close();
  await opa?.stop();
});
beforeEach(({ skip }) => skip(binary === null, NO_OPA));

const auditTable = table({
  name: 'audit',
  topic: topics.auditEvents,
  initial: [] as readonly string[],
  evolve: (all, { data: { subjectId, summary } }) => [...all, `${subjectId} ${summary}`],
});
/** Resolves with the audit lines of a session, once there are `count`. */
const auditOf = (sessionId: string, count: number) =>
  until(
    async () => {
      const lines = await readTable(platform.log, platform.decoder, auditTable);
      return lines.filter((line) => line.startsWith(sessionId)).map((line) => line.slice(sessionId.length + 1));
    },
    (lines) => lines.length >= count,
  );
const engine = () => verifyingEngine(platform.config);

test('a start runs when OPA and the constitution allow it', async () => {
  const started = await platform.api.start({ persona: 'guide', prompt: 'What is a khipu?' });
  expect(started).toMatchObject({ status: 201, body: { decision: { outcome: 'allow', reasons: ['PERMITTED'] } } });
  const events = await platform.api.stream(started.body, started.body.turn_url);
  expect(events.at(-1)?.event).toBe('turn.completed');
});

test('a start that OPA denies is refused with the reason of its policy, and audited', async () => {
  const refused = await platform.acme.start({ persona: 'teacher' });
  expect(refused).toMatchObject({
    status: 403,
    body: {
      code: 'POLICY_DENIED',
      detail: expect.stringContaining('engine:persona-not-for-this-tenant'),
      decision: { reasons: ['POLICY_ENGINE_DENIED'], clauses: ['engine:persona-not-for-this-tenant'] },
    },
  });
  const [first, second] = await auditOf(refused.body.session_id, 3);
  expect([first, second].sort()).toEqual([
    expect.stringMatching(/^StartSession by api_key:\S+: deny \(POLICY_ENGINE_DENIED; score/),
    'external engine on StartSession: deny, persona-not-for-this-tenant',
  ]);
  const { log, decoder } = platform;
  const { decided } = await explainDecision(log, decoder, engine(), refused.body.decision.decision_id);
  expect(decided.engine).toMatchObject({
    outcome: 'deny',
    reasons: ['persona-not-for-this-tenant'],
    engineDecisionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
});

test('a rule on the length of a prompt does not need its text', async () => {
  const prompt = 'knots and cords '.repeat(200);
  const refused = await platform.api.call('POST', '/v1/slm/infer_sync', { body: { prompt } });
  expect(refused.body).toMatchObject({ decision: { clauses: ['engine:too-long-for-a-program'] } });
  expect((await platform.api.call('POST', '/v1/slm/infer_sync', { body: { prompt: 'knots' } })).status).toBe(200);
});

test('every recomputed decision is equal byte for byte, without OPA', async () => {
  const { log, decoder } = platform;
  const report = await replayDecisions(log, decoder, engine(), { limit: 1_000, onProgress: () => undefined });
  expect(report).toMatchObject({ decisions: 4, equal: 4, different: 0 });
});

test('every start is refused while OPA is unavailable, and allowed afterwards', async () => {
  const { port } = new URL(opa?.url ?? '');
  await opa?.stop();
  const refused = await platform.api.start({ persona: 'guide' });
  expect(refused).toMatchObject({ status: 503, body: { code: 'POLICY_ENGINE_UNAVAILABLE' } });
  opa = await serveOpa(binary ?? '', rego, { port: Number(port) });
  expect((await platform.api.start({ persona: 'guide' })).status).toBe(201);
});
