import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf } from '../../schemas/amount.ts';
import {
  type BudgetLimit,
  budgetReserved,
  budgetSettled,
  type SettleBudget,
  settleBudget,
  tokensRevoked,
} from '../../schemas/generated/records.ts';
import { createDriver } from '../kernel/driver.ts';
import { scenarios } from '../kernel/testing.ts';
import type { AnyRecord, RecordOf } from '../kernel.ts';
import { anEmbedding, anInference, aStart, aTenant, aTurn } from '../testing.ts';
import { overdrawn, requestOf, tokensMax } from './budget.ts';
import { emptyLedger, type Ledger, RESERVATION_MS, RESERVATIONS_MAX } from './ledger.ts';
import { policy } from './policy.ts';
import type { Recorded } from './recorded.ts';
import { decideAgain, flipUnder } from './replay.ts';
import { initial, type PolicyState } from './state.ts';
import { activated, engineWith, options, permitAll, published, verified } from './testing.ts';

const NOW = Date.UTC(2026, 0, 1, 12);
const TODAY = '2026-01-01';
const DAY = 24 * 60 * 60 * 1000;
const { given } = scenarios(policy(engineWith(), options), { startMs: NOW });
const inForce = [published('1'), activated('1')];

const day = (tokensMaxOfDay: number): BudgetLimit => ({ window: 'day', tokensMax: tokensMaxOfDay, costMax: null });
const ASKED = tokensMax(anInference());
const priced = (tokens: number) => ({ tokens, cost: costOf(tokens, options.pricePerMillionTokens) });
const reserved = (requestId: string, tokens = ASKED, expiresAt = NOW + RESERVATION_MS) =>
  budgetReserved({ tenantId: 'demo', requestId, decisionId: 'd', ...priced(tokens), expiresAt });
const settled = (requestId: string, tokens: number, on = TODAY, held = 0) => {
  const { tokens: tokensReserved, cost: costReserved } = priced(held);
  const end = { tenantId: 'demo', requestId, outcome: 'used', ...priced(tokens) } as const;
  return budgetSettled({ ...end, tokensReserved, costReserved, day: on });
};
const ends = (requestId: string, tokens: number, changes: Partial<SettleBudget> = {}) =>
  settleBudget({ tenantId: 'demo', requestId, outcome: 'used', ...priced(tokens), ...changes });
const ledgerOf = (state: unknown): Ledger => ((state ?? initial) as PolicyState).ledger;
const decisionIn = (records: readonly AnyRecord[]): RecordOf<'PolicyDecided'>['data'] => {
  const [first] = records;
  if (first?.type !== 'PolicyDecided') throw new Error('the first record is the decision');
  return first.data;
};

describe('a request of a tenant with a budget', () => {
  it('is reserved for in the records of its decision, by the most that it can use', () => {
    const { records } = given(...inForce, aTenant([day(10_000)])).when(anInference());
    const { decision, budget } = decisionIn(records);
    expect(decision.outcome).toBe('allow');
    expect(budget).toEqual({
      ...priced(ASKED),
      openRequests: 0,
      standings: [{ window: 'day', tokensMax: 10_000, tokensTaken: 0, costMax: null, costTaken: '0.000000000' }],
    });
    expect(records.slice(1)).toEqual([
      budgetReserved({
        tenantId: 'demo',
        requestId: 'request-1',
        decisionId: decision.decisionId,
        ...priced(ASKED),
        expiresAt: NOW + RESERVATION_MS,
      }),
    ]);
  });

  it.each([
    ['what others hold', [reserved('other')]],
    ['what was spent today', [settled('other', ASKED)]],
  ])('is refused when %s leaves too little, and nothing is reserved', (_, before) => {
    const tenant = aTenant([day(2 * ASKED - 1)]);
    const { records } = given(...before, ...inForce, tenant).when(anInference());
    expect(records).toHaveLength(1);
    expect(decisionIn(records).decision).toMatchObject({
      outcome: 'deny',
      reasons: ['BUDGET_EXCEEDED'],
      clauses: ['budget:day:tokens'],
      constitutionVersion: '1',
    });
  });

  it('is allowed when it just fits', () => {
    const { records } = given(reserved('other'), ...inForce, aTenant([day(2 * ASKED)])).when(anInference());
    expect(decisionIn(records).decision.outcome).toBe('allow');
  });

  it('may use today what was spent on another day, but not what was spent for ever', () => {
    const yesterday = [reserved('other'), settled('other', ASKED, '2025-12-31', ASKED)];
    const asked = (limit: BudgetLimit) =>
      decisionIn(given(...yesterday, ...inForce, aTenant([limit])).when(anInference()).records).decision;
    expect(asked(day(ASKED)).outcome).toBe('allow');
    expect(asked({ ...day(ASKED), window: 'total' })).toMatchObject({ clauses: ['budget:total:tokens'] });
  });

  it('is held against money by the price of its tokens', () => {
    const most = (costMax: string) => aTenant([{ window: 'day', tokensMax: null, costMax }]);
    const { cost } = priced(ASKED);
    expect(decisionIn(given(...inForce, most(cost)).when(anInference()).records).decision.outcome).toBe('allow');
    const tooDear = given(...inForce, most('0.000000001')).when(anInference()).records;
    expect(decisionIn(tooDear).decision.clauses).toEqual(['budget:day:cost']);
  });

  it('holds its part once, however often it is asked for while it runs', () => {
    const tenant = aTenant([day(ASKED)]);
    const { records } = given(reserved('request-1'), ...inForce, tenant).when(anInference());
    expect(records).toHaveLength(1);
    expect(decisionIn(records)).toMatchObject({ decision: { outcome: 'allow' }, budget: { tokens: 0 } });
  });

  it('reserves nothing when the constitution denies it', () => {
    const { records } = given(...inForce, aTenant([day(10_000)])).when(anInference({ prompt: 'gold' }));
    expect(records).toHaveLength(1);
    expect(decisionIn(records)).toMatchObject({ budget: null, decision: { outcome: 'deny' } });
  });

  it('is refused when too many have not ended, whatever they hold', () => {
    const claim = { ...priced(1), standings: [], openRequests: RESERVATIONS_MAX };
    expect(overdrawn(claim)).toEqual(['budget:open-requests']);
    expect(overdrawn({ ...claim, openRequests: RESERVATIONS_MAX - 1 })).toEqual([]);
  });
});

it('a session that starts without a prompt asks for nothing, and one with a prompt for its turn', () => {
  const tenant = aTenant([day(1)]);
  expect(decisionIn(given(...inForce, tenant).when(aStart()).records)).toMatchObject({
    budget: null,
    decision: { outcome: 'allow' },
  });
  const [started] = [aStart({ prompt: 'hello', turnId: 'turn-1' })];
  expect(requestOf(started)).toBe('turn-1');
  expect(decisionIn(given(...inForce, tenant).when(started).records).decision.outcome).toBe('deny');
});

it.each([
  ['an answer', anInference({ prompt: 'ab', maxTokens: 10 }), 2 + 16 + 10],
  ['letters beyond ASCII', anInference({ prompt: 'ñ', maxTokens: 10 }), 2 + 16 + 10],
  ['an answer of the default length', anInference({ prompt: '' }), 16 + 256],
  ['an answer longer than any', anInference({ prompt: '', maxTokens: 99_999 }), 16 + 2_048],
  ['embeddings', anEmbedding({ input: ['ab', 'c'] }), 2 + 16 + 1 + 16],
  ['a first turn', aStart({ prompt: 'ab', maxTokens: 10 }), 512 + 2 + 16 + 10],
  ['a later turn', aTurn('t', { prompt: 'ab', maxTokens: 10 }), 512 + 2_048 + 2 + 16 + 10],
])('the most that %s can use', (_, command, tokens) => {
  expect(tokensMax(command)).toBe(tokens);
});

describe('a request that has ended', () => {
  it('gives back what it held, and spends what it used', () => {
    const { records, state } = given(reserved('a', 300), aTenant([day(1_000)])).when(ends('a', 40));
    expect(records).toEqual([settled('a', 40, TODAY, 300)]);
    expect(ledgerOf(state)).toEqual({ ...emptyLedger, spent: priced(40), day: TODAY, spentToday: priced(40) });
  });

  it('gives it back also when no model was asked', () => {
    const { state } = given(reserved('a', 300)).when(ends('a', 0, { outcome: 'unused' }));
    expect(ledgerOf(state)).toMatchObject({ open: {}, held: priced(0), spent: priced(0) });
  });

  it('spends also what was never held: its tenant had no budget when it began', () => {
    expect(ledgerOf(given(reserved('a', 300)).when(ends('z', 40)).state)).toMatchObject({
      spent: priced(40),
      held: priced(300),
    });
  });

  it('changes nothing when it neither held nor used anything', () => {
    expect(given(reserved('a', 300)).when(ends('z', 0, { outcome: 'unused' })).records).toEqual([]);
  });

  it('spends on the day that runs, although it tells of an earlier one', () => {
    const tomorrow = settled('b', 5, '2026-01-02');
    const { records } = given(tomorrow).when(ends('a', 40));
    expect(records).toMatchObject([{ data: { day: '2026-01-02' } }]);
  });
});

it('what was never told to have ended is given back after two hours, with the next decision', () => {
  const past = reserved('lost', ASKED, NOW);
  const { records, state } = given(past, reserved('young', 10), ...inForce, aTenant([day(ASKED + 10)])).when(
    anInference(),
  );
  expect(records.map(({ type }) => type)).toEqual(['PolicyDecided', 'BudgetSettled', 'BudgetReserved']);
  expect(Object.keys(ledgerOf(state).open)).toEqual(['young', 'request-1']);
});

describe('settings of a tenant', () => {
  const refused = (tenant: AnyRecord, command = anInference({ model: 'large' })) =>
    decisionIn(given(...inForce, tenant).when(command).records).decision;

  it('stop everything of one that is suspended', () => {
    const suspended = refused(aTenant([], { status: 'suspended' }));
    expect(suspended).toMatchObject({ outcome: 'deny', reasons: ['TENANT_SUSPENDED'], clauses: ['tenant:3'] });
  });

  it('leave models out, and nothing else', () => {
    expect(refused(aTenant([], { models: ['small'] }))).toMatchObject({ reasons: ['TENANT_MODEL_NOT_ALLOWED'] });
    expect(refused(aTenant([], { models: ['small', 'large'] })).outcome).toBe('allow');
  });

  it('mean no other tenant', () => {
    expect(refused(aTenant([day(0)], { tenantId: 'other', status: 'suspended' })).outcome).toBe('allow');
  });
});

describe('a token that was taken back', () => {
  const credential = { sessionId: 's', issuedAt: NOW - 1_000 };
  const revoked = (scope: string, issuedUntil = NOW) =>
    tokensRevoked({ scope, issuedUntil, revokedBy: 'ana', reason: 'lost' });
  const asked = (record: AnyRecord, of: typeof credential | null = credential) =>
    decisionIn(given(...inForce, record).when(aTurn('t', { credential: of })).records).decision;

  it.each(['tenant', 'session:s', 'principal:key-1'])('starts nothing any more: %s', (scope) => {
    expect(asked(revoked(scope))).toMatchObject({ reasons: ['TOKEN_REVOKED'], clauses: [`revocation:${scope}`] });
  });

  it('is no other token, and no API key', () => {
    expect(asked(revoked('tenant', NOW - 2_000)).outcome).toBe('allow');
    expect(asked(revoked('session:other')).outcome).toBe('allow');
    expect(asked(revoked('tenant'), null).outcome).toBe('allow');
  });
});

describe('a decision made again', () => {
  const run = (...tenants: readonly AnyRecord[]): readonly Recorded[] => {
    const driver = createDriver({ processors: [policy(engineWith(), options)] });
    for (const record of [...inForce, ...tenants]) driver.append(record);
    const credential = { sessionId: 's', issuedAt: NOW };
    for (const requestId of ['a', 'b', 'c']) driver.append(anInference({ requestId, model: 'large', credential }));
    driver.run();
    return driver
      .records('policy.decisions')
      .map(({ record, meta }) => ({ record: record as RecordOf<'PolicyDecided'>, meta }));
  };
  const known = new Map([['d1', verified]]);

  it.each([
    ['a budget that two requests use up', aTenant([day(2 * ASKED)])],
    ['a suspended tenant', aTenant([], { status: 'suspended' })],
    ['a revocation', tokensRevoked({ scope: 'session:s', issuedUntil: NOW, revokedBy: 'ana', reason: 'lost' })],
    ['a tenant without the model', aTenant([], { models: ['small'] })],
  ])('equals the one in the log under %s, and no constitution turns its refusal', (_, tenant) => {
    const decisions = run(tenant);
    expect(decisions.some(({ record }) => record.data.decision.outcome === 'deny')).toBe(true);
    for (const decision of decisions) {
      expect(decideAgain(permitAll, known, decision)).toEqual(decision.record);
      expect(flipUnder(permitAll, verified, decision)).toBeNull();
    }
  });
});

it('is never overdrawn, whatever is asked for and however it ends', () => {
  const LIMIT = 3_000;
  const steps = fc.array(
    fc.oneof(
      fc.record({ ask: fc.nat(20), length: fc.integer({ min: 1, max: 90 }) }),
      fc.record({ end: fc.nat(20), share: fc.double({ min: 0, max: 1, noNaN: true }), used: fc.boolean() }),
      fc.record({ waitMs: fc.integer({ min: 1, max: DAY }) }),
    ),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(steps, (history) => {
      const driver = createDriver({ processors: [policy(engineWith(), options)], startMs: NOW });
      for (const record of [...inForce, aTenant([day(LIMIT), { ...day(4 * LIMIT), window: 'total' }])])
        driver.append(record);
      for (const step of history) {
        if ('waitMs' in step) driver.advance(step.waitMs);
        else if ('ask' in step)
          driver.append(anInference({ requestId: `r${step.ask}`, prompt: 'x'.repeat(step.length) }));
        else {
          const { open } = ledgerOf(driver.state('policy', 'demo'));
          const held = open[`r${step.end}`]?.tokens ?? 0;
          const tokens = step.used ? Math.floor(step.share * held) : 0;
          driver.append(ends(`r${step.end}`, tokens, { outcome: step.used ? 'used' : 'unused' }));
        }
        driver.run();
        const { spentToday, held, spent, open } = ledgerOf(driver.state('policy', 'demo'));
        expect(spentToday.tokens + held.tokens).toBeLessThanOrEqual(LIMIT);
        expect(spent.tokens + held.tokens).toBeLessThanOrEqual(4 * LIMIT);
        expect(held.tokens).toBe(Object.values(open).reduce((sum, { tokens }) => sum + tokens, 0));
      }
      expect(driver.deadLetters).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
