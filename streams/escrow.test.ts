/** Budgets by escrow: policy and the ledger of a tenant, over eight places, in any interleaving. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { BudgetLimit } from '../schemas/generated/records.ts';
import { chooser, type Escrow, escrowOf } from './escrow-testing.ts';
import type { RecordOf } from './kernel.ts';
import { RESERVATION_MS } from './policy/lease-account.ts';
import { anInference, aTurn, tokensEstimated } from './testing.ts';

/** A turn reserves some nine times as much as an inference. */
const ASKED = tokensEstimated(aTurn('t'));
/** Waits in which records may be on their way: together shorter than a reservation lives. */
const SHORT_MS = 20_000;
const limit = (window: 'day' | 'total', requests: number): BudgetLimit => ({
  window,
  tokensMax: Math.floor(requests * ASKED),
  costMax: null,
});

type Step =
  | { readonly ask: number; readonly length: number; readonly session: number }
  | { readonly end: number; readonly share: number }
  | { readonly waitMs: number }
  | { readonly steps: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ ask: fc.nat(), length: fc.integer({ min: 1, max: 90 }), session: fc.nat(4) }) },
  { weight: 3, arbitrary: fc.record({ end: fc.nat(), share: fc.double({ min: 0, max: 1, noNaN: true }) }) },
  { weight: 1, arbitrary: fc.record({ waitMs: fc.integer({ min: 1, max: SHORT_MS }) }) },
  { weight: 1, arbitrary: fc.record({ waitMs: fc.integer({ min: SHORT_MS, max: RESERVATION_MS }) }) },
  { weight: 6, arbitrary: fc.record({ steps: fc.integer({ min: 1, max: 12 }) }) },
);
const limits = fc.oneof(
  fc.double({ min: 0.9, max: 60, noNaN: true }).map((requests) => [limit('total', requests)]),
  fc
    .tuple(fc.double({ min: 1.1, max: 12, noNaN: true }), fc.double({ min: 1.1, max: 40, noNaN: true }))
    .map(([day, total]) => [limit('day', day), limit('total', total)]),
);

function play({ driver, ...escrow }: Escrow, history: readonly Step[]): void {
  for (const [nth, each] of history.entries())
    if ('waitMs' in each) {
      // A request ends before its reservation does, so none is on its way through a long wait.
      if (each.waitMs > SHORT_MS) escrow.settle();
      escrow.advance(each.waitMs);
    } else if ('steps' in each) for (let n = 0; n < each.steps; n += 1) escrow.step();
    else if ('end' in each) escrow.end(each.end, each.share);
    else if (each.session === 0) driver.append(anInference({ requestId: `r${nth}`, prompt: 'x'.repeat(each.length) }));
    else driver.append(aTurn(`t${nth}`, { sessionId: `s${each.session}`, prompt: 'x'.repeat(each.length) }));
  escrow.settle();
}

const bySubject = (ids: readonly (readonly [subjectId: string, commandId: string])[]) =>
  Map.groupBy(ids, ([subjectId]) => subjectId);

it.each([
  ['alone', 60],
  ['chained', 20],
] as const)(
  'a budget is never overdrawn, refuses only when nothing is left, and leaks nothing, in any order: policy %s',
  (layout, numRuns) => {
    fc.assert(
      fc.property(
        limits,
        fc.array(step, { minLength: 10, maxLength: 120, size: 'max' }),
        fc.nat(),
        (budgets, history, seed) => {
          const escrow = escrowOf(budgets, chooser(seed), layout);
          play(escrow, history);
          const { driver } = escrow;
          // Every command is decided once, those of a session in their order.
          const commands = driver.records().filter(({ meta }) => /^(sessions|inference)\.commands$/.test(meta.topic));
          const decisions = driver
            .records('policy.decisions')
            .map(({ record }) => (record as RecordOf<'PolicyDecided'>).data);
          expect(bySubject(decisions.map(({ subjectId, commandId }) => [subjectId, commandId]))).toEqual(
            bySubject(commands.map(({ meta }) => [meta.key, meta.id])),
          );
          // Outcomes are found by the chain of the command, also of one that waited for the returns of others.
          for (const { record, meta } of driver.records('policy.decisions'))
            expect(meta.correlationId).toBe((record as RecordOf<'PolicyDecided'>).data.commandId);
          escrow.close();
        },
      ),
      // A smaller counterexample would take minutes.
      { numRuns, endOnFailure: true },
    );
  },
);

it('a budget that is used up by one request at a time leaves less than a request', () => {
  const escrow = escrowOf([limit('total', 20.5)]);
  const outcomes: string[] = [];
  for (let nth = 0; nth < 80; nth += 1) {
    escrow.driver.append(aTurn(`t${nth}`, { sessionId: `s${nth % 16}` }));
    escrow.settle();
    escrow.end(0, 1);
    escrow.settle();
    const { record } = escrow.driver.records('policy.decisions').at(-1) ?? {};
    outcomes.push(record?.type === 'PolicyDecided' ? record.data.decision.outcome : '');
  }
  expect(outcomes).toEqual([...Array(20).fill('allow'), ...Array(60).fill('deny')]);
});
