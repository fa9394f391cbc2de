import type { Page } from 'playwright-core';

/** Counts frames in the page from now on. */
const COUNT = `(() => {
  const frames = [];
  let last = performance.now();
  const next = (now) => { frames.push(now - last); last = now; window.frameRequest = requestAnimationFrame(next); };
  window.frameRequest = requestAnimationFrame(next);
  window.frameTimes = frames;
})()`;

/** Times between the frames of a page, in ms. */
export interface FrameTimes {
  readonly frames: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** Measures the frames of a page while `during` runs. */
export async function measureFrames(page: Page, during: () => Promise<void>): Promise<FrameTimes> {
  await page.evaluate(COUNT);
  await during();
  const times = ((await page.evaluate('cancelAnimationFrame(window.frameRequest), window.frameTimes')) as number[])
    .slice(1)
    .sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { frames: times.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}
