/** The grid of tried rates: `step`, `2 × step`, … up to `max`, per second. */
export interface RateGrid {
  readonly step: number;
  readonly max: number;
}

/**
 * Returns the highest rate of the grid that is sustained, 0 when none is: doubles the rate until one is not sustained,
 * then bisects between the last two. Assumes that a platform that sustains a rate sustains the lower ones. Tries each
 * rate at most once.
 */
export async function highestRate(
  { step, max }: RateGrid,
  sustains: (perSecond: number) => Promise<boolean>,
): Promise<number> {
  const last = Math.floor(max / step);
  let held = 0;
  let failed = last + 1;
  for (let next = 1; next < failed; next = Math.min(next * 2, last)) {
    if (await sustains(next * step)) held = next;
    else failed = next;
    if (held === last) break;
  }
  while (failed - held > 1) {
    const middle = Math.floor((held + failed) / 2);
    if (await sustains(middle * step)) held = middle;
    else failed = middle;
  }
  return held * step;
}
