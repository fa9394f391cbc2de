import { percentile } from '../statistics.ts';
import { highestRate } from './highest-rate.ts';
import type { Subject } from './measure-at.ts';
import { openLoop, succeeded } from './open-loop.ts';
import type { TurnSizes } from './sizes.ts';

/** A rate is sustained while the answers at p95 come within this time, ms. */
export const SUSTAINED_P95_MS = 250;
/** Longest wait for a platform to catch up with an overload, ms. */
const RECOVERY_MS_MAX = 60_000;
const PAUSE_MS = 500;

/** Returns the highest rate, turns/s, at which `POST → 201` stays within SUSTAINED_P95_MS at p95. */
export const capacityOf = (subject: Subject, sizes: TurnSizes, note: (text: string) => void): Promise<number> =>
  highestRate({ step: sizes.capacityStep, max: sizes.capacityMax }, async (perSecond) => {
    const count = perSecond * sizes.capacitySeconds;
    const settled = await openLoop(count, perSecond, (dueMs) => subject.request(dueMs));
    const created = succeeded(settled).map(({ createdMs }) => createdMs);
    const failed = settled.length - created.length;
    const p95 = percentile([...created, ...Array.from({ length: failed }, () => Number.POSITIVE_INFINITY)], 0.95);
    const sustained = p95 <= SUSTAINED_P95_MS;
    note(`${perSecond}/s: p95 ${p95.toFixed(0)} ms, ${failed} of ${count} failed${sustained ? '' : ': not sustained'}`);
    if (!sustained) await recover(subject);
    return sustained;
  });

/** Waits until a turn is answered in time again, so that an overload does not count against the next rate. */
async function recover(subject: Subject): Promise<void> {
  const deadline = performance.now() + RECOVERY_MS_MAX;
  while (performance.now() < deadline) {
    const { createdMs } = await subject
      .request(performance.now())
      .catch(() => ({ createdMs: Number.POSITIVE_INFINITY }));
    if (createdMs <= SUSTAINED_P95_MS) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
