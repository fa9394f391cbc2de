import type { Attributes } from '@opentelemetry/api';
import type { ChatMessage, Finding, SlmEmbeddingRequested, SlmRequested } from '../../../schemas/generated/records.ts';
import { assertNever, type RecordOf, type WorkContext } from '../../../streams/kernel.ts';
import { aborted } from '../../kit/aborted.ts';
import { messageOf } from '../../kit/errors.ts';
import type { ConstitutionInForce } from '../../runner/constitution-in-force.ts';
import type { Switches } from '../../runner/kill-switches.ts';
import { inCallSpan } from '../../tracing/call-span.ts';
import { attributes as a } from '../../tracing/conventions.ts';
import {
  type SlmCall,
  type SlmDone,
  type SlmMessage,
  SlmProviderError,
  type SlmToolChoice,
  type SlmUsage,
} from '../provider.ts';
import type { ModelServer, ModelServers, OnServer } from '../registry/model-servers.ts';
import {
  completedRecord,
  deltaRecord,
  embeddedRecord,
  failedRecord,
  type Metering,
  meteredRecord,
  refusalOf,
  type SlmWork,
} from './answer-records.ts';
import { AnswerReport } from './answer-report.ts';
import { BegunAnswers } from './begun-answers.ts';
import { checkedOutput, OutputRefused, OutputUnchecked, outputRules } from './checked-output.ts';
import { type Classify, classifiedOutput } from './classified-output.ts';
import { coalesced, type Pace } from './coalesce.ts';
import { createStretchMeter, type StretchMeter } from './delta-stretch.ts';
import { watchRequest } from './kill-switch.ts';

/** A request of the inference topic that this worker runs. */
export type SlmRequest = RecordOf<'SlmRequested' | 'SlmEmbeddingRequested'>;

/**
 * Pace of the pieces of an answer. 100 ms is the delay that a person still perceives as immediate (Miller 1968; Nielsen
 * 1993). After a second a reader is behind the text, and 250 ms is the time of a word at 240 words a minute (Brysbaert
 * 2019): later pieces are four a second. The first piece waits for nothing. 4,000 code units, at most 12 KB, are written
 * at once, so that a fast model does not make one large record.
 */
const PACE: Pace = { windowMs: 100, earlyPieces: 10, lateWindowMs: 250, charsMax: 4_000 };

/** Switches and clock of the handler. */
export interface SlmHandlerOptions {
  readonly switches: Switches;
  /** The constitution in force: its rules of outputs check every answer before any of it is written. */
  readonly constitution: ConstitutionInForce;
  /** Asks the outside classifier about a part of an answer; null or omitted where none is configured. */
  readonly classify?: Classify | null;
  /** Called with what its rules find in answers. */
  readonly onFinding?: (finding: Finding) => void;
  /** Monotonic clock, ms. */
  readonly now: () => number;
}

/** Runs requests of the slm worker. */
export interface SlmHandler {
  /**
   * Runs one request to its end: the answer, a failure that no retry can repair, or KILL_SWITCH; and, with it, the only
   * SlmMetered of the request, so that a repeated run is not charged twice. Rejects, without an end, when another run may
   * help or the run was cancelled from outside; its deltas then stay in the log under an attempt that the next one
   * supersedes.
   */
  handle(request: SlmRequest, context: WorkContext): Promise<void>;
  /**
   * Ends a request that is not run again. It is charged only when it was cancelled: for the prompt and the text that the
   * model of this process had generated until then.
   */
  abandon(request: SlmRequest, context: WorkContext, error: unknown): Promise<void>;
}

/** What one run of a request is given. */
interface Run {
  /** Aborted by the end of the run, and from outside. */
  readonly signal: AbortSignal;
  readonly stretch: StretchMeter;
  /** Remembers the provider that is asked. */
  readonly onServer: OnServer;
}

const NOTHING_USED: SlmUsage = { promptTokens: 0, completionTokens: 0 };

/**
 * Returns the handler of the slm worker for the providers of models. The check of the output wraps the provider, so that
 * nothing is written or shown before the check; what passes is written as it is, pieces and whole text alike.
 */
export function createSlmHandler(servers: ModelServers, options: SlmHandlerOptions): SlmHandler {
  const { switches, now, constitution, classify = null, onFinding = () => undefined } = options;
  const begun = new BegunAnswers();
  /** What the latest run of each request has shown. */
  const shown = new WeakMap<SlmWork, StretchMeter>();
  /** The provider that was last asked for each request. */
  const asked = new WeakMap<SlmWork, ModelServer>();

  /** Returns the provider that a request is charged to: the last one that was asked, or the one that would be. */
  const serverOf = (work: SlmWork): ModelServer => {
    const known = asked.get(work);
    if (known !== undefined) return known;
    // A model that no provider declares any more costs nothing: its request is recorded with the default model.
    return servers.of(servers.has(work.model) ? work.model : null)[0];
  };

  const metered = (
    work: SlmWork,
    context: WorkContext,
    use: Omit<Metering, 'tenantId' | 'provider' | 'pricePerMillionTokens' | 'currency'>,
  ) => {
    const { name: provider, pricePerMillionTokens, currency } = serverOf(work).declaration;
    return meteredRecord(work, {
      ...{ ...use, tenantId: context.meta.tenantId },
      ...{ provider, pricePerMillionTokens, currency },
    });
  };

  /** Runs a call of a model in its span. Texts of prompts and answers are no attributes. */
  const traced = <T extends { readonly modelId: string }>(
    operation: 'chat' | 'embeddings',
    work: SlmWork,
    request: Attributes,
    call: () => Promise<T>,
    usageOf: (done: T) => Attributes,
  ): Promise<T> => {
    const model = work.model ?? servers.defaultModel;
    const asking = { [a.genAiOperation]: operation, [a.genAiRequestModel]: model, ...request };
    return inCallSpan(`${operation} ${model}`, asking, async (note) => {
      try {
        const done = await call();
        note({ [a.genAiResponseModel]: done.modelId, ...usageOf(done) });
        return done;
      } finally {
        note({ [a.genAiProvider]: serverOf(work).declaration.name });
      }
    });
  };

  async function answer(work: SlmRequested, context: WorkContext, { signal, stretch, onServer }: Run): Promise<void> {
    const { requestId, model, messages, maxTokens, temperature, seed, stop, subjectId } = work;
    const call = {
      requestId,
      model,
      messages: messages.map(toSlmMessage),
      maxTokens,
      temperature,
      seed,
      stop,
      ...formatOf(work),
      ...toolsOf(work),
      fairnessKey: subjectId,
    };
    let written = 0;
    const rules = outputRules(constitution);
    const generated = begun.watched(work, servers.complete(call, signal, onServer));
    const report = new AnswerReport(rules);
    const checked = checkedOutput(generated, rules, (finding) => {
      report.take(finding);
      onFinding(finding);
    });
    const chunks = classifiedOutput(checked, { rules, classify, report, onFinding, signal });
    const asked = { [a.genAiMaxTokens]: maxTokens, [a.genAiConversation]: subjectId };
    const pieces = async (text: string): Promise<void> => {
      const delta = deltaRecord(work, context.attempt, written, text);
      written += text.length;
      if (delta === null) return;
      await context.emit(delta);
      stretch.add(text);
    };
    const done = await traced('chat', work, asked, () => coalesced(chunks, PACE, pieces), spanOfAnswer);
    const { modelId, usage, latencyMs } = done;
    const timeToFirstTokenMs = written === 0 ? null : done.timeToFirstTokenMs;
    const deltas = stretch.summary();
    context.end(
      completedRecord(work, context.attempt, done, {
        pricePerMillionTokens: serverOf(work).declaration.pricePerMillionTokens,
        moderation: report.summary(),
      }),
      metered(work, context, { modelId, outcome: 'completed', usage, latencyMs, timeToFirstTokenMs, deltas }),
    );
  }

  async function embed(work: SlmEmbeddingRequested, context: WorkContext, { signal, onServer }: Run): Promise<void> {
    const start = now();
    const { model, input } = work;
    const embeddings = await traced(
      'embeddings',
      work,
      {},
      () => servers.embed({ model, input }, signal, onServer),
      ({ promptTokens }) => ({ [a.genAiInputTokens]: promptTokens }),
    );
    const latencyMs = now() - start;
    const { modelId, promptTokens } = embeddings;
    const usage = { promptTokens, completionTokens: 0 };
    context.end(
      embeddedRecord(work, embeddings, latencyMs),
      metered(work, context, {
        modelId,
        outcome: 'completed',
        usage,
        latencyMs,
        timeToFirstTokenMs: null,
        deltas: null,
      }),
    );
  }

  const fail = (
    work: SlmWork,
    context: WorkContext,
    error: unknown,
    { latencyMs, deltas, usage = NOTHING_USED }: Pick<Metering, 'latencyMs' | 'deltas'> & { readonly usage?: SlmUsage },
  ): void =>
    context.end(
      failedRecord(work, context.attempt, {
        ...{ code: codeOf(error), detail: messageOf(error) },
        refusal: error instanceof OutputRefused ? refusalOf(error, usage) : null,
      }),
      metered(work, context, {
        modelId: serverOf(work).model,
        outcome: 'failed',
        usage,
        latencyMs,
        timeToFirstTokenMs: null,
        deltas,
      }),
    );

  return {
    async handle(request, context) {
      const start = now();
      await Promise.race([Promise.all([switches.ready, constitution.ready]), aborted(context.signal)]);
      const end = new AbortController();
      const stretch = createStretchMeter();
      shown.set(request.data, stretch);
      const watch = watchRequest(switches, request.data, {
        tenant: context.meta.tenantId,
        servedModel: servers.defaultModel,
        begun: context.attempt > 1,
      });
      try {
        watch.signal.throwIfAborted();
        await run(request, context, {
          signal: AbortSignal.any([context.signal, watch.signal, end.signal]),
          stretch,
          onServer: (server) => asked.set(request.data, server),
        });
      } catch (error) {
        if (context.signal.aborted) throw error;
        const cause = watch.signal.aborted ? watch.signal.reason : error;
        if (!watch.signal.aborted && !isFinal(error)) throw error;
        // What the model generated is charged, also what is not shown.
        const usage = cause instanceof OutputRefused ? begun.usageOf(request.data) : NOTHING_USED;
        fail(request.data, context, cause, { latencyMs: now() - start, deltas: stretch.summary(), usage });
      } finally {
        watch.end();
        end.abort();
      }
    },
    abandon: async ({ data }, context, error) => {
      const usage = codeOf(error) === 'WORK_CANCELLED' ? begun.usageOf(data) : NOTHING_USED;
      fail(data, context, error, { latencyMs: 0, deltas: shown.get(data)?.summary() ?? null, usage });
    },
  };

  function run(request: SlmRequest, context: WorkContext, given: Run): Promise<void> {
    switch (request.type) {
      case 'SlmRequested':
        return answer(request.data, context, given);
      case 'SlmEmbeddingRequested':
        return embed(request.data, context, given);
      default:
        return assertNever(request);
    }
  }
}

const spanOfAnswer = ({ usage, finishReason }: Pick<SlmDone, 'usage' | 'finishReason'>): Attributes => ({
  [a.genAiInputTokens]: usage.promptTokens,
  [a.genAiOutputTokens]: usage.completionTokens,
  [a.genAiFinishReasons]: [finishReason],
});

/** Throws SLM_REJECTED for a message with an unknown role: a model must not treat it as another role. */
function toSlmMessage({ role, content, toolCalls, toolCallId }: ChatMessage): SlmMessage {
  switch (role) {
    case 'unknown':
      throw new SlmProviderError('SLM_REJECTED', 'a message has a role that this version does not support');
    case 'tool':
      if (toolCallId === null) throw new SlmProviderError('SLM_REJECTED', 'a message of role tool answers no call');
      return { role, content, toolCallId };
    case 'assistant':
      return toolCalls.length === 0 ? { role, content } : { role, content, toolCalls };
    default:
      return { role, content };
  }
}

const TOOL_PREFIX = 'function:';

/** Returns the tools of a request; none without any. */
function toolsOf({
  tools,
  toolChoice,
  parallelToolCalls,
}: SlmRequested): Pick<SlmCall, 'tools' | 'toolChoice' | 'parallelToolCalls'> {
  if (tools.length === 0) return {};
  return { tools, toolChoice: choiceOf(toolChoice), parallelToolCalls };
}

/** Throws SLM_REJECTED for a choice of a later version. */
function choiceOf(choice: string | null): SlmToolChoice {
  if (choice === null || choice === 'auto') return 'auto';
  if (choice === 'none' || choice === 'required') return choice;
  if (choice.startsWith(TOOL_PREFIX)) return { name: choice.slice(TOOL_PREFIX.length) };
  throw new SlmProviderError('SLM_REJECTED', 'the request has a choice of tools that this version does not support');
}

/** Returns the form of the answer; none for text. Throws SLM_FORMAT_UNSUPPORTED for a form of a later version. */
function formatOf({ responseFormat }: SlmRequested): Pick<SlmCall, 'format'> {
  if (responseFormat === null) return {};
  const { kind, name, description, schema, strict } = responseFormat;
  if (kind === 'json_object') return { format: { kind } };
  if (kind === 'unknown' || schema === null)
    throw new SlmProviderError(
      'SLM_FORMAT_UNSUPPORTED',
      'the answer is to have a form that this version does not support',
    );
  return { format: { kind, name: name ?? 'answer', description, schema, strict } };
}

const isFinal = (error: unknown): boolean =>
  error instanceof OutputRefused ||
  error instanceof OutputUnchecked ||
  (error instanceof SlmProviderError && !error.retryable);

/** Returns the stable code of the error that ended a request; `SLM_FAILED` when it has none. */
function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'SLM_FAILED';
}
