/** The preferences in a `Prefer` header (RFC 7240). */
export interface Preference {
  readonly respondAsync: boolean;
  /** Maximum wait for the outcome, in seconds; null leaves it to the gateway. */
  readonly waitS: number | null;
}

const NONE: Preference = { respondAsync: false, waitS: null };
const ASYNC: Preference = { respondAsync: true, waitS: null };

/** Returns the preferences of a `Prefer` header; unknown and malformed ones are ignored. */
export function preferenceOf(header: string | readonly string[] | undefined): Preference {
  if (header === undefined) return NONE;
  if (header === 'respond-async') return ASYNC;
  const tokens = [header].flat().flatMap((line) => line.split(',').map((token) => token.trim().toLowerCase()));
  const wait = tokens.find((token) => /^wait=\d{1,4}$/.test(token));
  return {
    respondAsync: tokens.includes('respond-async'),
    waitS: wait === undefined ? null : Number(wait.slice('wait='.length)),
  };
}

/** Returns the wait for an outcome, in ms: 0 for `respond-async`, at most `maxMs`. */
export function waitMsOf({ respondAsync, waitS }: Preference, maxMs: number): number {
  if (respondAsync) return 0;
  return waitS === null ? maxMs : Math.min(waitS * 1000, maxMs);
}
