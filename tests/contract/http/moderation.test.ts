import type OpenAI from 'openai';
import type { ResponseStreamEvent } from 'openai/resources/responses/responses';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { verifyingEngine } from '../../../infra/bin/policy/engines.ts';
import { replayDecisions } from '../../../infra/bin/policy/replay.ts';
import { json, startTestEngine, type TestEngine } from '../../../infra/governance/policy-engine/testing.ts';
import { readWhole } from '../../../infra/kafka/contract/testing.ts';
import type { RecordName, Records } from '../../../schemas/generated/records.ts';
import { topicOf, topics } from '../../../schemas/topics.ts';
import { HIDDEN, moderatedConstitution, putInForce } from '../../support/moderated.ts';
import {
  type OutsideService,
  signedTool,
  startOutsideService,
  weatherManifest,
} from '../../support/outside-service.ts';
import { textOf } from '../../support/turn-text.ts';
import { openAiOf } from '../openai/support/client.ts';
import { type Harness, startHarness } from './support/harness.ts';

let classifier: TestEngine;
let outside: OutsideService;
let platform: Harness;
let openai: OpenAI;
beforeAll(async () => {
  classifier = await startTestEngine();
  outside = await startOutsideService();
  platform = await startHarness({
    ...{ KHIPU_CONSTITUTION_REVIEWS_REQUIRED: '0', KHIPU_EGRESS_PRIVATE_HOSTS: '127.0.0.1' },
    ...{ KHIPU_MODERATION_URL: classifier.url, KHIPU_OUTCOME_WAIT_MS: '15000' },
    // Slow enough that a reader sees the text as it flows.
    KHIPU_SLM_DETERMINISTIC_DELAY_MS: '20',
  });
  openai = openAiOf(platform, platform.api);
  scores(0);
  await putInForce(platform.api, platform.config, moderatedConstitution);
});
afterAll(async () => {
  await platform.close();
  await classifier.close();
  await outside.close();
});
beforeEach(() => {
  scores(0);
  classifier.asked.length = 0;
});

const scores = (violence: number): void => {
  classifier.answer = json({ model: 'test-moderation', results: [{ category_scores: { violence } }] });
};
const model = 'khipu-deterministic-1';
const asking = (content: string) => ({ model, messages: [{ role: 'user' as const, content }] });
/** The answer repeats these words, in this order. */
const prompt = `Mountains, ${HIDDEN}, bridges. [[words:40]]`;

async function written<N extends RecordName>(name: N): Promise<readonly Records[N][]> {
  const stored = await readWhole(platform.log, topicOf(name).name);
  return stored.flatMap((each) => {
    const { record } = platform.decoder.decodeSync(each);
    return record.type === name ? [record.data as Records[N]] : [];
  });
}

async function eventsOf(stream: AsyncIterable<ResponseStreamEvent>): Promise<readonly ResponseStreamEvent[]> {
  const events: ResponseStreamEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

/** Topics that never carry the hidden word of an answer, though its prompt has it. */
const shownTopics = [topics.conversationDeltas, topics.slmResponses, topics.slmMetrics].map(({ name }) => name);

describe('an answer of a model', () => {
  test('is cut where a rule forbids it: the stream ends with turn.refused, and nothing beyond the cut is anywhere', async () => {
    const { body: session } = await platform.api.start({ persona: 'guide', prompt });
    const events = await platform.api.stream(session, session.turn_url);
    expect(events.at(-1)).toMatchObject({
      event: 'turn.refused',
      data: {
        code: 'OUTPUT_REFUSED',
        refusal: {
          constitution_version: 'moderated',
          finding: {
            rule: 'unreleased-product',
            category: 'MODERATION_UNRELEASED',
            outcome: 'forbid',
            place: 'output',
          },
          chars: textOf(events).length,
        },
      },
    });
    expect(textOf(events)).toContain('mountains');
    expect(textOf(events).toLowerCase()).not.toContain('chas');
    for (const name of shownTopics)
      for (const stored of await readWhole(platform.log, name))
        expect(JSON.stringify(platform.decoder.decodeSync(stored).record)).not.toMatch(/chaskinet/i);
    const metered = (await written('SlmMetered')).find(({ turnId }) => turnId === session.turn_id);
    expect(metered?.outcome).toBe('failed');
    expect(metered?.tokensConsumed.completion).toBeGreaterThan(0);
  });

  test('that was cut is not in the history that the next turn of its session sees', async () => {
    const { body: session } = await platform.api.start({ persona: 'guide', prompt });
    await platform.api.stream(session, session.turn_url);
    const { body: next } = await platform.api.turn(session, 'And now about bread.');
    await platform.api.stream(session, next.turn_url);
    const request = (await written('SlmRequested')).find(({ turnId }) => turnId === next.turn_id);
    expect(request?.messages.map(({ role }) => role)).toEqual(['system', 'user']);
  });

  test('is shown again the same from the read of a later moment', async () => {
    const { body: session } = await platform.api.start({ persona: 'guide', prompt });
    const live = await platform.api.stream(session, session.turn_url);
    const again = await platform.api.stream(session, session.turn_url);
    expect(again.at(-1)).toEqual(live.at(-1));
  });

  test('ends a completion of the OpenAI API with content_filter, whole and streamed, by the rules of chunks', async () => {
    const whole = await openai.chat.completions.create(asking(prompt));
    expect(whole.choices[0]).toMatchObject({
      ...{ finish_reason: 'content_filter' },
      message: {
        content: expect.stringContaining('mountains'),
        refusal: expect.stringContaining('unreleased-product'),
      },
    });
    expect(whole.choices[0]?.message.content).not.toMatch(/chas/i);
    expect(whole.usage?.completion_tokens).toBeGreaterThan(0);
    const { body } = await platform.api.call('POST', '/v1/chat/completions', {
      body: { ...asking(prompt), stream: true, stream_options: { include_usage: true } },
    });
    const frames = String(body)
      .trimEnd()
      .split('\n\n')
      .map((frame) => frame.slice('data: '.length));
    expect(frames.pop()).toBe('[DONE]');
    const chunks = frames.map((frame) => JSON.parse(frame) as OpenAI.ChatCompletionChunk);
    expect(chunks.flatMap(({ choices }) => choices.map(({ finish_reason: reason }) => reason)).at(-1)).toBe(
      'content_filter',
    );
    const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
    expect(text).toMatch(/mountains/);
    expect(text).not.toMatch(/chas/i);
    expect(chunks.at(-1)?.usage?.completion_tokens).toBeGreaterThan(0);
  });

  test('makes a response of the OpenAI API incomplete, whole, streamed and when it is read later', async () => {
    const cut = { status: 'incomplete', incomplete_details: { reason: 'content_filter' }, error: null };
    const whole = await openai.responses.create({ model, input: prompt });
    expect(whole).toMatchObject({ ...cut, output_text: expect.stringContaining('mountains') });
    expect(whole.output_text).not.toMatch(/chas/i);
    expect(whole.usage?.output_tokens).toBeGreaterThan(0);
    const again = await openai.responses.retrieve(whole.id);
    expect(again).toMatchObject({ ...cut, output: [], usage: whole.usage });
    const events = await eventsOf(await openai.responses.create({ model, input: prompt, stream: true }));
    expect(events.at(-1)).toMatchObject({ type: 'response.incomplete', response: cut });
    const numbers = events.map(({ sequence_number: number }) => number);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    const text = events.map((event) => (event.type === 'response.output_text.delta' ? event.delta : '')).join('');
    expect(text).toMatch(/mountains/);
    expect(JSON.stringify(events.slice(2, -1))).not.toMatch(/chas/i);
    const from = numbers.at(-2) ?? 0;
    const rest = { stream: true, starting_after: from } as const;
    const id = events[0]?.type === 'response.created' ? events[0].response.id : '';
    const ends = await eventsOf(await openai.responses.retrieve(id, rest));
    expect(ends).toMatchObject([{ type: 'response.incomplete', sequence_number: numbers.at(-1) }]);
  });

  test('of a single inference is a problem with a code', async () => {
    const { status, body } = await platform.api.call('POST', '/v1/slm/infer_sync', { body: { prompt } });
    expect([status, body['code']]).toEqual([422, 'OUTPUT_REFUSED']);
    expect(JSON.stringify(body)).not.toMatch(/chaskinet/i);
  });
});

describe('the output of a tool', () => {
  const call = (city: string) =>
    platform.api.call<Record<string, unknown>>('POST', '/v1/tools/weather/execute', { body: { arguments: { city } } });
  beforeAll(async () => {
    const manifest = weatherManifest(outside);
    const body = signedTool(manifest, platform.config.keysDir);
    expect((await platform.api.call('PUT', `/v1/tools/${manifest.name}`, { body })).status).toBe(201);
  });

  test('is withheld by a rule, with the code, and is in no event that others read', async () => {
    const { body } = await call(HIDDEN);
    expect(body).toMatchObject({ status: 'succeeded', code: 'TOOL_OUTPUT_REFUSED', output: null });
    const completed = (await written('ToolCallCompleted')).find(({ callId }) => callId === body['call_id']);
    expect(completed).toMatchObject({
      output: null,
      refusal: { finding: { rule: 'unreleased-product', place: 'tool' } },
    });
  });

  test('has the labels of what it contains', async () => {
    const { body } = await call('ana@example.org');
    const completed = (await written('ToolCallCompleted')).find(({ callId }) => callId === body['call_id']);
    expect(body).toMatchObject({ status: 'succeeded', output: { city: 'ana@example.org' } });
    expect(completed?.labels).toEqual(['personal_data']);
  });
});

describe('the outside classifier', () => {
  test('is asked about texts; its score denies, and the decision has it', async () => {
    scores(0.93);
    const refused = await platform.api.start({ persona: 'guide', prompt: 'A rough story.' });
    expect(refused).toMatchObject({
      status: 403,
      body: { decision: { reasons: expect.arrayContaining(['MODERATION_VIOLENCE']) } },
    });
    expect(classifier.asked).toMatchObject([{ body: { input: ['A rough story.'] } }]);
    const { decision_id: id } = refused.body.decision ?? {};
    const recorded = (await written('PolicyDecided')).find(({ decision }) => decision.decisionId === id);
    expect(recorded?.classifier).toMatchObject({
      outcome: 'answered',
      model: 'test-moderation',
      scores: [{ score: 0.93 }],
    });
  });

  test('without which a command is refused with 503', async () => {
    classifier.answer = json({}, 401);
    expect(await platform.api.start({ persona: 'guide', prompt: 'A story.' })).toMatchObject({
      ...{ status: 503, body: { code: 'MODERATION_UNAVAILABLE' } },
    });
  });

  test('gives its scores to a moderation request, beside those of detectors', async () => {
    scores(0.9);
    const { results } = await openai.moderations.create({ input: 'Write to ana@example.org.' });
    expect(results[0]).toMatchObject({
      flagged: true,
      categories: { violence: true, 'email-address': false },
      category_scores: { violence: 0.9, 'email-address': 1, 'weapons-mass': 0 },
    });
  });
});

test('every decision is the same when it is made again, without the classifier', async () => {
  const before = classifier.asked.length;
  const report = await replayDecisions(platform.log, platform.decoder, verifyingEngine(platform.config), {
    ...{ limit: Number.POSITIVE_INFINITY, onProgress: () => undefined },
  });
  expect(report).toMatchObject({ different: 0 });
  expect(report.equal).toBeGreaterThan(10);
  expect(classifier.asked).toHaveLength(before);
});
