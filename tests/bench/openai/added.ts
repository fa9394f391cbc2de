import { type Spread, spreadOf } from '../statistics.ts';

/** Times to the first token by kind, ms. */
export interface Samples {
  /** The provider, asked directly. */
  readonly direct: readonly number[];
  /** The same provider through `POST /v1/chat/completions`. */
  readonly gateway: readonly number[];
  /** `POST /v1/sessions/start` to the first event of the stream of its turn. */
  readonly turn: readonly number[];
}

/** A line of the report. */
export interface AddedRow extends Spread {
  readonly what: string;
}

export const rowsOf = ({ direct, gateway, turn }: Samples): readonly AddedRow[] => [
  { what: 'the provider, asked directly', ...spreadOf(direct) },
  { what: 'through `POST /v1/chat/completions`', ...spreadOf(gateway) },
  { what: 'a turn: POST → first SSE event', ...spreadOf(turn) },
];

/** What the gateway may add to the first event of a turn, ms. */
const BESIDE_TURN_MS = 5;

/** The latency that the gateway adds at p50, and its bound: the first event of a turn in the same run + 5 ms. */
export function addedAim({ direct, gateway, turn }: Samples) {
  const addedMs = spreadOf(gateway).p50 - spreadOf(direct).p50;
  const boundMs = spreadOf(turn).p50 + BESIDE_TURN_MS;
  return { addedMs, boundMs, isMet: addedMs <= boundMs };
}
