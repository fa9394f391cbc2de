import { EscrowError, escrowOf } from '../../streams/escrow-testing.ts';
import { anInference, aTurn, tokensEstimated } from '../../streams/testing.ts';
import { Random } from './random.ts';
import type { Outcome } from './schedule.ts';

/** A turn reserves some nine times as much as an inference. */
const TURN = tokensEstimated(aTurn('t'));
const DEEDS = 60;
const LONG_WAIT_MS = 90 * 60 * 1000;
/** Reservations must outlive the records that are on their way: short waits stay below an hour together. */
const SHORT_WAIT_MS = 30_000;
const LINES_KEPT = 40;

/**
 * Runs one schedule of the budget of a tenant over eight places: policy and the ledger, in an order of records that is
 * fully determined by the two numbers. Returns the first figure that did not hold.
 */
export function runBudgets(seed: number, nth: number): Pick<Outcome, 'violation' | 'lastSteps'> {
  const random = new Random(seed, nth, 1);
  const limit = { window: 'total', tokensMax: random.between(TURN, 40 * TURN), costMax: null } as const;
  const escrow = escrowOf([limit], (count) => random.between(0, count - 1));
  const { driver } = escrow;
  try {
    for (let deed = 0; deed < DEEDS; deed += 1) {
      const what = random.between(0, 15);
      const prompt = 'x'.repeat(random.between(1, 90));
      if (what < 4) driver.append(aTurn(`t${deed}`, { sessionId: `s${random.between(0, 7)}`, prompt }));
      else if (what < 6) driver.append(anInference({ requestId: `r${deed}`, prompt }));
      else if (what < 8) escrow.end(random.between(0, 99), random.next());
      else if (what < 9) escrow.advance(random.between(1, SHORT_WAIT_MS));
      else if (what < 10) {
        escrow.settle();
        escrow.advance(random.between(1, LONG_WAIT_MS));
      } else for (let steps = random.between(1, 12); steps > 0; steps -= 1) escrow.step();
    }
    escrow.close();
    return { violation: null, lastSteps: [] };
  } catch (error) {
    if (!(error instanceof EscrowError)) throw error;
    const { figure, message } = error;
    const last = driver.records().slice(-LINES_KEPT);
    return {
      violation: { invariant: figure, what: message },
      lastSteps: last.map(({ record, meta }) => `${meta.topic} ${meta.place ?? meta.key} ${record.type}`),
    };
  }
}
