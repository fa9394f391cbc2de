/** Lag of readers over the time that a page is open. */
export interface LagHistory {
  readonly times: readonly number[];
  readonly lags: ReadonlyMap<string, readonly number[]>;
}

export const emptyHistory: LagHistory = { times: [], lags: new Map() };

/** Samples that a page keeps: ten minutes at one every four seconds. */
const SAMPLES_MAX = 150;

/** Returns the history with one more sample; `at` in seconds since 1970. A reader that appears later was at 0 before. */
export function withSample(
  history: LagHistory,
  at: number,
  readers: readonly { readonly name: string; readonly lag: number }[],
): LagHistory {
  if (history.times.at(-1) === at) return history;
  const times = [...history.times, at].slice(-SAMPLES_MAX);
  const lags = readers.map(({ name, lag }) => {
    const before = history.lags.get(name) ?? history.times.map(() => 0);
    return [name, [...before, lag].slice(-SAMPLES_MAX)] as const;
  });
  return { times, lags: new Map(lags) };
}
