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
    if (call.tools !== undefined) throw new SlmProviderError('SLM_TOOLS_UNSUPPORTED', 'the local model knows no tools');
    checkCall(call);
    checkModel(call.model);
    const meter = startAnswerMeter();
    const { messages, maxTokens, temperature, seed, stop = [], format = null } = call;
    const command = { type: 'complete', messages, maxTokens, temperature, seed, stop, format } as const;
    for await (const event of run(call.fairnessKey ?? call.requestId, command, signal)) {
      if (typeof event === 'string') yield meter.delta(event);
      else if (event.type === 'completed') yield meter.done(modelId, event.finishReason, () => event.usage);
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
