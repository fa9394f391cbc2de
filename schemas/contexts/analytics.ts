/** Windows of the figures, and what they are figures of. */

/** Length of the shortest window. Longer ones are sums of these. */
export const WINDOW_MS = 60_000;
/** What a series is of. */
export const KINDS = ['personas', 'tools', 'policies', 'models', 'capsules'] as const;
export type Kind = (typeof KINDS)[number];
export const READ_ANALYTICS = 'analytics:read';

/** Returns the start of the window of a time, both in ms since 1970. */
export const windowOf = (timeMs: number, windowMs: number = WINDOW_MS): number =>
  Math.floor(timeMs / windowMs) * windowMs;
