import { describe, expect, it } from 'vitest';
import { costOf } from '../../schemas/amount.ts';
import { type SlmRequested, slmEmbeddingRequested, slmRequested } from '../../schemas/generated/records.ts';
import { metaFor } from '../../streams/kernel/testing.ts';
import type { AnyRecord, WorkContext } from '../../streams/kernel.ts';
import { createDeterministicProvider } from '../providers/deterministic.ts';
import { type SlmProvider, SlmProviderError } from '../providers/provider.ts';
import { createSlmHandler, type SlmRequest } from './handler.ts';
import type { Switches } from './kill-switch.ts';

const requested = (changes: Partial<SlmRequested> = {}): SlmRequest =>
  slmRequested({
    subjectId: 'session-1',
    origin: 'conversation',
    requestId: 'turn-1',
    principal: 'key-1',
    model: null,
    messages: [{ role: 'user', content: 'What is a khipu? [[words:5]]' }],
    maxTokens: 64,
    temperature: 0.7,
    seed: 7,
    decisionId: 'decision-1',
    ...changes,
  });
const embedding = slmEmbeddingRequested({
  subjectId: 'request-1',
  origin: 'inference',
  requestId: 'request-1',
  principal: 'key-1',
  model: null,
  input: ['knot', 'cord'],
  decisionId: 'decision-1',
});

interface Run {
  readonly context: WorkContext;
  readonly emitted: AnyRecord[];
  readonly abort: AbortController;
}
function aRun(request: SlmRequest, attempt = 1): Run {
  const emitted: AnyRecord[] = [];
  const abort = new AbortController();
  const context: WorkContext = {
    meta: metaFor(request, { tenantId: 'acme' }),
    attempt,
    signal: abort.signal,
    idempotencyKey: 'k',
    async emit(...records) {
      emitted.push(...records);
    },
    end(...records) {
      emitted.push(...records);
    },
  };
  return { context, emitted, abort };
}

const deterministic = createDeterministicProvider({ delayMs: 0, timeoutMs: 5_000, firstTokenTimeoutMs: 5_000 });
const switches: Switches = { ready: Promise.resolve(), over: () => [], listen: () => () => undefined };
const options = { pricePerMillionTokens: '0.200', currency: 'USD', switches, now: () => 1_000 };
const handler = createSlmHandler(deterministic, options);
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
    const { context, emitted } = aRun(request, 2);
    await handler.handle(request, context);
    expect(typesOf(emitted)).toEqual(['SlmDelta', 'SlmCompleted', 'SlmMetered']);
    const deltas = ofType(emitted, 'SlmDelta').map(({ data }) => data);
    expect(deltas.map(({ index, attempt }) => [index, attempt])).toEqual(deltas.map((_, n) => [n, 2]));
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
  });

  it('for embeddings is answered and metered, to no session', async () => {
    const { context, emitted } = aRun(embedding);
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
  ])('for %s that no further run would mend fails, and costs nothing', async (_, request) => {
    const { context, emitted } = aRun(request);
    await createSlmHandler(failingWith(new SlmProviderError('SLM_MODEL_MISSING', 'no such model')), options).handle(
      request,
      context,
    );
    expect(typesOf(emitted).slice(-2)).toEqual(['SlmFailed', 'SlmMetered']);
    expect(ofType(emitted, 'SlmFailed')[0]?.data).toMatchObject({ code: 'SLM_MODEL_MISSING', detail: 'no such model' });
    expect(ofType(emitted, 'SlmMetered')).toHaveLength(1);
    expect(ofType(emitted, 'SlmMetered')[0]?.data).toMatchObject({ outcome: 'failed', cost: '0.000000000' });
  });

  it.each([
    ['the provider is away', new SlmProviderError('SLM_UNAVAILABLE', 'away')],
    ['something else broke', new TypeError('a bug')],
  ])('is thrown back without an end when %s', async (_, error) => {
    const request = requested();
    const { context, emitted } = aRun(request);
    await expect(createSlmHandler(failingWith(error), options).handle(request, context)).rejects.toBe(error);
    expect(typesOf(emitted)).toEqual(['SlmDelta']);
  });

  it('that is cancelled from outside has no end: another owner runs it', async () => {
    const request = requested({ messages: [{ role: 'user', content: '[[delay:60000]]' }] });
    const { context, emitted, abort } = aRun(request);
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
    const { context } = aRun(request);
    const broken = { ...context, emit: () => Promise.reject(new Error('fenced')) };
    await expect(createSlmHandler(endless, options).handle(request, broken)).rejects.toThrow('fenced');
    expect(cancelled).toBe(true);
  });
});

describe('a request that is given up', () => {
  it.each([
    [new SlmProviderError('SLM_TIMEOUT', 'no token in 20 s'), 'SLM_TIMEOUT', 'no token in 20 s'],
    [new Error('odd'), 'SLM_FAILED', 'odd'],
    ['text', 'SLM_FAILED', 'text'],
    [null, 'SLM_FAILED', 'null'],
  ])('for %s fails with a code, and is metered once', async (error, code, detail) => {
    const request = requested();
    const { context, emitted } = aRun(request, 3);
    await handler.abandon(request, context, error);
    expect(typesOf(emitted)).toEqual(['SlmFailed', 'SlmMetered']);
    expect(ofType(emitted, 'SlmFailed')[0]?.data).toMatchObject({ attempt: 3, code, detail });
    expect(ofType(emitted, 'SlmMetered')[0]?.data).toMatchObject({ outcome: 'failed', turnId: 'turn-1' });
  });

  it('says no more of an error than a person reads', async () => {
    const { context, emitted } = aRun(embedding);
    await handler.abandon(embedding, context, new Error(`${'x'.repeat(499)}🪢`));
    const detail = ofType(emitted, 'SlmFailed')[0]?.data.detail ?? '';
    expect(detail.length).toBe(500);
    expect(detail.isWellFormed()).toBe(true);
  });
});
