import type { Decoded } from '../../infra/kafka/envelope.ts';
import type { RecordName, TokenUsage, TurnCompleted } from '../../schemas/generated/records.ts';
import type { EventTail } from '../shared/log/event-tail.ts';
import type { AnswerPiece } from './answer-progress.ts';

/** The end of an answer, as a completion needs it. */
export type Completed = Pick<TurnCompleted, 'text' | 'toolCalls' | 'finishReason' | 'tokensConsumed'>;

/** What happens to a turn, as a completion needs it. */
export type TurnEvent =
  | ({ readonly kind: 'text' } & AnswerPiece)
  | { readonly kind: 'completed'; readonly data: Completed }
  | { readonly kind: 'refused'; readonly detail: string; readonly tokensConsumed: TokenUsage | null }
  | { readonly kind: 'failed'; readonly code: string; readonly detail: string };

/** Records that the events of a turn come from. The first turn of a session is never refused: its session is. */
export const turnRecords = ['TurnDelta', 'TurnCompleted', 'TurnFailed'] as const satisfies readonly RecordName[];

/** Returns the id of the turn and its event; null for any other record. */
function turnEventOf({ record }: Decoded): { readonly turnId: string; readonly event: TurnEvent } | null {
  switch (record.type) {
    case 'TurnDelta': {
      const { turnId, attempt, start, text } = record.data;
      return { turnId, event: { kind: 'text', attempt, start, text } };
    }
    case 'TurnCompleted':
      return { turnId: record.data.turnId, event: { kind: 'completed', data: record.data } };
    case 'TurnFailed': {
      const { turnId, code, detail, refusal } = record.data;
      if (refusal !== null)
        return { turnId, event: { kind: 'refused', detail, tokensConsumed: refusal.tokensConsumed } };
      return { turnId, event: { kind: 'failed', code, detail } };
    }
    default:
      return null;
  }
}

/** The events of one turn that were not taken yet. The length of an answer bounds them. */
export class WatchedTurn {
  readonly #events: TurnEvent[] = [];
  #wake = Promise.withResolvers<void>();
  #hasEnded = false;
  #failure: Extract<TurnEvent, { readonly kind: 'failed' }> | null = null;

  /** True as soon as the turn has completed or failed, also when that event was not taken. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** The failure that ended the turn; null without one. */
  get failure(): Extract<TurnEvent, { readonly kind: 'failed' }> | null {
    return this.#failure;
  }

  push(event: TurnEvent): void {
    this.#hasEnded ||= event.kind !== 'text';
    if (event.kind === 'failed') this.#failure = event;
    this.#events.push(event);
    this.#wake.resolve();
  }

  /** Resolves with the next event, or with null as soon as the signal aborts. */
  async next(signal: AbortSignal): Promise<TurnEvent | null> {
    const wake = (): void => this.#wake.resolve();
    signal.addEventListener('abort', wake);
    try {
      while (!signal.aborted) {
        const event = this.#events.shift();
        if (event !== undefined) return event;
        this.#wake = Promise.withResolvers();
        await this.#wake.promise;
      }
      return null;
    } finally {
      signal.removeEventListener('abort', wake);
    }
  }
}

/** Passes the events of the tail to the turns that requests of this process wait for. */
export class TurnWatch {
  readonly #turns = new Map<string, Set<WatchedTurn>>();

  constructor(tail: Pick<EventTail, 'listen'>) {
    tail.listen((decoded) => {
      if (this.#turns.size === 0) return;
      const found = turnEventOf(decoded);
      if (found !== null) for (const turn of this.#turns.get(found.turnId) ?? []) turn.push(found.event);
    });
  }

  /** Starts to keep the events of a turn. Call it before the command is appended, or an event may pass unseen. */
  begin(turnId: string): WatchedTurn {
    const turn = new WatchedTurn();
    const turns = this.#turns.get(turnId) ?? new Set();
    this.#turns.set(turnId, turns.add(turn));
    return turn;
  }

  /** Stops to keep the events of a turn for one request. */
  end(turnId: string, turn: WatchedTurn): void {
    const turns = this.#turns.get(turnId);
    turns?.delete(turn);
    if (turns?.size === 0) this.#turns.delete(turnId);
  }
}
