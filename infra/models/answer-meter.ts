import type { SlmChunk, SlmDone, SlmToolCall, SlmUsage } from './provider.ts';

/** Collects the deltas of one call and measures it, so that every adapter counts in the same way. */
export interface AnswerMeter {
  readonly started: boolean;
  delta(text: string): SlmChunk;
  /** `toolCalls`: the calls that the answer asks for; none when omitted. */
  done(
    modelId: string,
    finishReason: SlmDone['finishReason'],
    usage: (text: string) => SlmUsage,
    toolCalls?: readonly SlmToolCall[],
  ): SlmChunk;
}

/** Starts a meter; `now` is a monotonic clock in milliseconds. */
export function startAnswerMeter(now: () => number = () => performance.now()): AnswerMeter {
  const startedAt = now();
  const parts: string[] = [];
  let firstAt: number | undefined;
  return {
    get started() {
      return firstAt !== undefined;
    },
    delta(text) {
      firstAt ??= now();
      parts.push(text);
      return { kind: 'delta', text };
    },
    done(modelId, finishReason, usage, toolCalls = []) {
      const text = parts.join('');
      const latencyMs = now() - startedAt;
      const timeToFirstTokenMs = firstAt === undefined ? latencyMs : firstAt - startedAt;
      const asked = toolCalls.length === 0 ? {} : { toolCalls };
      return { kind: 'done', text, ...asked, modelId, finishReason, usage: usage(text), timeToFirstTokenMs, latencyMs };
    },
  };
}
