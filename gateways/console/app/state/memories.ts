import type { Schemas } from '../../../../infra/client/api.ts';

/** A question to a space of memories. */
export interface RecallAsked {
  readonly query: string;
  readonly space: string;
  /** RFC 3339; null for now. */
  readonly asOf: string | null;
}

/** Returns the instant of a local time, such as `2026-01-31T09:30`, RFC 3339; null for an empty or wrong one. */
export function instantOf(localTime: string): string | null {
  const ms = localTime === '' ? Number.NaN : Date.parse(localTime);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

/** Returns the body of a recall. */
export const recallOf = ({ query, space, asOf }: RecallAsked): Schemas['Recall'] => ({
  ...{ query, space },
  ...(asOf !== null && { as_of: asOf }),
});

/** Returns a question as a person reads it: `“office hours”, as of 2026-01-31T09:30:00.000Z`. */
export const recallText = ({ query, asOf }: RecallAsked): string =>
  `“${query}”${asOf === null ? '' : `, as of ${asOf}`}`;

const CHARS_SHOWN = 100;

/** Returns the beginning of a text, for a table. */
export const beginning = (text: string): string =>
  text.length <= CHARS_SHOWN ? text : `${text.slice(0, CHARS_SHOWN - 1)}…`;

type Validity = Pick<Schemas['Memory'], 'status' | 'valid_from' | 'valid_to'>;

/** Returns what is true of a memory now: it is forgotten, not true yet, true, or not true any more. */
export function validityOf(
  { status, valid_from: from, valid_to: to }: Validity,
  nowMs: number,
): 'forgotten' | 'not yet' | 'valid' | 'over' {
  if (status === 'forgotten') return 'forgotten';
  if (from !== null && Date.parse(from) > nowMs) return 'not yet';
  return to !== null && Date.parse(to) <= nowMs ? 'over' : 'valid';
}
