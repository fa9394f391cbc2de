import type { TurnEvent } from '../../../../infra/client/turn-events.ts';

/** Progress of a turn; `queued` and `running` are open. */
export type TurnStatus = 'queued' | 'running' | 'completed' | 'failed' | 'refused';

/** An event of a turn on its cord. Deltas are one knot that grows. */
export interface Knot {
  readonly event: string;
  /** Time of the event, in ms since 1970. */
  readonly at: number;
  /** Number of events that the knot stands for; more than one only for deltas. */
  count: number;
}

/** A turn as its events describe it so far. */
export interface LiveTurn {
  readonly turnId: string;
  readonly sessionId: string;
  status: TurnStatus;
  prompt: string;
  /** Name that the caller asked for, then the model that answered; empty until known. */
  model: string;
  attempt: number;
  text: string;
  readonly knots: Knot[];
  /** Time of the first event, in ms since 1970. */
  readonly since: number;
  firstTextAt: number | null;
  endedAt: number | null;
  tokens: number | null;
  latencyMs: number | null;
  code: string | null;
  detail: string | null;
  decision: Readonly<Record<string, unknown>> | null;
  /** Number of events taken; a row that shows the same revision is up to date. */
  revision: number;
}

type Data = TurnEvent['data'];

const textOf = (data: Data, field: string): string | null => {
  const value = data[field];
  return typeof value === 'string' ? value : null;
};
const numberOf = (data: Data, field: string): number | null => {
  const value = data[field];
  return typeof value === 'number' ? value : null;
};

/** Time of an event, in ms since 1970. */
export const atOf = ({ data }: TurnEvent): number => Date.parse(textOf(data, 'at') ?? '') || 0;

const ENDS: Readonly<Record<string, TurnStatus>> = {
  'turn.completed': 'completed',
  'turn.failed': 'failed',
  'turn.refused': 'refused',
};

export const isOpen = ({ status }: Pick<LiveTurn, 'status'>): boolean => status === 'queued' || status === 'running';

/** Returns the turn of an event, before the event; null for an event without ids. */
export function newTurn(event: TurnEvent): LiveTurn | null {
  const turnId = textOf(event.data, 'turn_id');
  const sessionId = textOf(event.data, 'session_id');
  if (turnId === null || sessionId === null) return null;
  return {
    ...{ turnId, sessionId, status: 'queued', prompt: '', model: '', attempt: 0, text: '', knots: [] },
    ...{ since: atOf(event), firstTextAt: null, endedAt: null, tokens: null, latencyMs: null },
    ...{ code: null, detail: null, decision: null, revision: 0 },
  };
}

/** Applies an event to its turn. An event that the turn has already, or that comes after its end, changes nothing. */
export function applyEvent(turn: LiveTurn, event: TurnEvent): void {
  if (!isOpen(turn)) return;
  const { data } = event;
  if (event.event === 'turn.delta') applyDelta(turn, event);
  else {
    if (turn.knots.some((knot) => knot.event === event.event && event.event !== 'turn.started')) return;
    turn.knots.push({ event: event.event, at: atOf(event), count: 1 });
    turn.prompt = textOf(data, 'prompt') ?? turn.prompt;
    turn.model = textOf(data, 'model_id') ?? textOf(data, 'model') ?? turn.model;
    if (event.event === 'turn.started') turn.status = 'running';
    const end = ENDS[event.event];
    if (end !== undefined) applyEnd(turn, event, end);
  }
  turn.revision += 1;
}

function applyDelta(turn: LiveTurn, event: TurnEvent): void {
  const attempt = numberOf(event.data, 'attempt') ?? 1;
  if (attempt < turn.attempt) return;
  const start = attempt > turn.attempt ? 0 : (numberOf(event.data, 'start') ?? turn.text.length);
  turn.attempt = attempt;
  turn.text = turn.text.slice(0, start) + (textOf(event.data, 'text') ?? '');
  turn.status = 'running';
  turn.firstTextAt ??= atOf(event);
  const last = turn.knots.at(-1);
  if (last?.event === 'turn.delta') last.count += 1;
  else turn.knots.push({ event: 'turn.delta', at: atOf(event), count: 1 });
}

function applyEnd(turn: LiveTurn, event: TurnEvent, status: TurnStatus): void {
  const { data } = event;
  turn.status = status;
  turn.endedAt = atOf(event);
  turn.text = textOf(data, 'text') ?? turn.text;
  turn.latencyMs = numberOf(data, 'latency_ms');
  turn.code = textOf(data, 'code');
  turn.detail = textOf(data, 'detail');
  const tokens = data['tokens_consumed'];
  if (typeof tokens === 'object' && tokens !== null)
    turn.tokens = Object.values(tokens).reduce<number>((sum, each) => sum + (typeof each === 'number' ? each : 0), 0);
  const decision = data['decision'];
  if (typeof decision === 'object' && decision !== null) turn.decision = decision as LiveTurn['decision'];
}
