import { describe, expect, it } from 'vitest';
import { costOf, nothing } from '../../schemas/amount.ts';
import {
  budgetReserved,
  budgetSettled,
  grantLease,
  leaseGivenBack,
  leaseReceived,
  leaseRequested,
  recallLease,
  returnLease,
  type SlmMetered,
  settleLease,
  slmMetered,
  toolCallCompleted,
  toolCallRefused,
  turnFailed,
  turnRefused,
} from '../../schemas/generated/records.ts';
import { scenarios } from '../kernel/testing.ts';
import type { AnyRecord } from '../kernel.ts';
import { allowed, aTenant, denied, SESSION } from '../testing.ts';
import { RESERVATION_MS } from './lease-account.ts';
import { policy } from './policy.ts';
import { engineWith, options, PRICE } from './testing.ts';

const NOW = Date.UTC(2026, 0, 1, 12);
const MINUTE = 60_000;
const PLACE = 'demo/0';
const { given } = scenarios(policy(engineWith(), options), { startMs: NOW, places: 1 });
const withBudget = aTenant([{ window: 'day', tokensMax: 1_000, costMax: null }]);

const priced = (tokens: number) => ({ tokens, cost: costOf(tokens, PRICE) });
const keeps = (tokens: number) => ({ tokensKept: tokens, costKept: priced(tokens).cost });
const releases = (tokens: number) => ({ tokensReleased: tokens, costReleased: priced(tokens).cost });
const holds = (tokens: number) => ({ tokensReserved: tokens, costReserved: priced(tokens).cost });
const leased = (tokens: number, kept = 0) =>
  leaseReceived({ prepaid: false, place: PLACE, subjectId: null, ...priced(tokens), ...keeps(kept), at: NOW });
/** A request that holds 300 tokens of the lease. */
const reserved = (requestId: string, expiresAt = NOW + RESERVATION_MS) =>
  budgetReserved({ prepaid: false, place: PLACE, requestId, decisionId: 'd', ...priced(300), expiresAt });
const running = [leased(300), reserved('turn-1')];

const metered = (tokens: number, changes: Partial<SlmMetered> = {}) =>
  slmMetered({
    ...{ subjectId: SESSION, origin: 'conversation', requestId: 'turn-1', tenantId: 'demo', sessionId: SESSION },
    ...{ turnId: 'turn-1', provider: 'test', modelId: 'model-1', outcome: 'completed', latencyMs: 12 },
    ...{ tokensConsumed: { prompt: tokens, completion: 0 }, timeToFirstTokenMs: 3, cost: priced(tokens).cost },
    ...{ deltas: null, currency: 'USD', ...changes },
  });
const refused = (decision: typeof allowed) =>
  turnRefused({ sessionId: SESSION, turnId: 'turn-1', sequence: 2, code: 'C', detail: 'd', decision, shortfall: null });
/** The end of a call of a tool that holds 0.3 of the lease. */
const called = (cost: string) =>
  toolCallCompleted({
    sessionId: null,
    ...{
      callId: 'call-1',
      toolId: 'demo/weather',
      attempt: 1,
      outcome: 'succeeded',
      code: null,
      detail: '',
      output: null,
      preview: null,
    },
    ...{ verified: false, tier: 'declared', walls: [], latencyMs: 1, requests: [], cost, labels: [], runId: null },
    findings: [],
    refusal: null,
    rate: null,
  });
const callRefused = (decision: typeof allowed) =>
  toolCallRefused({
    chain: null,
    ...{ callId: 'call-1', toolId: 'demo/weather', principal: 'p', code: 'C', detail: 'd', decision, shortfall: null },
    runId: null,
  });
const moneyOf = (cost: string) => ({ tokens: 0, cost });
const calling = [
  leaseReceived({
    prepaid: false,
    ...{ place: PLACE, subjectId: null, ...moneyOf('0.300000000'), tokensKept: 0, costKept: nothing.cost, at: NOW },
  }),
  budgetReserved({
    prepaid: false,
    ...{
      place: PLACE,
      requestId: 'call-1',
      decisionId: 'd',
      ...moneyOf('0.300000000'),
      expiresAt: NOW + RESERVATION_MS,
    },
  }),
];
const end = { place: PLACE, requestId: 'turn-1' };
const unused = { ...end, outcome: 'unused', ...nothing } as const;
const used = (tokens: number) => ({ ...end, outcome: 'used', ...priced(tokens) }) as const;
const givenBack = (tokens: number, recalled: boolean): readonly AnyRecord[] => [
  returnLease({ tenantId: 'demo', place: PLACE, ...priced(tokens), recalled }),
  leaseGivenBack({ place: PLACE, ...priced(tokens) }),
];

describe('a request that has ended', () => {
  it('spends what it used, and returns the rest while the budget is scarce', () => {
    given(...running, withBudget)
      .when(metered(40))
      .then(
        budgetSettled({ costDrawn: null, ...used(40), ...holds(300), ...releases(300) }),
        settleLease({ costDrawn: null, tenantId: 'demo', ...used(40), ...releases(300) }),
      );
  });

  it('leaves its rest to the place, up to twice of what that may keep', () => {
    const keeping = (kept: number) =>
      given(leased(300, kept), reserved('turn-1'), withBudget)
        .when(metered(40))
        .records.map(({ data }) => 'tokensReleased' in data && data.tokensReleased);
    expect(keeping(130)).toEqual([40, 40]);
    expect(keeping(129)).toEqual([300 - 129, 300 - 129]);
  });

  it('spends more than it had reserved when it used more, and shrinks the lease by what it held', () => {
    const [settled, report] = given(...running, withBudget).when(metered(340)).records;
    expect(settled?.data).toMatchObject({ ...priced(340), ...releases(300) });
    expect(report?.data).toMatchObject({ ...priced(340), ...releases(300) });
  });

  it('is reported too when it failed: its reservation lasts until then', () => {
    const { records } = given(...running, withBudget).when(metered(0, { outcome: 'failed' }));
    expect(records[1]).toEqual(settleLease({ costDrawn: null, tenantId: 'demo', ...used(0), ...releases(300) }));
  });

  it('returns its reservation when its turn was refused after policy had allowed it', () => {
    given(...running, withBudget)
      .when(refused(allowed))
      .then(
        budgetSettled({ costDrawn: null, ...unused, ...holds(300), ...releases(300) }),
        settleLease({ costDrawn: null, tenantId: 'demo', ...unused, ...releases(300) }),
      );
  });

  it.each([
    ['spends the cost of a call of a tool', called('0.200000000'), 'used', '0.200000000'],
    ['returns the reservation of a call that cost nothing', called(nothing.cost), 'unused', nothing.cost],
    [
      'returns that of a call that was refused after policy had allowed it',
      callRefused(allowed),
      'unused',
      nothing.cost,
    ],
  ])('%s', (_, record, outcome, cost) => {
    expect(given(...calling, withBudget).when(record).records).toMatchObject([
      { type: 'BudgetSettled', data: { requestId: 'call-1', outcome, cost, costReserved: '0.300000000' } },
      { type: 'SettleLease', data: { requestId: 'call-1', outcome, cost, costReleased: '0.300000000' } },
    ]);
  });

  it('says nothing to the ledger when it used nothing and the place keeps the rest', () => {
    const { records } = given(leased(300, 300), reserved('turn-1'), withBudget).when(refused(allowed));
    expect(records).toEqual([budgetSettled({ costDrawn: null, ...unused, ...holds(300), ...releases(0) })]);
  });

  it('is settled once, also when its tenant has no budget any more', () => {
    expect(given(...running).when(metered(40)).records).toHaveLength(2);
    const settled = budgetSettled({ costDrawn: null, ...unused, ...holds(300), ...releases(300) });
    expect(given(...running, settled, withBudget).when(refused(allowed)).records).toEqual([]);
  });

  it('spends its use without a reservation when its tenant had no budget at its begin', () => {
    const { records } = given(withBudget).when(metered(40));
    expect(records[1]).toEqual(settleLease({ costDrawn: null, tenantId: 'demo', ...used(40), ...releases(0) }));
  });

  it.each([
    ['a turn that policy denied: it had no reservation', refused(denied), [withBudget]],
    ['a refused turn without a reservation', refused(allowed), [withBudget]],
    ['a request of a tenant without a budget', metered(40), []],
    ['a call of a tool that cost nothing', called(nothing.cost), [withBudget]],
    ['a call that policy denied', callRefused(denied), [withBudget]],
    [
      'a turn that failed: its use comes with the metrics',
      turnFailed({ sessionId: SESSION, turnId: 'turn-1', sequence: 3, code: 'X', detail: 'x', refusal: null }),
      [withBudget],
    ],
  ])('is not what %s is', (_, record, before) => {
    given(...before)
      .when(record)
      .then();
  });
});

describe('the lease of a place', () => {
  it('grows by what the ledger leases ahead', () => {
    const grant = { place: PLACE, ...priced(900), ...keeps(900) };
    const { records, state } = given(
      leaseRequested({ place: PLACE, number: null, subjectId: null, tokensReturned: 0, costReturned: nothing.cost }),
    ).when(grantLease(grant));
    expect(records).toEqual([leaseReceived({ prepaid: false, ...grant, subjectId: null, at: NOW })]);
    expect(state).toMatchObject({ account: { unused: priced(900), askedAhead: false } });
  });

  it('is returned on recall as far as it is unused, and the answer comes also when nothing is', () => {
    given(leased(900, 900), reserved('turn-1'))
      .when(recallLease({ place: PLACE }))
      .then(...givenBack(600, true));
    given()
      .when(recallLease({ place: PLACE }))
      .then(...givenBack(0, true));
  });

  it('is spent by no command after it was recalled', () => {
    const { state } = given(leased(900, 900)).when(recallLease({ place: PLACE }));
    expect(state).toMatchObject({ account: { unused: nothing, kept: nothing } });
  });

  it('is returned when it is idle: after a minute without use, and within two', () => {
    const history = given(withBudget, grantLease({ place: PLACE, ...priced(900), ...keeps(900) }));
    expect(history.after(2 * MINUTE - 1).records).toEqual([]);
    expect(history.after(2 * MINUTE).records.slice(1)).toEqual(givenBack(900, false));
  });

  it('releases the reservation of a request whose end is never reported, after two hours', () => {
    const history = given(
      ...[leased(600), reserved('lost'), reserved('young', NOW + 2 * RESERVATION_MS)],
      grantLease({ place: PLACE, ...nothing, ...keeps(0) }),
    );
    expect(history.after(RESERVATION_MS).records).toEqual([]);
    const { records, state } = history.after(RESERVATION_MS + MINUTE);
    expect(records.slice(1)).toEqual([
      budgetSettled({ costDrawn: null, ...unused, requestId: 'lost', ...holds(300), ...releases(300) }),
      settleLease({ costDrawn: null, tenantId: 'demo', ...unused, requestId: 'lost', ...releases(300) }),
    ]);
    expect(state).toMatchObject({ account: { open: { young: priced(300) } } });
  });
});
