import { access } from 'node:fs/promises';
import { startAnswerMeter } from '../answer-meter.ts';
import { type DeadlineLimits, startDeadline } from '../deadline.ts';
import {
  type SlmCall,
  type SlmChunk,
  type SlmEmbeddingCall,
  type SlmEmbeddings,
  type SlmProvider,
  SlmProviderError,
} from '../provider.ts';
import { checkCall, checkEmbeddingInput } from '../request-checks.ts';
import { AnswerStream } from './answer-stream.ts';
import { type Job, JobQueue } from './job-queue.ts';
import { modelIdOf } from './model-id.ts';
import type { JobAnswer, JobCommand } from './protocol.ts';
import { type CallForm, callFormOf } from './tool-grammar.ts';
import { plainMessages, readCalls } from './tool-prompt.ts';

/** The model file, and the bounds of the adapter. */
export interface LocalOptions extends DeadlineLimits {
  /** A GGUF file with a chat template. */
  readonly modelPath: string;
  /** Name of the model; default: from its file. */
  readonly model?: string;
  /** Tokens of prompt and answer together; default 2 048. */
  readonly contextSize?: number;
  /** Most waiting calls, in all and of one `fairnessKey`; defaults 256 and 16. */
  readonly waitingMax?: number;
  readonly waitingPerKeyMax?: number;
}

/** The adapter of a local model. */
export interface LocalProvider extends SlmProvider {
  /** The id of the model process, while there is one. */
  readonly pid: number | undefined;
}

/** Holds back the JSON of an answer that may ask for tools: it is no text before its end says that it asks for none. */
class HeldJson {
  readonly #calls: CallForm | null;
  #began = false;
  #holds = false;
  text = '';

  constructor(calls: CallForm | null) {
    this.#calls = calls;
  }

  /** Takes the next piece. Returns the text to show. */
  take(piece: string): string {
    if (this.#calls === null) return piece;
    if (!this.#began) {
      this.#began = true;
      this.#holds = !this.#calls.orText || piece.startsWith('{');
    }
    if (!this.#holds) return piece;
    this.text += piece;
    return '';
  }
}

type WithoutId<Command> = Command extends unknown ? Omit<Command, 'id'> : never;
type Answered = Exclude<JobAnswer, { type: 'refused' }>;

/**
 * Runs a real model in its own process, one call at a time. Resolves at once: the model loads meanwhile, `health`
 * reports that, and calls wait for it. Rejects as `SLM_MODEL_MISSING` when the file cannot be read. The wait in the
 * queue counts for `timeoutMs` but not for `firstTokenTimeoutMs`.
 */
export async function createLocalProvider(options: LocalOptions): Promise<LocalProvider> {
  const { modelPath } = options;
  await access(modelPath).catch((cause) => {
    throw new SlmProviderError('SLM_MODEL_MISSING', `no model file at ${modelPath}`, { cause });
  });
  const modelId = options.model ?? modelIdOf(modelPath);
  const jobs = new JobQueue(
    { modelPath, contextSize: options.contextSize ?? 2_048, embeddingContextSize: 512 },
    { waitingMax: options.waitingMax ?? 256, waitingPerKeyMax: options.waitingPerKeyMax ?? 16 },
  );

  async function* run(
    key: string,
    command: WithoutId<JobCommand>,
    caller: AbortSignal,
  ): AsyncGenerator<string | Answered> {
    const events = new AnswerStream<string | Answered>();
    const deadline = startDeadline(options, caller);
    const job: Job = {
      key,
      command: { ...command, id: jobs.takeId() },
      onStart: () => deadline.expectToken(),
      onDelta: (text) => {
        deadline.expectToken();
        events.push(text);
      },
      onAnswer: (answer) => {
        deadline.tokenArrived();
        events.push(answer);
        events.end();
      },
      onError: (error) => events.fail(error),
    };
    const onEnd = () => {
      events.fail(deadline.signal.reason);
      jobs.cancel(job);
    };
    deadline.signal.addEventListener('abort', onEnd, { once: true });
    try {
      deadline.check();
      jobs.add(job);
      for await (const event of events) {
        deadline.check();
        yield event;
      }
    } finally {
      deadline.signal.removeEventListener('abort', onEnd);
      deadline.stop();
      jobs.cancel(job);
    }
  }

  function checkModel(asked: string | null): void {
    if (asked === null || asked === modelId) return;
    throw new SlmProviderError('SLM_MODEL_MISSING', `the call requests ${asked}, but the model is ${modelId}`);
  }

  async function* complete(call: SlmCall, signal: AbortSignal): AsyncGenerator<SlmChunk> {
    checkCall(call);
    checkModel(call.model);
    const meter = startAnswerMeter();
    const { maxTokens, temperature, seed, stop = [], format = null } = call;
    const form = { stop, format, calls: callFormOf(call) };
    const command = { type: 'complete', messages: plainMessages(call), maxTokens, temperature, seed, ...form } as const;
    const held = new HeldJson(command.calls);
    for await (const event of run(call.fairnessKey ?? call.requestId, command, signal)) {
      if (typeof event === 'string') {
        const text = held.take(event);
        if (text !== '') yield meter.delta(text);
      } else if (event.type === 'completed') {
        const { usage } = event;
        const calls = readCalls(held.text, call.requestId);
        if (calls === null && event.finishReason === 'stop' && held.text !== '') yield meter.delta(held.text);
        if (calls === null) yield meter.done(modelId, event.finishReason, () => usage);
        else yield meter.done(modelId, 'tool_calls', () => usage, calls);
      }
    }
  }

  async function embed({ model, input }: SlmEmbeddingCall, signal: AbortSignal): Promise<SlmEmbeddings> {
    checkEmbeddingInput(input);
    checkModel(model);
    for await (const event of run('embeddings', { type: 'embed', input }, signal)) {
      if (typeof event !== 'string' && event.type === 'embedded') {
        return { modelId, vectors: event.vectors, promptTokens: event.promptTokens };
      }
    }
    throw new SlmProviderError('SLM_UNAVAILABLE', 'the model process answered without vectors');
  }

  return {
    name: 'local',
    modelId,
    get pid() {
      return jobs.pid;
    },
    complete,
    embed,
    async health() {
      return { ok: jobs.ready, detail: `${modelId}: ${jobs.detail}` };
    },
    circuitOpen: () => jobs.refuses,
    close: () => jobs.close(),
  };
}
