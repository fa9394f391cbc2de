/** Answers under rules that ask the outside classifier, on all processors and the worker of the model. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultConstitution } from '../../../infra/governance/constitution/default.ts';
import { json, startTestEngine, type TestEngine } from '../../../infra/governance/policy-engine/testing.ts';
import { readWhole } from '../../../infra/kafka/contract/testing.ts';
import type { ConstitutionDocument } from '../../../schemas/contexts/constitution/document.ts';
import { topics } from '../../../schemas/topics.ts';
import { type StartedJson, until } from '../../support/api-client.ts';
import { putInForce } from '../../support/moderated.ts';
import type { SseEvent } from '../../support/sse-client.ts';
import { textOf } from '../../support/turn-text.ts';
import { openAiOf } from '../openai/support/client.ts';
import { type Harness, startHarness } from './support/harness.ts';

interface SessionJson {
  readonly turns: readonly { readonly text: string | null; readonly moderation: unknown }[];
}

interface RunJson {
  readonly run_id: string;
  readonly status: string;
  readonly steps_taken: readonly { readonly text: string | null; readonly moderation: unknown }[];
}

const rule = (id: string, severity: 'forbid' | 'redact' | 'caution') =>
  ({ id, category: id, code: `MODERATION_${id.toUpperCase()}`, severity, applies_to: ['output'] }) as const;
const document: ConstitutionDocument = {
  ...defaultConstitution,
  version: 'classified-answers',
  moderation: [
    ...defaultConstitution.moderation,
    ...[rule('violence', 'forbid'), rule('insult', 'redact'), rule('sarcasm', 'caution')],
  ],
};

let classifier: TestEngine;
let platform: Harness;
beforeAll(async () => {
  classifier = await startTestEngine();
  platform = await startHarness({
    ...{ KHIPU_CONSTITUTION_REVIEWS_REQUIRED: '0', KHIPU_OUTCOME_WAIT_MS: '15000' },
    KHIPU_MODERATION_URL: classifier.url,
  });
  scores({});
  await putInForce(platform.api, platform.config, document);
}, 120_000);
afterAll(async () => {
  await platform.close();
  await classifier.close();
});

const scores = (of: Readonly<Record<string, number>>): void => {
  classifier.asked.length = 0;
  classifier.answer = json({
    ...{ model: 'test-moderation' },
    results: [{ category_scores: { violence: 0, insult: 0, sarcasm: 0, ...of } }],
  });
};
const prompt = 'Describe mountains. [[words:20]]';
async function asked(): Promise<{
  readonly session: StartedJson;
  readonly events: readonly SseEvent[];
}> {
  const { body: session } = await platform.api.start({ persona: 'guide', prompt });
  return { session, events: await platform.api.stream(session, session.turn_url) };
}
const shownTurn = async ({ session_id }: StartedJson) => {
  const { body } = await until(
    () => platform.api.call<SessionJson>('GET', `/v1/sessions/${session_id}`),
    (answer) => (answer.body.turns?.[0]?.text ?? null) !== null,
  );
  return body.turns[0];
};

describe('an answer that the classifier scores', () => {
  test('below every rule is shown as it is, and the turn says what was asked; commands are not asked about', async () => {
    scores({ sarcasm: 0.1 });
    const { session, events } = await asked();
    expect(textOf(events)).toContain('mountains');
    expect(await shownTurn(session)).toMatchObject({
      text: textOf(events),
      moderation: {
        ...{ constitution_version: 'classified-answers', findings: [], redacted: 0 },
        classifier: { outcome: 'answered', model: 'test-moderation' },
      },
    });
    // The answer is one part: no command was asked about.
    expect(classifier.asked.map(({ body }) => body)).toEqual([{ input: [textOf(events)] }]);
  });

  test('as flagged is shown, and the turn has the finding', async () => {
    scores({ sarcasm: 0.9 });
    const { session, events } = await asked();
    expect(textOf(events)).toContain('mountains');
    expect(await shownTurn(session)).toMatchObject({
      moderation: { findings: [{ rule: 'sarcasm', category: 'MODERATION_SARCASM', outcome: 'caution', score: 0.9 }] },
    });
  });

  test('as one to redact has a mark in its place, on the stream, on the turn and in the OpenAI API', async () => {
    scores({ insult: 0.9 });
    const { session, events } = await asked();
    expect(textOf(events)).toBe('[redacted]');
    expect(await shownTurn(session)).toMatchObject({
      ...{ text: '[redacted]' },
      moderation: { redacted: 1, findings: [{ rule: 'insult', outcome: 'redact' }] },
    });
    const { choices } = await openAiOf(platform, platform.api).chat.completions.create({
      ...{ model: 'khipu-deterministic-1', messages: [{ role: 'user', content: prompt }] },
    });
    expect(choices[0]?.message.content).toBe('[redacted]');
  });

  test('outside of a turn is classified as well, and says what was found: of inference, and of a step of an agent', async () => {
    scores({ insult: 0.9, sarcasm: 0.8 });
    const found = {
      ...{ constitution_version: 'classified-answers', redacted: 1, classifier: { outcome: 'answered' } },
      findings: [
        { rule: 'insult', outcome: 'redact', score: 0.9 },
        { rule: 'sarcasm', outcome: 'caution', score: 0.8 },
      ],
    };
    const inferred = await platform.api.call('POST', '/v1/slm/infer_sync', { body: { prompt, max_tokens: 64 } });
    expect(inferred).toMatchObject({ status: 200, body: { text: '[redacted]', moderation: found } });
    const { body: run } = await platform.api.call<RunJson>('POST', '/v1/agents/runs', { body: { prompt, tools: [] } });
    const { body } = await until(
      () => platform.api.call<RunJson>('GET', `/v1/agents/runs/${run.run_id}`),
      (answer) => answer.body.status === 'completed',
    );
    expect(body.steps_taken).toMatchObject([{ text: '[redacted]', moderation: found }]);
    scores({ violence: 0.9 });
    const refused = await platform.api.call('POST', '/v1/slm/infer_sync', { body: { prompt } });
    expect(refused.body).toMatchObject({ code: 'OUTPUT_REFUSED' });
  });

  test('as forbidden is refused, and nothing of it is in the log', async () => {
    scores({ violence: 0.9 });
    const { session, events } = await asked();
    expect([textOf(events), events.at(-1)]).toMatchObject([
      '',
      {
        event: 'turn.refused',
        data: { code: 'OUTPUT_REFUSED', refusal: { chars: 0, finding: { rule: 'violence', outcome: 'forbid' } } },
      },
    ]);
    const written = await readWhole(platform.log, topics.slmResponses.name);
    const ends = written.map((stored) => platform.decoder.decodeSync(stored).record);
    expect(ends.filter(({ data }) => 'requestId' in data && data.requestId === session.turn_id)).toMatchObject([
      { type: 'SlmFailed', data: { code: 'OUTPUT_REFUSED' } },
    ]);
  });

  test('not at all is not shown', async () => {
    classifier.answer = json({}, 401);
    const { events } = await asked();
    expect([textOf(events), events.at(-1)]).toMatchObject([
      '',
      { event: 'turn.failed', data: { code: 'MODERATION_UNAVAILABLE' } },
    ]);
  });
});
