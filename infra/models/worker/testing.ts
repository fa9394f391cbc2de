/** A request of the slm worker, and a run of it, for tests. */
import type { ConstitutionDocument, ModerationRule } from '../../../schemas/contexts/constitution/document.ts';
import { noTools, textMessage } from '../../../schemas/contexts/slm/messages.ts';
import { type SlmRequested, slmRequested } from '../../../schemas/generated/records.ts';
import { metaFor } from '../../../streams/kernel/testing.ts';
import type { AnyRecord, RecordOf, WorkContext } from '../../../streams/kernel.ts';
import type { ConstitutionInForce } from '../../runner/constitution-in-force.ts';
import { createDeterministicProvider } from '../deterministic/deterministic.ts';
import type { SlmProvider } from '../provider.ts';
import { ModelServers } from '../registry/model-servers.ts';
import { sameName } from '../registry/provider-declaration.ts';
import type { SlmRequest } from './handler.ts';

/** Returns a request of a turn; its answer has five words. */
export const requested = (changes: Partial<SlmRequested> = {}): RecordOf<'SlmRequested'> =>
  slmRequested({
    subjectId: 'session-1',
    origin: 'conversation',
    requestId: 'turn-1',
    sessionId: 'session-1',
    turnId: 'turn-1',
    turnSequence: 3,
    principal: 'key-1',
    model: null,
    messages: [textMessage('user', 'What is a khipu? [[words:5]]')],
    maxTokens: 64,
    temperature: 0.7,
    seed: 7,
    stop: [],
    responseFormat: null,
    ...noTools,
    decisionId: 'decision-1',
    lane: 'interactive',
    ...changes,
  });

/** A run of one request by tenant `acme`. */
export interface Run {
  readonly context: WorkContext;
  /** Records that the run emitted, with those of its end. */
  readonly emitted: AnyRecord[];
  /** Cancels the run from outside. */
  readonly abort: AbortController;
}

/** Returns a run that keeps what it emits. */
export function runOf(request: SlmRequest, attempt = 1): Run {
  const emitted: AnyRecord[] = [];
  const abort = new AbortController();
  const context: WorkContext = {
    meta: metaFor(request, { tenantId: 'acme' }),
    attempt,
    signal: abort.signal,
    inherited: false,
    idempotencyKey: 'k',
    async commit(...records) {
      emitted.push(...records);
    },
    async emit(...records) {
      emitted.push(...records);
    },
    end(...records) {
      emitted.push(...records);
    },
  };
  return { context, emitted, abort };
}

/** A provider that answers at once. */
export const deterministic = createDeterministicProvider({ delayMs: 0, timeoutMs: 5_000, firstTokenTimeoutMs: 5_000 });

/** Returns a provider that serves models by name; by default the deterministic one and `large`, for 0.200 USD. */
export const servedBy = (
  adapter: SlmProvider = deterministic,
  { price = '0.200', models = [adapter.modelId, 'large'] }: { price?: string; models?: readonly string[] } = {},
): ModelServers =>
  new ModelServers([
    {
      adapter,
      declaration: {
        ...{ name: adapter.name, kind: adapter.name, baseUrl: null, modelPath: null, models: models.map(sameName) },
        ...{ pricePerMillionTokens: price, currency: 'USD', secret: null },
      },
    },
  ]);

/** Returns a verified constitution in force with these moderation rules. */
export const inForce = (moderation: readonly ModerationRule[] = []): ConstitutionInForce => ({
  ready: Promise.resolve(),
  value: {
    inForce: {
      ...{ status: 'verified', version: '1', digest: 'd1' },
      document: { moderation } as unknown as ConstitutionDocument,
    },
  },
});

/** Clock of a handler, and a constitution without rules of outputs. */
export const timed = { now: () => 1_000, constitution: inForce() } as const;
