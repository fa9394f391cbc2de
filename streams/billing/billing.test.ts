import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balances, net } from '../../schemas/contexts/billing/accounts.ts';
import { CHARGE_OPEN_MS } from '../../schemas/contexts/billing.ts';
import {
  budgetReserved,
  budgetSettled,
  type CorrectCharge,
  correctCharge,
  type LedgerLeg,
  priceVersion,
  type SlmMetered,
  slmMetered,
} from '../../schemas/generated/records.ts';
import { createDriver } from '../kernel/driver.ts';
import type { AnyRecord } from '../kernel.ts';
import { billing } from './billing.ts';
import type { ChargeState } from './charge.ts';

const NOW = Date.UTC(2026, 10, 25, 12);
const HOUR_MS = 3_600_000;
const PLACE = 'demo/0';
const processor = billing('USD');

const metered = (prompt: number, changes: Partial<SlmMetered> = {}) =>
  slmMetered({
    ...{ subjectId: 's', origin: 'conversation', requestId: 'r', tenantId: 'demo', sessionId: 's', turnId: 'r' },
    ...{ provider: 'p', modelId: 'small', outcome: 'completed', tokensConsumed: { prompt, completion: 2 } },
    ...{ latencyMs: 5, timeToFirstTokenMs: 1, cost: `0.000${prompt}000`, currency: 'USD', deltas: null, ...changes },
  });
const reserved = (cost = '0.000500000') =>
  budgetReserved({
    prepaid: false,
    place: PLACE,
    requestId: 'r',
    decisionId: 'd',
    tokens: 9,
    cost,
    expiresAt: NOW + HOUR_MS,
  });
const unused = () =>
  budgetSettled({
    costDrawn: null,
    ...{ place: PLACE, requestId: 'r', outcome: 'unused', tokens: 0, cost: '0.000000000' },
    ...{ tokensReserved: 9, costReserved: '0.000500000', tokensReleased: 9, costReleased: '0.000500000' },
  });
const correction = (changes: Partial<CorrectCharge> = {}) =>
  correctCharge({
    ...{ chargeId: 'r', principal: 'user:ana', principalTenant: 'demo', capabilities: ['billing:correct:demo'] },
    ...{ tenantId: 'demo', reverses: false, promptTokens: null, completionTokens: null, calls: null, cost: null },
    ...{ reason: 'The provider was wrong', ...changes },
  });
const prices = (version: number, effectiveFrom: number, unitPrice: string) =>
  priceVersion({
    ...{ versionId: `prices/${version}`, version, effectiveFrom, currency: 'USD', note: '' },
    prices: [{ meter: 'prompt_tokens', resource: '*', unitPrice, tiers: null }],
  });

function play(records: readonly AnyRecord[], { passMs = 0 } = {}) {
  const driver = createDriver({ processors: [processor], startMs: NOW });
  for (const record of records) {
    driver.append(record, { place: PLACE });
    driver.run();
  }
  if (passMs > 0) driver.advance(passMs);
  driver.run();
  expect(driver.deadLetters).toEqual([]);
  const ledger = driver.records('billing.ledger').map(({ record }) => record);
  const posted: LedgerLeg[] = [];
  const pending: LedgerLeg[] = [];
  for (const { type, data } of ledger) {
    if (type === 'LedgerReserved' || type === 'LedgerVoided') pending.push(...data.legs);
    if (type === 'LedgerPosted') {
      posted.push(...data.legs);
      pending.push(...data.released);
      expect(balances(data.legs) && balances(data.released)).toBe(true);
    }
  }
  return {
    driver,
    ledger,
    posted: net(posted),
    pending: net(pending),
    state: driver.state('billing', 'r') as ChargeState,
  };
}
const typesOf = (records: readonly AnyRecord[]) =>
  records.map(({ type, data }) => (type === 'LedgerPosted' ? data.kind : type));
const owed = (legs: readonly LedgerLeg[]) => legs.find(({ account }) => account === 'tenant:demo:payable')?.amount;

const legsIn = (record: AnyRecord | undefined) => (record?.type === 'LedgerPosted' ? record.data.legs : []);
const transactionIn = (record: AnyRecord | undefined) =>
  record?.type === 'LedgerPosted' || record?.type === 'LedgerReserved' ? record.data.transactionId : '';

describe('a charge', () => {
  it('is reserved, posted by what was metered, and the rest is void in the same transaction', () => {
    const { ledger, posted, pending } = play([reserved(), metered(123)]);
    expect(typesOf(ledger)).toEqual(['LedgerReserved', 'charge']);
    expect(ledger[1]?.data).toMatchObject({
      settles: transactionIn(ledger[0]),
      priceVersion: 0,
    });
    expect([owed(posted), pending]).toEqual(['0.000123000', []]);
  });

  it('that used nothing is void, at once or when its reservation expires', () => {
    expect(typesOf(play([reserved(), unused()]).ledger)).toEqual(['LedgerReserved', 'LedgerVoided']);
    const expired = play([reserved()], { passMs: HOUR_MS + 1 });
    expect(expired.ledger.at(-1)).toMatchObject({ type: 'LedgerVoided', data: { reason: 'expired' } });
    expect([expired.pending, expired.posted]).toEqual([[], []]);
  });

  it('without an estimate is posted alone', () => {
    expect(typesOf(play([metered(123)]).ledger)).toEqual(['charge']);
    expect(typesOf(play([reserved('0.000000000')]).ledger)).toEqual([]);
  });

  it('of a simulated request is none', () => {
    const meta = { id: 'x', tenantId: 'demo', timeMs: NOW, simulation: 'd1' } as never;
    expect(processor.key(metered(123), meta)).toBeNull();
  });

  it('is rated by the prices of the time of use, and names their version', () => {
    const { ledger, posted } = play([prices(1, NOW - 1, '1'), prices(2, NOW + HOUR_MS, '9'), metered(123)]);
    expect(ledger.at(-1)).toMatchObject({ type: 'LedgerPosted', data: { priceVersion: 1 } });
    expect(owed(posted)).toBe('0.000123000');
  });

  it('takes only the difference of a later report, and names what it corrects', () => {
    const { ledger, posted } = play([metered(123), correction({ cost: '0.000100000' })]);
    const [first, second] = ledger;
    expect(second).toMatchObject({ type: 'LedgerPosted', data: { kind: 'adjustment', by: 'user:ana' } });
    expect(second?.data).toMatchObject({ corrects: transactionIn(first) });
    expect(owed(legsIn(second))).toBe('-0.000023000');
    expect(owed(posted)).toBe('0.000100000');
  });

  it('is reversed whole, and a late report does not bring it back', () => {
    const { ledger, posted } = play([metered(123), correction({ reverses: true }), metered(200)]);
    expect(typesOf(ledger)).toEqual(['charge', 'reversal']);
    expect(posted).toEqual([]);
  });

  it('is corrected again after a reversal', () => {
    const { posted } = play([metered(123), correction({ reverses: true }), correction({ cost: '0.000000007' })]);
    expect(owed(posted)).toBe('0.000000007');
  });

  it.each([
    ['CAPABILITY_MISSING', correction({ capabilities: ['billing:correct:acme', 'billing:read'] })],
    ['CHARGE_UNKNOWN', correction({ tenantId: 'acme', capabilities: ['*'] })],
  ])('is not corrected with %s', (code, command) => {
    const { ledger } = play([metered(123), command]);
    expect(ledger.at(-1)).toMatchObject({ type: 'CorrectionRefused', data: { code } });
  });

  it('takes reports for 40 days; its state is dropped then', () => {
    const { state, ledger } = play([metered(123)], { passMs: CHARGE_OPEN_MS + 1 });
    expect(typesOf(ledger)).toEqual(['charge', 'ChargeClosed']);
    expect(state ?? { status: 'absent' }).toEqual({ status: 'absent' });
  });
});

describe('for every order of late and repeated reports', () => {
  interface Delivery {
    readonly record: AnyRecord;
    readonly id: string;
    readonly timeMs: number;
  }
  const reports: readonly Delivery[] = [
    { record: reserved(), id: 'a', timeMs: NOW },
    { record: metered(123), id: 'b', timeMs: NOW + 2 },
    { record: metered(150), id: 'c', timeMs: NOW + 2 },
    { record: metered(150), id: 'd', timeMs: NOW + 1 },
    { record: metered(170), id: 'e', timeMs: NOW + 1 },
    { record: metered(123), id: 'b', timeMs: NOW + 2 },
    { record: unused(), id: 'f', timeMs: NOW + 3 },
  ];
  const tables = { prices: new Map() };

  /** Folds reports in an order, then lets every timer of the state fire. */
  function folded(order: readonly Delivery[]) {
    let state: unknown = processor.initial;
    const legs: { posted: LedgerLeg[]; pending: LedgerLeg[] } = { posted: [], pending: [] };
    const take = ({ record, id, timeMs }: Delivery) => {
      const outputs = processor.decide(state, record, { id, tenantId: 'demo', timeMs } as never, tables);
      for (const output of outputs) {
        if (output.type === 'LedgerPosted') {
          legs.posted.push(...output.data.legs);
          legs.pending.push(...output.data.released);
        } else if (output.type === 'LedgerReserved' || output.type === 'LedgerVoided')
          legs.pending.push(...output.data.legs);
        state = processor.evolve(state, output);
      }
    };
    for (const delivered of order) take(delivered);
    for (const { record, atMs } of processor.timers?.due(state, 'r') ?? [])
      if (atMs <= NOW + HOUR_MS) take({ record, id: 't', timeMs: atMs });
    return { posted: net(legs.posted), pending: net(legs.pending) };
  }

  it('ends at the same balance, with nothing pending', () => {
    const expected = folded(reports);
    expect(owed(expected.posted)).toBe('0.000150000');
    fc.assert(
      fc.property(fc.shuffledSubarray([...reports], { minLength: reports.length }), (order) => {
        expect(folded(order)).toEqual({ posted: expected.posted, pending: [] });
      }),
      { numRuns: 500 },
    );
  });

  it('posts a record once, however often it is delivered', () => {
    const one = { record: metered(123), id: 'b', timeMs: NOW };
    expect(folded([one, one, one])).toEqual(folded([one]));
  });
});
