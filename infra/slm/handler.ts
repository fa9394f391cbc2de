import type { SlmEmbeddingRequested, SlmRequested } from '../../schemas/generated/records.ts';
import { assertNever, type RecordOf, type WorkContext } from '../../streams/kernel.ts';
import { type SlmProvider, SlmProviderError } from '../providers/provider.ts';
import {
  completedRecord,
  deltaRecord,
  embeddedRecord,
  failedRecord,
  type Metering,
  meteredRecord,
  type SlmWork,
} from './answer-records.ts';
import { coalesced } from './coalesce.ts';
import { type Switches, watchSwitches } from './kill-switch.ts';

export type SlmRequest = RecordOf<'SlmRequested' | 'SlmEmbeddingRequested'>;

/** Below what a reader notices, and forty records a second at most for a stream. */
const COALESCE_MS = 25;

export interface SlmHandlerOptions {
  /** Decimal, at most 3 digits behind the point. */
  readonly pricePerMillionTokens: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly switches: Switches;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

export interface SlmHandler {
  /**
   * Runs one request to its end: the answer, a failure that no further run would mend, or KILL_SWITCH; and with it the one
   * SlmMetered of the request, so that nobody is charged twice for a run that was repeated. Rejects, with no end, when
   * another run may help or the run was cancelled from outside; its deltas then stand in the log under an attempt that the
   * next one supersedes.
   */
  handle(request: SlmRequest, context: WorkContext): Promise<void>;
  /** Ends a request that is not run again. Nobody pays for it. */
  abandon(request: SlmRequest, context: WorkContext, error: unknown): Promise<void>;
}

const NOTHING_USED = { promptTokens: 0, completionTokens: 0 } as const;

/** Binds the slm worker to a provider. */
export function createSlmHandler(provider: SlmProvider, options: SlmHandlerOptions): SlmHandler {
  const { pricePerMillionTokens, currency, switches, now } = options;

  const metered = (
    work: SlmWork,
    context: WorkContext,
    use: Omit<Metering, 'tenantId' | 'provider' | 'pricePerMillionTokens' | 'currency'>,
  ) =>
    meteredRecord(work, {
      ...use,
      tenantId: context.meta.tenantId,
      provider: provider.name,
      pricePerMillionTokens,
      currency,
    });

  async function answer(work: SlmRequested, context: WorkContext, signal: AbortSignal): Promise<void> {
    const { requestId, model, messages, maxTokens, temperature, seed, subjectId } = work;
    const call = { requestId, model, messages, maxTokens, temperature, seed, fairnessKey: subjectId };
    let index = 0;
    const done = await coalesced(provider.complete(call, signal), COALESCE_MS, async (text) => {
      await context.emit(deltaRecord(work, context.attempt, index, text));
      index += 1;
    });
    const { modelId, usage, latencyMs } = done;
    const timeToFirstTokenMs = index === 0 ? null : done.timeToFirstTokenMs;
    context.end(
      completedRecord(work, context.attempt, done, pricePerMillionTokens),
      metered(work, context, { modelId, outcome: 'completed', usage, latencyMs, timeToFirstTokenMs }),
    );
  }

  async function embed(work: SlmEmbeddingRequested, context: WorkContext, signal: AbortSignal): Promise<void> {
    const start = now();
    const embeddings = await provider.embed(work.input, signal);
    const latencyMs = now() - start;
    const { modelId, promptTokens } = embeddings;
    const usage = { promptTokens, completionTokens: 0 };
    context.end(
      embeddedRecord(work, embeddings, latencyMs),
      metered(work, context, { modelId, outcome: 'completed', usage, latencyMs, timeToFirstTokenMs: null }),
    );
  }

  const fail = (work: SlmWork, context: WorkContext, error: unknown, latencyMs: number): void =>
    context.end(
      failedRecord(work, context.attempt, codeOf(error), error instanceof Error ? error.message : String(error)),
      metered(work, context, {
        modelId: provider.modelId,
        outcome: 'failed',
        usage: NOTHING_USED,
        latencyMs,
        timeToFirstTokenMs: null,
      }),
    );

  return {
    async handle(request, context) {
      const start = now();
      await Promise.race([switches.ready, aborted(context.signal)]);
      const end = new AbortController();
      const watch = watchSwitches(switches, request.data, {
        tenant: context.meta.tenantId,
        servedModel: provider.modelId,
        begun: context.attempt > 1,
      });
      try {
        watch.signal.throwIfAborted();
        await run(request, context, AbortSignal.any([context.signal, watch.signal, end.signal]));
      } catch (error) {
        if (context.signal.aborted) throw error;
        const cause = watch.signal.aborted ? watch.signal.reason : error;
        if (!watch.signal.aborted && !isFinal(error)) throw error;
        fail(request.data, context, cause, now() - start);
      } finally {
        watch.end();
        end.abort();
      }
    },
    abandon: async ({ data }, context, error) => fail(data, context, error, 0),
  };

  function run(request: SlmRequest, context: WorkContext, signal: AbortSignal): Promise<void> {
    switch (request.type) {
      case 'SlmRequested':
        return answer(request.data, context, signal);
      case 'SlmEmbeddingRequested':
        return embed(request.data, context, signal);
      default:
        return assertNever(request);
    }
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

const isFinal = (error: unknown): boolean => error instanceof SlmProviderError && !error.retryable;

/** The stable code of whatever ended the request; `SLM_FAILED` for an error that has none. */
function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'SLM_FAILED';
}
