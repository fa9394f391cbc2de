import type { TurnEvent } from '../../../../infra/client/turn-events.ts';
import { applyEvent, isOpen, type LiveTurn, newTurn } from './live-turn.ts';

/** Turns that the page keeps: twice the thousand that may run at the same time. */
const TURNS_MAX = 2_000;

/** Returns the event of a denied start as that of a turn with the id of the session: it has no other. */
const turnEventOf = (event: TurnEvent): TurnEvent =>
  event.event === 'session.refused'
    ? { ...event, event: 'turn.refused', data: { ...event.data, turn_id: event.data['session_id'] } }
    : event;

/**
 * The turns of a tenant, by their events. Takes events of any order of turns; a turn whose first events were before the
 * stream began appears with its next event. Keeps a bounded number of turns and drops the oldest that has ended.
 */
export class LiveTurns {
  readonly #turnsMax: number;
  readonly #byId = new Map<string, LiveTurn>();
  /** Oldest first. */
  #turns: LiveTurn[] = [];
  #dropped = 0;

  constructor(turnsMax = TURNS_MAX) {
    this.#turnsMax = turnsMax;
  }

  /** Number of turns that the page keeps. */
  get count(): number {
    return this.#turns.length;
  }

  /** Number of turns that have appeared, including dropped ones. */
  get seen(): number {
    return this.#turns.length + this.#dropped;
  }

  get open(): number {
    return this.#turns.reduce((sum, turn) => sum + (isOpen(turn) ? 1 : 0), 0);
  }

  /** Returns the turn at a position, the newest at 0. */
  at(index: number): LiveTurn | undefined {
    return this.#turns[this.#turns.length - 1 - index];
  }

  /** Position of a turn, the newest at 0; -1 when the page does not have it. */
  indexOf(turnId: string): number {
    const turn = this.#byId.get(turnId);
    return turn === undefined ? -1 : this.#turns.length - 1 - this.#turns.lastIndexOf(turn);
  }

  get(turnId: string): LiveTurn | undefined {
    return this.#byId.get(turnId);
  }

  /** Applies an event. Returns its turn; null for an event that is of no turn. */
  take(received: TurnEvent): LiveTurn | null {
    const event = turnEventOf(received);
    const id = event.data['turn_id'];
    const known = typeof id === 'string' ? this.#byId.get(id) : undefined;
    const turn = known ?? newTurn(event);
    if (turn === null) return null;
    if (known === undefined) this.#add(turn);
    applyEvent(turn, event);
    return turn;
  }

  #add(turn: LiveTurn): void {
    this.#byId.set(turn.turnId, turn);
    this.#turns.push(turn);
    if (this.#turns.length <= this.#turnsMax) return;
    const ended = this.#turns.findIndex((each) => !isOpen(each));
    const [dropped] = this.#turns.splice(Math.max(0, ended), 1);
    if (dropped === undefined) return;
    this.#byId.delete(dropped.turnId);
    this.#dropped += 1;
  }
}
