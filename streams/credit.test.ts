/** Prepaid credit: top-ups, policy, the ledger of budgets and that of money, over eight places, in any interleaving. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balances, creditAccount, PLATFORM_CASH, tenantAccount } from '../schemas/contexts/billing/accounts.ts';
import { creditPlace } from '../schemas/contexts/billing/credit.ts';
import { moneyOf, total, unitsOf } from '../schemas/contexts/billing/money.ts';
import { type BudgetLimit, priceVersion, type TopUpCredit, topUpCredit } from '../schemas/generated/records.ts';
import { billing } from './billing/billing.ts';
import { credit } from './billing/credit.ts';
import { creditPostings } from './billing/credit-postings.ts';
import { budget } from './budget/budget.ts';
import { emptyLedger, type Ledger, takenBy } from './budget/ledger.ts';
import { chooser, metered, PLACES, priced, START_MS, TENANT } from './escrow-testing.ts';
import { createDriver } from './kernel/driver.ts';
import type { AnyRecord, Processor, RecordOf } from './kernel.ts';
import { emptyAccount, type LeaseAccount, RESERVATION_MS } from './policy/lease-account.ts';
import { policy } from './policy/policy.ts';
import type { PolicyState } from './policy/state.ts';
import { activated, engineWith, options, PRICE, published } from './policy/testing.ts';
import { anInference, aTenant, personaRecords, tokensEstimated } from './testing.ts';

const CURRENCY = 'USD';
const ASKED = tokensEstimated(anInference());
/** The most that one inference is charged, without prices. */
const UNIT = priced(ASKED).cost;
const times = (amount: string, count: number): string => moneyOf(unitsOf(amount) * BigInt(count));

const topUp = (id: string, amount: string, changes: Partial<TopUpCredit> = {}) =>
  topUpCredit({
    ...{ tenantId: TENANT, topUpId: id, principal: 'user:ana', principalTenant: TENANT, amount, currency: CURRENCY },
    ...{ capabilities: [`billing:top-up:${TENANT}`], reason: 'a payment', ...changes },
  });

/** A processor with a bug. */
type Plant = (good: Processor) => Processor;

function platform(
  choose?: (count: number) => number,
  limits: readonly BudgetLimit[] = [],
  plant: Plant = (good) => good,
) {
  const members = [
    policy(engineWith(), options),
    budget,
    credit(CURRENCY),
    creditPostings(CURRENCY),
    billing(CURRENCY),
  ];
  const driver = createDriver({
    processors: members.map(plant),
    ...{ places: PLACES, startMs: START_MS, ...(choose !== undefined && { choose }) },
  });
  for (const record of [...personaRecords, published('1'), activated('1'), aTenant(limits)]) driver.append(record);
  const ledger = () => (driver.state('budget', TENANT) ?? emptyLedger) as Ledger;
  const accounts = (): readonly LeaseAccount[] =>
    Array.from({ length: PLACES }, (_, place) => driver.state('policy', `${TENANT}/${place}`)).map(
      (state) => (state as PolicyState | undefined)?.account ?? emptyAccount,
    );
  const toppedUp = (): string =>
    total(
      driver
        .records('billing.credits')
        .map(({ record }) => (record.type === 'CreditToppedUp' ? record.data.amount : '0')),
    );
  const send = (id: string, amount: string, changes: Partial<TopUpCredit> = {}) =>
    driver.append(topUp(id, amount, changes), { place: creditPlace(TENANT) });
  /** Reports the use of a request, in its place. */
  const report = (requestId: string, tokens: number) => {
    const reserved = driver
      .records('policy.memory')
      .find(({ record }) => record.type === 'BudgetReserved' && record.data.requestId === requestId);
    driver.append(metered(requestId, priced(tokens)), { place: reserved?.meta.place ?? `${TENANT}/0` });
  };
  const legsOf = (account: string): string =>
    total(
      driver
        .records('billing.ledger')
        .flatMap(({ record }) => (record.type === 'LedgerPosted' ? record.data.legs : []))
        .filter((leg) => leg.account === account)
        .map(({ amount }) => amount),
    );
  const pendingOf = (account: string): string =>
    total(
      driver
        .records('billing.ledger')
        .flatMap(({ record: { type, data } }) => {
          if (type === 'LedgerPosted') return data.released;
          return type === 'LedgerReserved' || type === 'LedgerVoided' ? data.legs : [];
        })
        .filter((leg) => leg.account === account)
        .map(({ amount }) => amount),
    );
  const decisions = () =>
    driver.records('policy.decisions').map(({ record }) => (record as RecordOf<'PolicyDecided'>).data);
  return { driver, ledger, accounts, toppedUp, send, report, legsOf, pendingOf, decisions };
}

const settledIn = ({ driver }: ReturnType<typeof platform>) =>
  driver.records('policy.memory').flatMap(({ record }) => (record.type === 'BudgetSettled' ? [record.data] : []));

describe('a tenant with prepaid credit', () => {
  it('is refused before work begins once its credit does not cover a request, and goes on after a top-up', () => {
    const { driver, send, report, decisions, legsOf } = platform();
    send('t1', times(UNIT, 3));
    driver.run();
    for (let nth = 0; nth < 5; nth += 1) {
      driver.append(anInference({ requestId: `r${nth}` }));
      driver.run();
      report(`r${nth}`, ASKED);
      driver.run();
    }
    expect(decisions().map(({ decision }) => decision.reasons[0])).toEqual([
      ...['PERMITTED', 'PERMITTED', 'PERMITTED'],
      ...['CREDIT_SPENT', 'CREDIT_SPENT'],
    ]);
    expect(legsOf(creditAccount(TENANT))).toBe('0.000000000');
    send('t2', UNIT);
    driver.run();
    driver.append(anInference({ requestId: 'r9' }));
    driver.run();
    expect(decisions().at(-1)?.decision.outcome).toBe('allow');
  });

  it('draws what a request is charged, and owes nothing for it', () => {
    const { driver, send, report, legsOf, pendingOf } = platform();
    send('t1', '1.00');
    driver.run();
    driver.append(anInference({ requestId: 'r1' }));
    driver.run();
    expect(pendingOf(creditAccount(TENANT))).toBe(UNIT);
    report('r1', 7);
    driver.run();
    const used = priced(7).cost;
    expect(legsOf(creditAccount(TENANT))).toBe(total([used, '-1']));
    expect([legsOf(tenantAccount(TENANT)), pendingOf(creditAccount(TENANT))]).toEqual(['0.000000000', '0.000000000']);
    expect(legsOf(PLATFORM_CASH)).toBe('1.000000000');
  });

  it('reserves and draws by the prices, not by what was metered', () => {
    const { driver, send, report, ledger, legsOf, accounts } = platform();
    const price = (resource: string, unitPrice: string) => ({
      meter: 'prompt_tokens',
      resource,
      unitPrice,
      tiers: null,
    });
    const prices = [price('model-1', '7.000'), price('model-2', '1.000')];
    const version = { version: 1, effectiveFrom: START_MS - 1, currency: CURRENCY, prices, note: '' };
    driver.append(priceVersion({ versionId: 'prices/1', ...version }));
    send('t1', '1.00');
    driver.run();
    // The dearest model may answer, since the request names none.
    driver.append(anInference({ requestId: 'r1' }));
    driver.run();
    const charged = (tokens: number) => moneyOf((BigInt(tokens) * unitsOf('7')) / 1_000_000n);
    expect(accounts().flatMap(({ open }) => Object.values(open))).toMatchObject([
      { cost: charged(ASKED), prepaid: true },
    ]);
    report('r1', 11);
    driver.run();
    expect([ledger().drawn, legsOf(tenantAccount(TENANT))]).toEqual([charged(11), '0.000000000']);
  });

  it('pays later for what was used beyond its reservation, and never from credit', () => {
    const { driver, send, report, ledger, legsOf } = platform();
    send('t1', UNIT);
    driver.run();
    driver.append(anInference({ requestId: 'r1' }));
    driver.run();
    report('r1', ASKED + 5);
    driver.run();
    expect(ledger().drawn).toBe(UNIT);
    expect(legsOf(tenantAccount(TENANT))).toBe(priced(5).cost);
    // A report that comes again posts the difference, and draws nothing.
    driver.advance(1);
    report('r1', ASKED + 9);
    driver.run();
    expect(ledger().drawn).toBe(UNIT);
    expect([legsOf(creditAccount(TENANT)), legsOf(tenantAccount(TENANT))]).toEqual(['0.000000000', priced(9).cost]);
  });

  it('gets back what a request holds that used nothing, also when its reservation expires', () => {
    const { driver, send, ledger, legsOf, pendingOf, decisions } = platform();
    send('t1', UNIT);
    driver.run();
    driver.append(anInference({ requestId: 'r1' }));
    driver.run();
    driver.append(anInference({ requestId: 'r2' }));
    driver.run();
    expect(decisions().map(({ decision }) => decision.outcome)).toEqual(['allow', 'deny']);
    driver.advance(RESERVATION_MS + 180_000);
    driver.run();
    driver.append(anInference({ requestId: 'r3' }));
    driver.run();
    expect(decisions().at(-1)?.decision.outcome).toBe('allow');
    expect([ledger().drawn ?? '0.000000000', legsOf(creditAccount(TENANT))]).toEqual(['0.000000000', `-${UNIT}`]);
    expect(pendingOf(creditAccount(TENANT))).toBe(UNIT);
  });

  it('that was leased before it was prepaid is asked once more, so that the lease is held against the credit', () => {
    const { driver, send, ledger, decisions, accounts } = platform(undefined, [
      { window: 'total', tokensMax: 1_000 * ASKED, costMax: null },
    ]);
    driver.append(anInference({ requestId: 'r1' }));
    driver.run();
    expect(accounts().some(({ unused }) => unused.tokens > 0)).toBe(true);
    send('t1', times(UNIT, 2));
    driver.run();
    for (const id of ['r2', 'r3', 'r4']) driver.append(anInference({ requestId: id }));
    driver.run();
    // The request from before counts while it is open: it may hold what was leased then.
    expect(decisions().map(({ decision }) => decision.outcome)).toEqual(['allow', 'allow', 'deny', 'deny']);
    expect(unitsOf(takenBy(ledger(), 0).drawn.cost)).toBeLessThanOrEqual(unitsOf(times(UNIT, 2)));
  });
});

describe('a top-up', () => {
  const credits = (sent: (send: ReturnType<typeof platform>['send']) => void) => {
    const { driver, send } = platform();
    sent(send);
    driver.run();
    expect(driver.deadLetters).toEqual([]);
    return driver.records('billing.credits').map(({ record: { type, data } }) => ({ type, ...data }));
  };

  it('is added once, however often it is sent', () => {
    const found = credits((send) => {
      for (const id of ['t1', 't1', 't2', 't1']) send(id, '2.5');
    });
    expect(found).toMatchObject([{ total: '2.500000000' }, { total: '5.000000000' }]);
  });

  it.each([
    ['CAPABILITY_MISSING', { capabilities: ['billing:top-up:acme', 'billing:read'] }],
    ['CREDIT_INVALID', { currency: 'EUR' }],
    ['CREDIT_INVALID', { amount: '0' }],
    ['CREDIT_INVALID', { amount: '-1' }],
    ['CREDIT_INVALID', { amount: '999999999.000000001' }],
    ['CREDIT_INVALID', { reason: 'x'.repeat(501) }],
  ])('is refused with %s', (code, changes) => {
    expect(credits((send) => send('t1', '1', changes))).toMatchObject([{ type: 'CreditRefused', code }]);
  });

  it('in another place than that of its tenant changes nothing: two tasks would keep two sums', () => {
    const { driver } = platform();
    driver.append(topUp('t1', '1'), { place: `${TENANT}/3` });
    driver.run();
    expect(driver.records('billing.credits')).toEqual([]);
  });
});

type Step =
  | { readonly ask: number }
  | { readonly end: number; readonly share: number; readonly again: boolean }
  | { readonly add: number }
  | { readonly waitMs: number }
  | { readonly steps: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ ask: fc.integer({ min: 1, max: 90 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      ...{ end: fc.nat(), again: fc.boolean() },
      // Beyond 1: more than was reserved.
      share: fc.double({ min: 0, max: 1.3, noNaN: true }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ add: fc.integer({ min: 1, max: 9 }) }) },
  { weight: 1, arbitrary: fc.record({ waitMs: fc.integer({ min: 1, max: 20_000 }) }) },
  { weight: 6, arbitrary: fc.record({ steps: fc.integer({ min: 1, max: 12 }) }) },
);

const anyOrder = (plant?: Plant) =>
  fc.property(fc.array(step, { minLength: 10, maxLength: 90, size: 'max' }), fc.nat(), (history, seed) => {
    const world = platform(chooser(seed), [], plant);
    const { driver, ledger } = world;
    /** Amount of each top-up by its id: that of the first one sent. */
    const sent = new Map<string, string>();
    const add = (id: string, amount: string): void => {
      if (!sent.has(id)) sent.set(id, amount);
      world.send(id, amount);
    };
    const toppedUp = (): string => total([...sent.values()]);
    /** What each request was reported to use first: that is what it draws, up to its reservation. */
    const reported = new Map<string, number>();
    const check = () => {
      for (const { error } of driver.deadLetters) throw error;
      expect(unitsOf(takenBy(ledger(), 0).drawn.cost)).toBeLessThanOrEqual(unitsOf(toppedUp()));
    };
    const run = () => {
      while (driver.step()) check();
    };
    add('t-first', times(UNIT, 4));
    run();
    for (const [nth, each] of history.entries()) {
      if ('ask' in each) driver.append(anInference({ requestId: `r${nth}`, prompt: 'x'.repeat(each.ask) }));
      else if ('add' in each) add(`t${nth % 40}`, times(UNIT, each.add));
      else if ('waitMs' in each) driver.advance(each.waitMs);
      else if ('steps' in each) for (let n = 0; n < each.steps && driver.step(); n += 1) check();
      else {
        const open = world.accounts().flatMap((account) => Object.entries(account.open));
        const [requestId, held] = open.filter(([id]) => !reported.has(id))[each.end % Math.max(1, open.length)] ?? [];
        if (requestId === undefined || held === undefined) continue;
        const tokens = Math.floor(each.share * held.tokens);
        reported.set(requestId, tokens);
        world.report(requestId, tokens);
        if (each.again) world.report(requestId, tokens);
      }
    }
    run();
    // The oracle: from what was asked, reported and topped up alone.
    const reservedCost = new Map(
      driver
        .records('policy.memory')
        .flatMap(({ record }) =>
          record.type === 'BudgetReserved' ? [[record.data.requestId, record.data.cost] as const] : [],
        ),
    );
    let [drawn, owed] = [0n, 0n];
    for (const [requestId, tokens] of reported) {
      const charged = (BigInt(tokens) * unitsOf(PRICE)) / 1_000_000n;
      const reserved = unitsOf(reservedCost.get(requestId) ?? '0');
      const paid = charged < reserved ? charged : reserved;
      drawn += paid;
      owed += charged - paid;
    }
    expect(ledger().drawn ?? '0.000000000').toBe(moneyOf(drawn));
    expect(world.legsOf(creditAccount(TENANT))).toBe(moneyOf(drawn - unitsOf(toppedUp())));
    expect(world.legsOf(tenantAccount(TENANT))).toBe(moneyOf(owed));
    expect(world.legsOf(PLATFORM_CASH)).toBe(toppedUp());
    for (const { record } of driver.records('billing.ledger'))
      if (record.type === 'LedgerPosted')
        expect(balances(record.data.legs) && balances(record.data.released)).toBe(true);
    // Refused only where the credit could not hold the request beside what was drawn and leased.
    for (const { decision } of world.decisions().filter((each) => each.decision.outcome === 'deny'))
      expect(decision).toMatchObject({ reasons: ['CREDIT_SPENT'], clauses: ['budget:credit:cost'] });
    // Unused amounts come back: nothing stays held.
    driver.advance(RESERVATION_MS + 180_000);
    run();
    expect([world.pendingOf(creditAccount(TENANT)), ledger().leased.cost]).toEqual(['0.000000000', '0.000000000']);
    expect(
      settledIn(world).every(({ costDrawn, costReserved }) => unitsOf(costDrawn ?? '0') <= unitsOf(costReserved)),
    ).toBe(true);
  });

it('credit is never overdrawn, the ledger adds up to zero and equals an oracle, in any order', () => {
  fc.assert(anyOrder(), { numRuns: 40, endOnFailure: true });
});

const changedBy =
  (name: string, change: (output: AnyRecord) => readonly AnyRecord[]): Plant =>
  (good) =>
    good.name === name ? { ...good, decide: (...args) => good.decide(...args).flatMap(change) } : good;

it.each<[string, Plant]>([
  [
    'a request that draws more than it has reserved',
    changedBy('policy', (output) =>
      output.type === 'BudgetSettled' || output.type === 'SettleLease'
        ? [{ ...output, data: { ...output.data, costDrawn: output.data.cost } } as AnyRecord]
        : [output],
    ),
  ],
  [
    'a draw that the ledger of budgets forgets',
    changedBy('budget', (output) =>
      output.type === 'LeaseSettled' ? [{ ...output, data: { ...output.data, costDrawn: null } }] : [output],
    ),
  ],
  [
    'a top-up that is added each time it is sent',
    (good) =>
      good.name === 'credit'
        ? { ...good, evolve: (...args) => ({ ...(good.evolve(...args) as object), topUps: [] }) }
        : good,
  ],
  [
    'a draw with one leg',
    changedBy('credit-postings', (output) =>
      output.type === 'LedgerPosted'
        ? [{ ...output, data: { ...output.data, legs: output.data.legs.slice(0, 1) } }]
        : [output],
    ),
  ],
])('the same schedules show %s', (_, plant) => {
  const { failed } = fc.check(anyOrder(plant), { numRuns: 60, seed: 7, endOnFailure: true });
  expect(failed).toBe(true);
});

it('every order of the ends of requests, and of repeated ones, leaves the same balances', () => {
  const requests = ['r1', 'r2', 'r3', 'r4', 'r5'];
  const ends = requests.flatMap((id, nth) => [
    { id, tokens: 3 * nth + 1 },
    { id, tokens: 3 * nth + 1 },
  ]);
  const balancesAfter = (order: typeof ends, seed: number) => {
    const world = platform(chooser(seed));
    world.send('t1', times(UNIT, 40));
    world.driver.run();
    for (const requestId of requests) world.driver.append(anInference({ requestId }));
    world.driver.run();
    for (const { id, tokens } of order) world.report(id, tokens);
    world.driver.run();
    return [creditAccount(TENANT), tenantAccount(TENANT), PLATFORM_CASH, 'platform:revenue'].map(world.legsOf);
  };
  const expected = balancesAfter(ends, 1);
  expect(expected[0]).toBe(total([`-${times(UNIT, 40)}`, priced(1 + 4 + 7 + 10 + 13).cost]));
  fc.assert(
    fc.property(fc.shuffledSubarray(ends, { minLength: ends.length }), fc.nat(), (order, seed) => {
      expect(balancesAfter(order, seed)).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});
