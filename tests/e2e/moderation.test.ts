import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../../infra/config.ts';
import { json, startTestEngine, type TestEngine } from '../../infra/governance/policy-engine/testing.ts';
import type { ModerationRule } from '../../schemas/contexts/constitution/document.ts';
import type { ApiClient } from '../support/api-client.ts';
import { khipu } from '../support/khipu.ts';
import { HIDDEN, moderatedConstitution, putInForce } from '../support/moderated.ts';
import { type OutsideService, signedTool, startOutsideService, weatherManifest } from '../support/outside-service.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { textOf } from '../support/turn-text.ts';
import { BUSY_MACHINE, clientOf, namesOf, runTurn } from './support/turn-fixture.ts';

const TIMEOUT_MS = 180_000;

/** Replaces the parts of answers that the classifier gives this score. */
const insults: ModerationRule = {
  ...{ id: 'insults', category: 'harassment', score_min: 0.7, code: 'MODERATION_INSULT' },
  ...{ severity: 'redact', applies_to: ['output'] },
};

/** The whole platform, as started by `npm start` with a classifier in its environment. */
let classifier: TestEngine;
let outside: OutsideService;
let platform: TestPlatform;
let api: ApiClient;
beforeAll(async () => {
  classifier = await startTestEngine();
  outside = await startOutsideService();
  classifier.answer = json({ model: 'test', results: [{ category_scores: { violence: 0.1 } }] });
  const env = {
    ...{ KHIPU_MODERATION_URL: classifier.url, KHIPU_MODERATION_TIMEOUT_MS: '5000' },
    ...{ KHIPU_EGRESS_PRIVATE_HOSTS: '127.0.0.1', KHIPU_CONSTITUTION_REVIEWS_REQUIRED: '0' },
    ...{ KHIPU_SLM_DETERMINISTIC_DELAY_MS: '30' },
  };
  platform = await startTestPlatform({
    env: { ...BUSY_MACHINE, ...env },
    without: ['job-runner'],
    apart: [],
  });
  api = clientOf(platform);
  await putInForce(api, loadConfig(platform.env), {
    ...moderatedConstitution,
    moderation: [...moderatedConstitution.moderation, insults],
  });
}, 900_000);
afterAll(async () => {
  await platform?.stop();
  await classifier.close();
  await outside.close();
});

const prompt = `Mountains, ${HIDDEN}, bridges. [[words:40]]`;

test('a stream is cut where a rule forbids what the model says', { timeout: TIMEOUT_MS }, async () => {
  const { events } = await runTurn(api, prompt);
  expect(namesOf(events).slice(0, 2)).toEqual(['turn.queued', 'turn.started']);
  expect(events.at(-1)).toMatchObject({
    event: 'turn.refused',
    data: {
      code: 'OUTPUT_REFUSED',
      refusal: { finding: { rule: 'unreleased-product' }, chars: textOf(events).length },
    },
  });
  expect(textOf(events)).toContain('mountains');
  expect(textOf(events)).not.toMatch(/chas/i);
});

test('a completion of the OpenAI API ends with content_filter', { timeout: TIMEOUT_MS }, async () => {
  const { body } = await api.call<{ choices: readonly { finish_reason: string; message: { content: string } }[] }>(
    'POST',
    '/v1/chat/completions',
    { body: { model: 'khipu-deterministic-1', messages: [{ role: 'user', content: prompt }] } },
  );
  expect(body.choices[0]?.finish_reason).toBe('content_filter');
  expect(body.choices[0]?.message.content).not.toMatch(/chas/i);
});

test('the output of a tool is withheld', { timeout: TIMEOUT_MS }, async () => {
  const manifest = weatherManifest(outside);
  const body = signedTool(manifest, `${platform.dir}/keys`);
  expect((await api.call('PUT', `/v1/tools/${manifest.name}`, { body })).status).toBe(201);
  const call = await api.call('POST', `/v1/tools/${manifest.name}/execute`, {
    ...{ body: { arguments: { city: HIDDEN } }, headers: { prefer: 'wait=30' } },
  });
  expect(call.body).toMatchObject({ status: 'succeeded', code: 'TOOL_OUTPUT_REFUSED', output: null });
});

test('answers are classified in a turn and outside of one, and say what was found', {
  timeout: TIMEOUT_MS,
}, async () => {
  classifier.answer = json({ model: 'test', results: [{ category_scores: { harassment: 0.9, violence: 0.1 } }] });
  const found = {
    ...{ redacted: 1, classifier: { outcome: 'answered', model: 'test' } },
    findings: [{ rule: 'insults', outcome: 'redact', score: 0.9, place: 'output' }],
  };
  const inferred = await api.call('POST', '/v1/slm/infer_sync', {
    ...{ body: { prompt: 'Llamas.', max_tokens: 8 }, headers: { prefer: 'wait=30' } },
  });
  expect(inferred).toMatchObject({ status: 200, body: { text: '[redacted]', moderation: found } });
  const { events } = await runTurn(api, 'Llamas. [[words:5]]');
  expect(textOf(events)).toBe('[redacted]');
  classifier.answer = json({ model: 'test', results: [{ category_scores: { violence: 0.1 } }] });
});

test('the classifier denies, and its answer is recorded: a replay is the same without it', {
  timeout: TIMEOUT_MS,
}, async () => {
  classifier.answer = json({ model: 'test', results: [{ category_scores: { violence: 0.95 } }] });
  const refused = await api.start({ persona: 'guide', prompt: 'A rough story.' });
  expect(refused).toMatchObject({ status: 403 });
  expect(refused.body.decision?.reasons).toContain('MODERATION_VIOLENCE');
  const before = classifier.asked.length;
  const { code, stdout } = await khipu(['policy', 'replay', '--json'], platform.env);
  expect([code, JSON.parse(stdout)]).toMatchObject([0, { different: 0 }]);
  expect(classifier.asked).toHaveLength(before);
});

test('the metrics of moderation appear where findings are made', { timeout: TIMEOUT_MS }, async () => {
  const pages = platform
    .processes()
    .flatMap(({ adminPort }) => (adminPort === undefined ? [] : [fetch(`http://127.0.0.1:${adminPort}/metrics`)]));
  const texts = await Promise.all(pages.map(async (page) => (await page).text()));
  const found = texts.flatMap((text) => text.split('\n').filter((line) => line.startsWith('khipu_moderation_total{')));
  for (const place of ['input', 'tool', 'output'])
    expect(found.some((line) => line.includes(`place="${place}"`))).toBe(true);
});
