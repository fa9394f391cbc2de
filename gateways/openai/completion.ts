import type { ModelToolCall, TokenUsage } from '../../schemas/generated/records.ts';
import { modelFailure } from '../shared/problems/model-failure.ts';
import { Problem } from '../shared/problems/problem.ts';
import { type AnswerPiece, AnswerProgress } from './answer-progress.ts';
import type { Completed, TurnEvent, WatchedTurn } from './turn-watch.ts';

/** A part of a completion: text that follows the text before it, or its end. */
export type CompletionPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'end'; readonly data: CompletionEnd };

/** The end of an answer; `content_filter` where a rule of the constitution cut it. */
export interface CompletionEnd {
  readonly finishReason: string;
  /** The whole answer; its shown beginning where it was cut. */
  readonly text: string;
  /** Calls of tools that it asks for; none where it was cut. */
  readonly toolCalls: readonly ModelToolCall[];
  readonly tokensConsumed: TokenUsage;
  /** Why it was cut, for a person; null for a whole answer. */
  readonly refusal: string | null;
}

const NO_TOKENS: TokenUsage = { prompt: 0, completion: 0 };

const cutEnd = (
  { detail, tokensConsumed }: Extract<TurnEvent, { readonly kind: 'refused' }>,
  text: string,
): CompletionEnd => ({
  ...{ finishReason: 'content_filter', text, toolCalls: [], refusal: detail },
  tokensConsumed: tokensConsumed ?? NO_TOKENS,
});

const wholeEnd = ({ finishReason, text, toolCalls, tokensConsumed }: Completed): CompletionEnd => ({
  ...{ finishReason, text, toolCalls, tokensConsumed, refusal: null },
});

const failureOf = ({ code, detail }: Extract<TurnEvent, { readonly kind: 'failed' }>): Problem =>
  modelFailure(code, detail);

/**
 * Yields the answer of a turn as its model generates it, then its end. Rejects with the Problem of a failure, with
 * SLM_FAILED when another attempt of the model contradicts the text that was yielded, and with `ended()` when the signal
 * aborts.
 */
export async function* completionOf(
  turn: WatchedTurn,
  signal: AbortSignal,
  ended: () => Problem,
): AsyncGenerator<CompletionPart> {
  const progress = new AnswerProgress();
  let shown = '';
  for (let event = await turn.next(signal); event !== null; event = await turn.next(signal)) {
    if (event.kind === 'failed') throw failureOf(event);
    if (event.kind === 'refused') {
      yield { kind: 'end', data: cutEnd(event, shown) };
      return;
    }
    const text = event.kind === 'text' ? progress.take(event) : progress.complete(event.data.text);
    if (text === null) throw new Problem('SLM_FAILED', 'Another attempt of the model gave another answer; ask again');
    shown += text;
    if (text !== '') yield { kind: 'text', text };
    if (event.kind === 'completed') {
      yield { kind: 'end', data: wholeEnd(event.data) };
      return;
    }
  }
  throw ended();
}

/**
 * Resolves with the end of a turn; the attempts before it may differ, because no text was shown. Rejects with the Problem
 * of a failure, and with `ended()` when the signal aborts.
 */
export async function endOf(turn: WatchedTurn, signal: AbortSignal, ended: () => Problem): Promise<CompletionEnd> {
  let shown: AnswerPiece = { attempt: 0, start: 0, text: '' };
  for (let event = await turn.next(signal); event !== null; event = await turn.next(signal)) {
    if (event.kind === 'failed') throw failureOf(event);
    if (event.kind === 'completed') return wholeEnd(event.data);
    if (event.kind === 'refused') return cutEnd(event, shown.text);
    const isLater = event.attempt > shown.attempt;
    if (isLater || event.attempt === shown.attempt)
      shown = { ...event, text: (isLater ? '' : shown.text).slice(0, event.start) + event.text };
  }
  throw ended();
}
