import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { json, startTestEngine, type TestEngine } from '../../infra/governance/policy-engine/testing.ts';
import type { ApiClient } from '../support/api-client.ts';
import { khipu } from '../support/khipu.ts';
import { killProcess } from '../support/kill-process.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { BUSY_MACHINE, clientOf, namesOf, runTurn } from './support/turn-fixture.ts';

const ROLE = 'worker-policy-engine';

/** The whole platform, as started by `npm start` with a policy engine in its environment. */
let engine: TestEngine;
let platform: TestPlatform | undefined;
let api: ApiClient;
beforeAll(async () => {
  engine = await startTestEngine();
  const env = { KHIPU_POLICY_ENGINE_URL: engine.url, KHIPU_POLICY_ENGINE_TIMEOUT_MS: '5000' };
  platform = await startTestPlatform({ env: { ...BUSY_MACHINE, ...env }, apart: ['policy-engine'] });
  api = clientOf(platform);
});
afterAll(async () => {
  await platform?.stop();
  await engine.close();
});

const policy = async (...args: string[]) => {
  const { code, stdout } = await khipu(['policy', ...args, '--json'], platform?.env);
  return { code, report: JSON.parse(stdout) };
};

test('a turn allowed by the engine runs, and a start denied by it does not', async () => {
  expect(namesOf((await runTurn(api)).events).at(-1)).toBe('turn.completed');
  engine.answer = json({ result: { allow: false, reasons: ['freeze'] }, decision_id: 'of-the-engine' });
  const refused = await api.start({ persona: 'guide' });
  expect(refused).toMatchObject({ status: 403, body: { decision: { clauses: ['engine:freeze'] } } });
  const { report } = await policy('explain', refused.body.decision?.decision_id ?? '');
  expect(report.engine).toMatchObject({ outcome: 'deny', reasons: ['freeze'], engineDecisionId: 'of-the-engine' });
});

test('a question survives the process that asked it: it is asked again and decided once', async () => {
  const asked = Promise.withResolvers<ServerResponse>();
  engine.answer = asked.resolve;
  const started = api.start({ persona: 'guide' });
  await asked.promise;
  engine.answer = json({ result: true });
  if (platform !== undefined) await killProcess(platform, ROLE);
  expect((await started).status).toBe(201);
});

test('the decisions are the same when they are made again without an engine', async () => {
  const before = engine.asked.length;
  const { code, report } = await policy('replay');
  expect(code).toBe(0);
  expect(report).toMatchObject({ decisions: 3, equal: 3, different: 0 });
  expect(engine.asked).toHaveLength(before);
});
