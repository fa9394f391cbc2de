import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balances } from '../../schemas/contexts/billing/accounts.ts';
import { moneyOf, total, unitsOf } from '../../schemas/contexts/billing/money.ts';
import { faultOf } from '../../schemas/contexts/billing/prices.ts';
import { tierDifference } from '../../schemas/contexts/billing/tiers.ts';
import { noUse } from '../../schemas/contexts/billing/use.ts';
import { whatIf } from '../../schemas/contexts/billing/what-if.ts';
import {
  correctCharge,
  type Price,
  type PriceTiers,
  priceVersion,
  slmMetered,
} from '../../schemas/generated/records.ts';
import { createDriver } from '../kernel/driver.ts';
import type { AnyRecord } from '../kernel.ts';
import { billing } from './billing.ts';
import { priceTiers } from './price-tiers.ts';
import { tieredUseProcessor } from './tiered-use.ts';

const NOW = Date.UTC(2026, 10, 25, 12);
const PAYABLE = 'tenant:demo:payable';
const graduated: PriceTiers = {
  mode: 'graduated',
  steps: [
    { above: 100, unitPrice: '0.300' },
    { above: 1_000, unitPrice: '0.007' },
  ],
};
const volume: PriceTiers = { ...graduated, mode: 'volume' };
const priced = (tiers: PriceTiers | null, changes: Partial<Price> = {}): Price => ({
  ...{ meter: 'prompt_tokens', resource: '*', unitPrice: '1.000', tiers, ...changes },
});

/** What units cost, one by one: written apart from the code under test. In millionths of a billionth. */
function oracle({ mode, steps }: PriceTiers, quantity: number): bigint {
  const priceOf = (nth: number): bigint =>
    unitsOf(steps.filter(({ above }) => nth > above).at(-1)?.unitPrice ?? '1.000');
  if (mode === 'volume') return BigInt(quantity) * priceOf(quantity);
  let sum = 0n;
  for (let nth = 1; nth <= quantity; nth += 1) sum += priceOf(nth);
  return sum;
}
const costOf = (tiers: PriceTiers, quantity: number): string => moneyOf(oracle(tiers, quantity) / 1_000_000n);

const metered = (requestId: string, prompt: number, modelId = 'small') =>
  slmMetered({
    ...{ subjectId: 's', origin: 'conversation', requestId, tenantId: 'demo', sessionId: 's', turnId: requestId },
    ...{ provider: 'p', modelId, outcome: 'completed', tokensConsumed: { prompt, completion: 0 } },
    ...{ latencyMs: 5, timeToFirstTokenMs: 1, cost: '0.000000001', currency: 'USD', deltas: null },
  });
const corrected = (chargeId: string, promptTokens: number | null) =>
  correctCharge({
    ...{ chargeId, principal: 'user:ana', principalTenant: 'demo', capabilities: ['billing:correct:demo'] },
    ...{ tenantId: 'demo', reverses: promptTokens === null, promptTokens, completionTokens: null, calls: null },
    ...{ cost: null, reason: 'The provider was wrong' },
  });
const version = (prices: readonly Price[], number = 1, effectiveFrom = NOW - 1) =>
  priceVersion({
    ...{
      versionId: `prices/${number}`,
      version: number,
      effectiveFrom,
      currency: 'USD',
      prices: [...prices],
      note: '',
    },
  });

function platform(prices: readonly Price[], startMs = NOW) {
  const driver = createDriver({
    processors: [billing('USD'), tieredUseProcessor, priceTiers],
    ...{ startMs, places: 8 },
  });
  driver.append(version(prices, 1, 0));
  const send = (record: AnyRecord, place = 0) => {
    driver.append(record, { place: `demo/${place}` });
    driver.run();
    expect(driver.deadLetters).toEqual([]);
  };
  const posted = () =>
    driver.records('billing.ledger').flatMap(({ record }) => (record.type === 'LedgerPosted' ? [record.data] : []));
  const owed = () =>
    total(
      posted().flatMap(({ legs }) => legs.filter(({ account }) => account === PAYABLE).map(({ amount }) => amount)),
    );
  return { driver, send, posted, owed };
}

describe('the price of a month', () => {
  it.each([
    ['graduated', 100, '0.000100000'],
    ['graduated', 101, '0.000100300'],
    ['graduated', 1_000, '0.000370000'],
    ['graduated', 1_001, '0.000370007'],
    ['volume', 100, '0.000100000'],
    ['volume', 101, '0.000030300'],
    ['volume', 1_000, '0.000300000'],
    ['volume', 1_001, '0.000007007'],
  ])('of %s tiers at %i units is %s, to the last digit', (mode, quantity, expected) => {
    const tiers = mode === 'volume' ? volume : graduated;
    const first = moneyOf((BigInt(quantity) * unitsOf('1')) / 1_000_000n);
    expect(total([first, tierDifference(priced(tiers), quantity)])).toBe(expected);
    expect(costOf(tiers, quantity)).toBe(expected);
  });

  it('is nothing more for no units, for fewer, and without tiers', () => {
    for (const quantity of [0, -5]) expect(tierDifference(priced(graduated), quantity)).toBe('0.000000000');
    expect(tierDifference(priced(null), 5_000)).toBe('0.000000000');
  });

  it.each([
    ['no step', { mode: 'graduated', steps: [] }],
    ['steps that do not ascend', { ...graduated, steps: [...graduated.steps, { above: 1_000, unitPrice: '1' }] }],
    ['a step from the first unit on', { ...graduated, steps: [{ above: 0, unitPrice: '1' }] }],
    ['another mode', { ...graduated, mode: 'stairs' }],
    ['a price of four digits', { ...graduated, steps: [{ above: 5, unitPrice: '0.0001' }] }],
  ])('is refused with %s', (_, tiers) => {
    expect(faultOf([priced(tiers)])).not.toBeNull();
    expect(faultOf([priced(graduated)])).toBeNull();
  });
});

describe.each([
  ['graduated', graduated],
  ['volume', volume],
])('%s tiers', (_, tiers) => {
  it('count the use of all models and places of a tenant together, and post the difference alone', () => {
    const { send, posted, owed } = platform([priced(tiers)]);
    send(metered('a', 60), 0);
    send(metered('b', 60, 'large'), 5);
    send(metered('c', 2_000), 7);
    expect(owed()).toBe(costOf(tiers, 2_120));
    const tier = posted().filter(({ kind }) => kind === 'tier');
    expect(tier.map(({ use }) => use.calls)).toEqual([60, 120, 2_120]);
    expect(tier.at(-1)).toMatchObject({ total: [{ meter: 'prompt_tokens.tiers', resource: '*', unitPrice: null }] });
    expect(posted().every(({ legs }) => balances(legs))).toBe(true);
  });

  it('begin again in the next month, and in the next version', () => {
    const { driver, send, owed } = platform([priced(tiers)], Date.UTC(2026, 10, 30, 23, 59, 59));
    send(metered('a', 900));
    driver.advance(2_000);
    send(metered('b', 900));
    driver.append(version([priced(tiers)], 2, NOW));
    send(metered('c', 900));
    expect(owed()).toBe(total(Array(3).fill(costOf(tiers, 900))));
  });

  it('follow a correction and a reversal over an edge', () => {
    const { driver, send, owed } = platform([priced(tiers)]);
    send(metered('a', 90));
    send(metered('b', 1_000));
    driver.advance(1);
    send(corrected('b', 10));
    expect(owed()).toBe(costOf(tiers, 100));
    driver.advance(1);
    send(corrected('b', 11));
    expect(owed()).toBe(costOf(tiers, 101));
    driver.advance(1);
    send(corrected('a', null));
    expect(owed()).toBe(costOf(tiers, 11));
  });

  it('end at the same sum for every order of charges, late reports and corrections', () => {
    const reports = [
      ...[metered('a', 70), metered('b', 31), metered('c', 900), metered('d', 1_400)],
      ...[metered('b', 31), metered('e', 0), metered('f', 1)],
    ];
    fc.assert(
      fc.property(
        fc.shuffledSubarray(reports, { minLength: reports.length }),
        fc.array(fc.nat(7), { minLength: 7, maxLength: 7 }),
        (order, places) => {
          const { send, owed, posted } = platform([priced(tiers)]);
          for (const [nth, record] of order.entries()) {
            // Reports of a request come in its place.
            send(record, (places['abcdef'.indexOf(record.data.requestId)] ?? nth) % 8);
          }
          expect(owed()).toBe(costOf(tiers, 2_402));
          expect(posted().every(({ legs }) => balances(legs))).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are part of what-if', () => {
    const use = (resource: string, promptTokens: number) => ({ ...noUse, resource, promptTokens, currency: 'USD' });
    const own = priced(null, { resource: 'own', unitPrice: '2.000' });
    const { totals } = whatIf([use('small', 600), use('large', 600), use('own', 5_000)], {
      ...{ currency: 'USD', prices: [priced(tiers), own] },
    });
    expect(totals).toMatchObject([{ priced: total([costOf(tiers, 1_200), '0.010000000']) }]);
  });
});

it('a charge whose price has no tiers counts for none', () => {
  const { driver, send } = platform([priced(null)]);
  send(metered('a', 5_000));
  expect(driver.records('billing.tiered-use')).toEqual([]);
});
