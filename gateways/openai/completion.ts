import { modelFailure } from '../shared/problems/model-failure.ts';
import { Problem } from '../shared/problems/problem.ts';
import { AnswerProgress } from './answer-progress.ts';
import type { Completed, TurnEvent, WatchedTurn } from './turn-watch.ts';

/** A part of a completion: text that follows the text before it, or its end. */
export type CompletionPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'end'; readonly data: Completed };

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
  for (let event = await turn.next(signal); event !== null; event = await turn.next(signal)) {
    if (event.kind === 'failed') throw failureOf(event);
    const text = event.kind === 'text' ? progress.take(event) : progress.complete(event.data.text);
    if (text === null) throw new Problem('SLM_FAILED', 'Another attempt of the model gave another answer; ask again');
    if (text !== '') yield { kind: 'text', text };
    if (event.kind === 'completed') {
      yield { kind: 'end', data: event.data };
      return;
    }
  }
  throw ended();
}

/**
 * Resolves with the end of a turn; the attempts before it may differ, because no text was shown. Rejects with the Problem
 * of a failure, and with `ended()` when the signal aborts.
 */
export async function endOf(turn: WatchedTurn, signal: AbortSignal, ended: () => Problem): Promise<Completed> {
  for (let event = await turn.next(signal); event !== null; event = await turn.next(signal)) {
    if (event.kind === 'failed') throw failureOf(event);
    if (event.kind === 'completed') return event.data;
  }
  throw ended();
}
