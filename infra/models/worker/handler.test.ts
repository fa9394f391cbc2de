import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { costOf } from '../../../schemas/amount.ts';
import { textMessage } from '../../../schemas/contexts/slm/messages.ts';
import { slmEmbeddingRequested } from '../../../schemas/generated/records.ts';
import type { AnyRecord } from '../../../streams/kernel.ts';
import { noSwitches } from '../../runner/testing/switches.ts';
import { type SlmProvider, SlmProviderError } from '../provider.ts';
import { createSlmHandler } from './handler.ts';
import { deterministic, requested, runOf, servedBy, timed } from './testing.ts';

const embedding = slmEmbeddingRequested({
  subjectId: 'request-1',
  origin: 'inference',
  requestId: 'request-1',
  sessionId: null,
  turnId: null,
  principal: 'key-1',
  model: null,
  input: ['knot', 'cord'],
  decisionId: 'decision-1',
  lane: 'interactive',
});

const options = { ...timed, switches: noSwitches };
const handler = createSlmHandler(servedBy(), options);
const failingWith = (error: unknown): SlmProvider => ({
  ...deterministic,
  async *complete() {
    yield { kind: 'delta', text: 'half an ' };
    throw error;
  },
  embed: () => Promise.reject(error),
});
const typesOf = (records: readonly AnyRecord[]): string[] => [...new Set(records.map(({ type }) => type))];
const ofType = <T extends AnyRecord['type']>(records: readonly AnyRecord[], type: T) =>
  records.filter((record): record is Extract<AnyRecord, { type: T }> => record.type === type);

describe('a request', () => {
  it('is answered in pieces, completed, and metered once', async () => {
    const request = requested();
    const { context, emitted } = runOf(request, 2);
    await handler.handle(request, context);
    expect(typesOf(emitted)).toEqual(['TurnDelta', 'SlmCompleted', 'SlmMetered']);
    const deltas = ofType(emitted, 'TurnDelta').map(({ data }) => data);
    let length = 0;
    for (const delta of deltas) {
      const turn = { sessionId: 'session-1', turnId: 'turn-1', turnSequence: 3 };
      expect(delta).toEqual({ ...turn, attempt: 2, start: length, text: delta.text });
      length += delta.text.length;
    }
    const [completed] = ofType(emitted, 'SlmCompleted');
    expect(completed?.data.text).toBe(deltas.map(({ text }) => text).join(''));
    expect(completed?.data.text.split(' ')).toHaveLength(5);
    const { tokensConsumed } = completed?.data ?? { tokensConsumed: { prompt: 0, completion: 0 } };
    const [metered, ...more] = ofType(emitted, 'SlmMetered');
    expect(more).toEqual([]);
    expect(metered?.data).toMatchObject({
      subjectId: 'session-1',
      requestId: 'turn-1',
      tenantId: 'acme',
      sessionId: 'session-1',
      turnId: 'turn-1',
      provider: 'deterministic',
      modelId: 'khipu-deterministic-1',
      outcome: 'completed',
      tokensConsumed,
      cost: costOf(tokensConsumed.prompt + tokensConsumed.completion, '0.200'),
      currency: 'USD',
    });
    expect(metered?.data.timeToFirstTokenMs).not.toBeNull();
    const text = completed?.data.text ?? '';
    const textSha256 = createHash('sha256').update(text).digest('hex');
    expect(metered?.data.deltas).toEqual({ count: deltas.length, chars: text.length, textSha256 });
  });

  it('for embeddings is answered and metered, without a session', async () => {
    const { context, emitted } = runOf(embedding);
    await handler.handle(embedding, context);
    expect(typesOf(emitted)).toEqual(['SlmEmbedded', 'SlmMetered']);
    expect(ofType(emitted, 'SlmEmbedded')[0]?.data.vectors).toHaveLength(2);
    expect(ofType(emitted, 'SlmMetered')[0]?.data).toMatchObject({
      sessionId: null,
      turnId: null,
      outcome: 'completed',
      tokensConsumed: { completion: 0 },
      timeToFirstTokenMs: null,
    });
  });

  it.each([
    ['an answer', requested()],
    ['embeddings', embedding],
  ])('for %s that no retry can repair fails, and costs nothing', async (_, request) => {
    const { context, emitted } = runOf(request);
    await createSlmHandler(
      servedBy(failingWith(new SlmProviderError('SLM_MODEL_MISSING', 'no such model'))),
      options,
    ).handle(request, context);
    expect(typesOf(emitted).slice(-2)).toEqual(['SlmFailed', 'SlmMetered']);
    expect(ofType(emitted, 'SlmFailed')[0]?.data).toMatchObject({ code: 'SLM_MODEL_MISSING', detail: 'no such model' });
    expect(ofType(emitted, 'SlmMetered')).toHaveLength(1);
    expect(ofType(emitted, 'SlmMetered')[0]?.data).toMatchObject({ outcome: 'failed', cost: '0.000000000' });
  });

  it('that fails in the middle of its answer keeps the digest of the text that was shown', async () => {
    const { context, emitted } = runOf(requested());
    const failing = failingWith(new SlmProviderError('SLM_REJECTED', 'refused'));
    await createSlmHandler(servedBy(failing), options).handle(requested(), context);
    const textSha256 = createHash('sha256').update('half an ').digest('hex');
    expect(ofType(emitted, 'SlmMetered')[0]?.data.deltas).toEqual({ count: 1, chars: 8, textSha256 });
  });

  it.each([
    ['the provider is unavailable', new SlmProviderError('SLM_UNAVAILABLE', 'away')],
    ['something else broke', new TypeError('a bug')],
  ])('rejects without an end when %s', async (_, error) => {
    const request = requested();
    const { context, emitted } = runOf(request);
    await expect(createSlmHandler(servedBy(failingWith(error)), options).handle(request, context)).rejects.toBe(error);
    expect(typesOf(emitted)).toEqual(['TurnDelta']);
  });

  it('has no end when it is cancelled from outside: another owner runs it', async () => {
    const request = requested({ messages: [textMessage('user', '[[delay:60000]]')] });
    const { context, emitted, abort } = runOf(request);
    const running = handler.handle(request, context);
    abort.abort(new Error('the partition was lost'));
    await expect(running).rejects.toMatchObject({ code: 'SLM_CANCELLED' });
    expect(emitted).toEqual([]);
  });

  it('cancels the provider when its writer fails', async () => {
    let cancelled = false;
    const endless: SlmProvider = {
      ...deterministic,
      async *complete(_, signal) {
        signal.addEventListener('abort', () => {
          cancelled = true;
        });
        yield { kind: 'delta', text: 'a' };
        await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
    };
    const request = requested();
    const { context } = runOf(request);
    const broken = { ...context, emit: () => Promise.reject(new Error('fenced')) };
    await expect(createSlmHandler(servedBy(endless), options).handle(request, broken)).rejects.toThrow('fenced');
    expect(cancelled).toBe(true);
  });
});

it('a message with an unknown role is rejected before the model', async () => {
  const request = requested({ messages: [textMessage('unknown', 'a result')] });
  const { context, emitted } = runOf(request);
  await handler.handle(request, context);
  expect(ofType(emitted, 'SlmFailed')[0]?.data).toMatchObject({ code: 'SLM_REJECTED' });
});

it('no piece is written for a request outside of a turn: its caller waits for the whole answer', async () => {
  const request = requested({ origin: 'inference', sessionId: null, turnId: null, turnSequence: null });
  const { context, emitted } = runOf(request);
  await handler.handle(request, context);
  expect(typesOf(emitted)).toEqual(['SlmCompleted', 'SlmMetered']);
  expect(ofType(emitted, 'SlmMetered')[0]?.data.timeToFirstTokenMs).not.toBeNull();
});

it('a check of the output, wrapped around the provider, comes before every write', async () => {
  const checked: SlmProvider = {
    ...deterministic,
    async *complete() {
      const words = ['the ', 'SECRET', ' of the knots'];
      for (const word of words) yield { kind: 'delta', text: word.replace('SECRET', '[removed]') };
      yield {
        ...{ kind: 'done', text: 'the [removed] of the knots', modelId: 'm', finishReason: 'stop' },
        ...{ usage: { promptTokens: 1, completionTokens: 3 }, timeToFirstTokenMs: 1, latencyMs: 2 },
      } as const;
    },
  };
  const { context, emitted } = runOf(requested());
  await createSlmHandler(servedBy(checked), options).handle(requested(), context);
  const pieces = ofType(emitted, 'TurnDelta').map(({ data }) => data.text);
  expect(pieces.join('')).toBe('the [removed] of the knots');
  expect(ofType(emitted, 'SlmCompleted')[0]?.data.text).toBe(pieces.join(''));
});

it('usage is metered under the session and turn of the request, for any asking processor', async () => {
  const request = requested({ origin: 'jobs', sessionId: null, turnId: null });
  const { context, emitted } = runOf(request);
  await handler.handle(request, context);
  expect(ofType(emitted, 'SlmMetered')[0]?.data).toMatchObject({ origin: 'jobs', sessionId: null, turnId: null });
});

describe('an abandoned request', () => {
  it.each([
    [new SlmProviderError('SLM_TIMEOUT', 'no token in 20 s'), 'SLM_TIMEOUT', 'no token in 20 s'],
    [new Error('odd'), 'SLM_FAILED', 'odd'],
    ['text', 'SLM_FAILED', 'text'],
    [null, 'SLM_FAILED', 'null'],
  ])('for %s fails with a code, and is metered once', async (error, code, detail) => {
    const request = requested();
    const { context, emitted } = runOf(request, 3);
    await handler.abandon(request, context, error);
    expect(typesOf(emitted)).toEqual(['SlmFailed', 'SlmMetered']);
    expect(ofType(emitted, 'SlmFailed')[0]?.data).toMatchObject({ attempt: 3, code, detail });
    expect(ofType(emitted, 'SlmMetered')[0]?.data).toMatchObject({ outcome: 'failed', turnId: 'turn-1' });
  });

  it('truncates the detail of an error', async () => {
    const { context, emitted } = runOf(embedding);
    await handler.abandon(embedding, context, new Error(`${'x'.repeat(499)}🪢`));
    const detail = ofType(emitted, 'SlmFailed')[0]?.data.detail ?? '';
    expect(detail.length).toBe(500);
    expect(detail.isWellFormed()).toBe(true);
  });
});
