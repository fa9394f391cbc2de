/** Policy and the ledger together, in any interleaving, with the figures that must hold after every step. */
import { type Amount, costOf, covers, isNothing, nothing, plus } from '../schemas/amount.ts';
import { exceeded, windowsOf } from '../schemas/contexts/budget.ts';
import { type BudgetLimit, type SlmMetered, slmMetered } from '../schemas/generated/records.ts';
import { topics } from '../schemas/topics.ts';
import { budget } from './budget/budget.ts';
import { emptyLedger, type Ledger, spentBy, takenBy } from './budget/ledger.ts';
import { conversation } from './conversation/conversation.ts';
import { inference } from './inference/inference.ts';
import { createDriver, type Driver } from './kernel/driver.ts';
import { type RecordOf, topology } from './kernel.ts';
import { IDLE_MS } from './policy/lease.ts';
import { emptyAccount, type LeaseAccount, RESERVATION_MS } from './policy/lease-account.ts';
import { policy } from './policy/policy.ts';
import type { PolicyState } from './policy/state.ts';
import { activated, engineWith, options, PRICE, published } from './policy/testing.ts';
import { sessions } from './sessions/sessions.ts';
import { aTenant, personaRecords } from './testing.ts';

export const TENANT = 'demo';
export const PLACES = 8;
/** One minute before a day ends. */
export const START_MS = Date.UTC(2026, 0, 1, 23, 59);

/** A figure that does not hold. */
export class EscrowError extends Error {
  readonly figure: 'budget-not-overdrawn' | 'refused-when-spent' | 'leases-come-back';
  constructor(figure: EscrowError['figure'], what: string) {
    super(what);
    this.figure = figure;
  }
}

/** Returns the record of the use of a request. */
export const metered = (requestId: string, used: Amount, more: Partial<SlmMetered> = {}): RecordOf<'SlmMetered'> =>
  slmMetered({
    ...{ subjectId: requestId, origin: 'inference', requestId, tenantId: TENANT, sessionId: null, turnId: null },
    ...{ provider: 'test', modelId: 'model-1', outcome: 'completed', latencyMs: 12, timeToFirstTokenMs: 3 },
    tokensConsumed: { prompt: used.tokens, completion: 0 },
    ...{ cost: used.cost, deltas: null, currency: 'USD' },
    ...more,
  });

/** Returns an amount of tokens with its price. */
export const priced = (tokens: number): Amount => ({ tokens, cost: costOf(tokens, PRICE) });

/** Returns a generator of choices: the same seed gives the same interleaving. Source: Numerical Recipes, 7.1. */
export function chooser(seed: number): (count: number) => number {
  let state = seed >>> 0;
  return (count) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
}

export interface Escrow {
  readonly driver: Driver;
  readonly ledger: () => Ledger;
  /** The account of each place that has one. */
  readonly accounts: () => readonly LeaseAccount[];
  /** Takes one step and checks it. Returns false when nothing is left to do. Throws when a figure does not hold. */
  step(): boolean;
  /** Steps to the end: nothing is on its way then, so each lease is what the ledger believes. Throws like `step`. */
  settle(): void;
  /** Advances the clock. Records may be on their way for an hour at most: a request ends before its reservation does. */
  advance(ms: number): void;
  /**
   * Ends the nth request that is open, with a share of its reservation used: each once, and none whose reservation may end
   * while its use is on its way.
   */
  end(nth: number, share: number): void;
  /** Ends all requests, lets what is unused be idle, and checks that all of it has come back. */
  close(): void;
}

/** The governed path as one topology: a refused turn comes back to policy in the transaction of its decision. */
const core = topology({
  name: 'core',
  members: [policy(engineWith(), options), sessions, conversation, inference],
  redrives: topics.coreRedrive,
});

/** Returns a platform of policy, alone or in its topology, and the ledger, with one tenant under the given limits. */
export function escrowOf(
  limits: readonly BudgetLimit[],
  choose?: (count: number) => number,
  layout: 'alone' | 'chained' = 'alone',
): Escrow {
  const driver = createDriver({
    ...(layout === 'alone'
      ? { processors: [policy(engineWith(), options), budget] }
      : { processors: [budget], topologies: [core] }),
    places: PLACES,
    startMs: START_MS,
    ...(choose !== undefined && { choose }),
  });
  for (const record of [...personaRecords, published('1'), activated('1'), aTenant(limits)]) driver.append(record);
  const ledger = () => (driver.state('budget', TENANT) ?? emptyLedger) as Ledger;
  const accounts = () =>
    Array.from({ length: PLACES }, (_, place) => driver.state('policy', `${TENANT}/${place}`)).map(
      (state) => (state as PolicyState | undefined)?.account ?? emptyAccount,
    );
  let answersSeen = 0;

  function check(): void {
    for (const { error } of driver.deadLetters) throw error;
    const now = ledger();
    const { total, day } = takenBy(now, 0);
    for (const { window, tokensMax } of limits)
      if (tokensMax !== null && (window === 'day' ? day : total).tokens > tokensMax)
        throw new EscrowError('budget-not-overdrawn', JSON.stringify(now));
    const held = heldNow();
    if (!covers(now.leased, held))
      throw new EscrowError('budget-not-overdrawn', `places hold ${held.tokens}, leased are ${now.leased.tokens}`);
    const answers = driver.records('budget.leases');
    for (const { record } of answers.slice(answersSeen))
      if (record.type === 'AnswerLease' && record.data.outcome === 'refused') checkRefusal(record.data, now);
    answersSeen = answers.length;
  }

  /** A question is refused when it is larger than what is not spent, or when no place holds anything unused. */
  function checkRefusal(question: Amount & { readonly windows: Parameters<typeof exceeded>[1] }, now: Ledger): void {
    if (exceeded(question, question.windows).length === 0) throw new EscrowError('refused-when-spent', 'it fits');
    if (exceeded(question, windowsOf(limits, spentBy(now, 0))).length > 0) return;
    const unused = accounts().map((account) => account.unused);
    if (!unused.every(isNothing))
      throw new EscrowError('refused-when-spent', `places hold ${JSON.stringify(unused)} unused`);
  }

  const step = (): boolean => {
    const went = driver.step();
    check();
    return went;
  };
  const heldNow = () => accounts().reduce((sum, { unused, held }) => plus(sum, plus(unused, held)), nothing);
  const settle = (): void => {
    while (step());
    const { leased, waiting } = ledger();
    const asking = accounts().flatMap((account) => Object.keys(account.asking));
    const held = heldNow();
    if (!covers(held, leased) || waiting.length + asking.length > 0)
      throw new EscrowError('leases-come-back', `leased ${leased.tokens}, held ${held.tokens}, asking ${asking}`);
  };
  const ended = new Set<string>();
  let nowMs = START_MS;
  const advance = (ms: number): void => {
    driver.advance(ms);
    nowMs += ms;
  };
  const openRequests = () =>
    accounts().flatMap((account) =>
      Object.entries(account.open).filter(
        ([id, { expiresAt }]) => !ended.has(id) && expiresAt > nowMs + RESERVATION_MS / 2,
      ),
    );
  const end = (nth: number, share: number): void => {
    const open = openRequests();
    const [requestId, held] = open[nth % Math.max(1, open.length)] ?? [];
    if (requestId === undefined || held === undefined) return;
    ended.add(requestId);
    const reserved = driver
      .records('policy.memory')
      .find(({ record }) => record.type === 'BudgetReserved' && record.data.requestId === requestId);
    driver.append(metered(requestId, priced(Math.floor(share * held.tokens))), { place: reserved?.meta.place ?? null });
  };
  return {
    ...{ driver, ledger, accounts, step, settle, advance, end },
    close: () => {
      settle();
      while (openRequests().length > 0) end(0, 1);
      settle();
      // Requests that no report ended, too.
      advance(RESERVATION_MS + 3 * IDLE_MS);
      settle();
      if (!isNothing(heldNow()) || Object.keys(ledger().places).length > 0)
        throw new EscrowError('leases-come-back', `${JSON.stringify(ledger())} after all requests have ended`);
    },
  };
}
