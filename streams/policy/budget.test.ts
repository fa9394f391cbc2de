import { describe, expect, it } from 'vitest';
import { costOf, nothing } from '../../schemas/amount.ts';
import {
  type AnswerLease,
  answerLease,
  askLease,
  type BudgetLimit,
  budgetReserved,
  leaseReceived,
  leaseRequested,
  tokensRevoked,
} from '../../schemas/generated/records.ts';
import { requestOf } from '../../schemas/governed.ts';
import { budget } from '../budget/budget.ts';
import { createDriver } from '../kernel/driver.ts';
import { scenarios } from '../kernel/testing.ts';
import type { AnyRecord, RecordOf } from '../kernel.ts';
import { anEmbedding, anInference, aStart, aTenant, aTurn, personaRecords, tokensEstimated } from '../testing.ts';
import { overdrawn } from './budget.ts';
import { RESERVATION_MS, RESERVATIONS_MAX } from './lease-account.ts';
import { policy } from './policy.ts';
import type { RecordedDecision } from './recorded-decision.ts';
import { decideAgain, verdictChange } from './replay.ts';
import { activated, engineWith, options, PRICE, permitAll, published, verified } from './testing.ts';

const NOW = Date.UTC(2026, 0, 1, 12);
const PLACE = 'demo/0';
const { given } = scenarios(policy(engineWith(), options), { startMs: NOW, places: 1 });
const inForce = [...personaRecords, published('1'), activated('1')];

const day = (tokensMax: number): BudgetLimit => ({ window: 'day', tokensMax, costMax: null });
const session = (tokensMax: number): BudgetLimit => ({ window: 'session', tokensMax, costMax: null });
/** The use of a window, of which nothing is leased. */
const taken = (tokens: number) => ({
  ...{ tokensTaken: tokens, costTaken: nothing.cost, tokensLeased: 0, costLeased: nothing.cost, resetsAt: null },
});
const withBudget = [...inForce, aTenant([day(10_000)])];
const ASKED = tokensEstimated(anInference());
const priced = (tokens: number) => ({ tokens, cost: costOf(tokens, PRICE) });
const keeps = (tokens: number) => ({ tokensKept: tokens, costKept: priced(tokens).cost });
const returns = (tokens: number) => ({ tokensReturned: tokens, costReturned: priced(tokens).cost });
/** What the place was leased. */
const leased = (tokens: number, kept = tokens) =>
  leaseReceived({ prepaid: false, place: PLACE, subjectId: null, ...priced(tokens), ...keeps(kept), at: NOW });
const reserved = (requestId: string, decisionId = 'd') =>
  budgetReserved({
    prepaid: false,
    place: PLACE,
    requestId,
    decisionId,
    ...priced(ASKED),
    expiresAt: NOW + RESERVATION_MS,
  });
const asks = (subjectId: string, number = 1, returned = 0) =>
  leaseRequested({ place: PLACE, number, subjectId, ...returns(returned) });
const decisionIn = (records: readonly AnyRecord[]): RecordOf<'PolicyDecided'>['data'] => {
  const [first] = records;
  if (first?.type !== 'PolicyDecided') throw new Error('the first record is the decision');
  return first.data;
};

/** The answer of the ledger to an inference, whose question returned nothing. */
const answer = (outcome: AnswerLease['outcome'], changes: Partial<AnswerLease> = {}) =>
  answerLease({
    ...{
      place: PLACE,
      number: 1,
      subjectId: 'request-1',
      commandId: 'command-1',
      command: anInference(),
      engine: null,
    },
    chain: {
      correlationId: '7f1f4a52-30bb-4a8c-9d5f-8f0a1f2b3c4d',
      traceparent: '00-a-b-01',
      requestDigest: 'x',
      time: NOW,
    },
    ...{ outcome, ...priced(ASKED), tokensGranted: 0, costGranted: nothing.cost, ...keeps(0), windows: [] },
    ...changes,
    classifier: null,
  });
const granted = (ahead = 0, changes: Partial<AnswerLease> = {}) => {
  const { tokens, cost } = priced((1 + ahead) * ASKED);
  const windows = [{ ...day(10_000), ...taken(9_000) }];
  return answer('granted', { tokensGranted: tokens, costGranted: cost, ...keeps(ahead * ASKED), windows, ...changes });
};

describe('a request that the lease of its place covers', () => {
  it('is decided at once, and reserved with the maximum that it can use', () => {
    const { records } = given(leased(10 * ASKED), ...withBudget).when(anInference());
    const { decision, budget: claim } = decisionIn(records);
    expect(decision.outcome).toBe('allow');
    expect(claim).toEqual({ ...priced(ASKED), openRequests: 0, windows: [], lease: priced(10 * ASKED) });
    expect(records.slice(1)).toEqual([reserved('request-1', decision.decisionId)]);
  });

  it('is covered when it just fits', () => {
    const { records } = given(leased(ASKED, 0), ...withBudget).when(anInference());
    expect(decisionIn(records).decision.outcome).toBe('allow');
  });

  it('is reserved once, however often it is repeated while it runs', () => {
    const { records } = given(leased(ASKED, 0), reserved('request-1'), ...withBudget).when(anInference());
    expect(records).toHaveLength(1);
    expect(decisionIn(records)).toMatchObject({ decision: { outcome: 'allow' }, budget: { tokens: 0 } });
  });

  it('reserves nothing when the constitution denies it', () => {
    const { records } = given(leased(10_000), ...withBudget).when(anInference({ prompt: 'gold' }));
    expect(records).toHaveLength(1);
    expect(decisionIn(records)).toMatchObject({ budget: null, decision: { outcome: 'deny' } });
  });

  it('carries the windows of sessions, which its conversation checks again', () => {
    const tenant = aTenant([session(2 * ASKED), day(10_000)]);
    const { budget: claim } = decisionIn(given(leased(5 * ASKED), ...inForce, tenant).when(anInference()).records);
    expect(claim?.windows).toEqual([{ ...session(2 * ASKED), ...taken(0) }]);
  });

  it('is followed by a question ahead when less than half of what the place may keep is left', () => {
    const askedFor = (unused: number) =>
      given(leased(unused, 4 * ASKED), ...withBudget)
        .when(anInference())
        .records.map(({ type }) => type);
    expect(askedFor(3 * ASKED)).not.toContain('AskLeaseAhead');
    expect(askedFor(2 * ASKED)).toEqual(['PolicyDecided', 'BudgetReserved', 'AskLeaseAhead', 'LeaseRequested']);
    const before = [
      leased(2 * ASKED, 4 * ASKED),
      leaseRequested({ place: PLACE, number: null, subjectId: null, ...returns(0) }),
    ];
    const { records } = given(...before, ...withBudget).when(anInference());
    expect(records.map(({ type }) => type)).toEqual(['PolicyDecided', 'BudgetReserved']);
  });
});

describe('a request that the lease of its place does not cover', () => {
  it('becomes a question that carries the command and returns what is unused', () => {
    const { records } = given(leased(ASKED - 1), ...withBudget).when(anInference());
    const question = records[0]?.data as { commandId: string };
    expect(records).toEqual([
      askLease({
        ...{ tenantId: 'demo', place: PLACE, number: 1, subjectId: 'request-1', commandId: question.commandId },
        ...{ command: anInference(), engine: null, ...priced(ASKED), ...returns(ASKED - 1) },
        classifier: null,
      }),
      asks('request-1', 1, ASKED - 1),
    ]);
  });

  it('is denied without a question by any other rule', () => {
    const { records } = given(...withBudget).when(anInference({ prompt: 'gold' }));
    expect(records).toMatchObject([{ type: 'PolicyDecided', data: { budget: null, decision: { outcome: 'deny' } } }]);
  });

  it.each([
    ['of a day', day(ASKED - 1), 'budget:day:tokens'],
    ['of a session', session(ASKED - 1), 'budget:session:tokens'],
    ['of money', { window: 'total', tokensMax: null, costMax: '0.000000001' } as const, 'budget:total:cost'],
  ])('is refused without a question when it is larger than the whole window %s', (_, limit, clause) => {
    const { records } = given(leased(ASKED), ...inForce, aTenant([limit])).when(anInference());
    expect(records).toHaveLength(1);
    expect(decisionIn(records).decision).toMatchObject({
      outcome: 'deny',
      reasons: ['BUDGET_TOO_SMALL'],
      clauses: [clause],
      constitutionVersion: '1',
    });
  });

  it('lets later commands of its session ask too, and those of others not', () => {
    const before = [asks('session-1', 1, 0), leased(9_000, 0), ...withBudget];
    expect(given(...before).when(aTurn('t')).records).toMatchObject([
      { type: 'AskLease', data: { number: 2, tokensReturned: 9_000 } },
      { type: 'LeaseRequested' },
    ]);
    const other = given(...before).when(aTurn('t', { sessionId: 'session-2' })).records;
    expect(decisionIn(other).decision.outcome).toBe('allow');
  });

  it('is refused when too many requests have not ended, whatever they reserve', () => {
    const claim = { ...priced(1), windows: [], openRequests: RESERVATIONS_MAX, lease: priced(1) };
    expect(overdrawn(claim)).toEqual(['budget:open-requests']);
    expect(overdrawn({ ...claim, openRequests: RESERVATIONS_MAX - 1 })).toEqual([]);
    expect(overdrawn({ ...claim, openRequests: 0, lease: nothing })).toEqual(['budget:lease']);
  });
});

describe('the answer of the ledger', () => {
  const waits = [asks('request-1'), ...withBudget];

  it('lets the command in, with the windows of the ledger, and leases ahead', () => {
    const { records, state } = given(...waits).when(granted(3));
    const { decision, budget: claim, subjectId, commandId } = decisionIn(records);
    expect({ subjectId, commandId, outcome: decision.outcome }).toEqual({
      ...{ subjectId: 'request-1', commandId: 'command-1', outcome: 'allow' },
    });
    expect(claim).toMatchObject({ ...priced(ASKED), openRequests: 0, windows: [{ tokensTaken: 9_000 }], lease: null });
    expect(records.slice(1)).toEqual([
      leaseReceived({
        prepaid: false,
        place: PLACE,
        subjectId: 'request-1',
        ...priced(4 * ASKED),
        ...keeps(3 * ASKED),
        at: NOW,
      }),
      reserved('request-1', decision.decisionId),
    ]);
    expect(state).toMatchObject({ account: { unused: priced(3 * ASKED), held: priced(ASKED), asking: {} } });
  });

  it('refuses the command, and records the windows that refuse it', () => {
    const windows = [{ ...day(10_000), ...taken(10_000), resetsAt: NOW + 1 }];
    const { records } = given(...waits).when(answer('refused', { windows }));
    expect(records.map(({ type }) => type)).toEqual(['PolicyDecided', 'LeaseReceived']);
    expect(decisionIn(records)).toMatchObject({
      decision: { outcome: 'deny', reasons: ['BUDGET_EXCEEDED'], clauses: ['budget:day:tokens'] },
      budget: { windows },
    });
  });

  it('is asked for again with the same number when too many others wait', () => {
    expect(given(...waits).when(answer('again', { number: 7 })).records).toMatchObject([
      { type: 'AskLease', data: { number: 7, command: anInference(), tokensReturned: 0 } },
    ]);
  });

  it.each([
    [
      'is denied meanwhile',
      [tokensRevoked({ scope: 'tenant', issuedUntil: NOW, revokedBy: 'ana', reason: 'lost' })],
      'deny',
    ],
    ['was let in meanwhile', [reserved('request-1')], 'allow'],
  ])('is returned at once when the command %s', (_, meanwhile, outcome) => {
    const command = anInference({ credential: { sessionId: 's', issuedAt: NOW - 1_000 } });
    const { records } = given(...meanwhile, leased(ASKED, 0), ...waits).when(granted(0, { command }));
    expect(decisionIn(records).decision.outcome).toBe(outcome);
    expect(records.map(({ type }) => type)).toEqual([
      'PolicyDecided',
      'LeaseReceived',
      'ReturnLease',
      'LeaseGivenBack',
    ]);
  });

  it('lets the command in without a reservation when the tenant has no budget any more', () => {
    const { records } = given(asks('request-1'), ...inForce, aTenant([])).when(granted());
    expect(decisionIn(records)).toMatchObject({ budget: null, decision: { outcome: 'allow' } });
    expect(records.map(({ type }) => type)).not.toContain('BudgetReserved');
  });
});

it('a session that starts without a prompt claims nothing, and one with a prompt claims its turn', () => {
  const tenant = aTenant([day(1)]);
  expect(decisionIn(given(...inForce, tenant).when(aStart()).records)).toMatchObject({
    budget: null,
    decision: { outcome: 'allow' },
  });
  const [started] = [aStart({ prompt: 'hello', turnId: 'turn-1' })];
  expect(requestOf(started).requestId).toBe('turn-1');
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
  expect(requestOf(command).estimate).toEqual({ unit: 'tokens', tokensMax: tokens });
});

describe('settings of a tenant', () => {
  const refused = (tenant: AnyRecord, command = anInference({ model: 'large' })) =>
    decisionIn(given(...inForce, tenant).when(command).records).decision;

  it('stop every request of a suspended tenant', () => {
    const suspended = refused(aTenant([], { status: 'suspended' }));
    expect(suspended).toMatchObject({ outcome: 'deny', reasons: ['TENANT_SUSPENDED'], clauses: ['tenant:3'] });
  });

  it('restrict models, and nothing else', () => {
    expect(refused(aTenant([], { models: ['small'] }))).toMatchObject({ reasons: ['TENANT_MODEL_NOT_ALLOWED'] });
    expect(refused(aTenant([], { models: ['small', 'large'] })).outcome).toBe('allow');
  });

  it('apply to no other tenant', () => {
    expect(refused(aTenant([day(0)], { tenantId: 'other', status: 'suspended' })).outcome).toBe('allow');
  });
});

describe('a revoked token', () => {
  const credential = { sessionId: 's', issuedAt: NOW - 1_000 };
  const revoked = (scope: string, issuedUntil = NOW) =>
    tokensRevoked({ scope, issuedUntil, revokedBy: 'ana', reason: 'lost' });
  const asked = (record: AnyRecord, of: typeof credential | null = credential) =>
    decisionIn(given(...inForce, record).when(aTurn('t', { credential: of })).records).decision;

  it.each(['tenant', 'session:s', 'principal:key-1'])('allows no request: %s', (scope) => {
    expect(asked(revoked(scope))).toMatchObject({ reasons: ['TOKEN_REVOKED'], clauses: [`revocation:${scope}`] });
  });

  it('does not affect other tokens or API keys', () => {
    expect(asked(revoked('tenant', NOW - 2_000)).outcome).toBe('allow');
    expect(asked(revoked('session:other')).outcome).toBe('allow');
    expect(asked(revoked('tenant'), null).outcome).toBe('allow');
  });
});

describe('a recomputed decision', () => {
  const run = (...tenants: readonly AnyRecord[]): readonly RecordedDecision[] => {
    const driver = createDriver({ processors: [policy(engineWith(), options), budget], places: 4 });
    for (const record of [...inForce, ...tenants]) driver.append(record);
    const credential = { sessionId: 's', issuedAt: NOW };
    for (let nth = 0; nth < 12; nth += 1) {
      driver.append(anInference({ requestId: `r${nth}`, model: 'large', credential }));
      if (nth % 3 === 0) driver.run();
    }
    driver.run();
    expect(driver.deadLetters).toEqual([]);
    return driver
      .records('policy.decisions')
      .map(({ record, meta }) => ({ record: record as RecordOf<'PolicyDecided'>, meta }));
  };
  const known = new Map([['d1', verified]]);

  it.each([
    ['a budget that some requests use up', aTenant([day(6 * ASKED), session(2 * ASKED)])],
    ['a budget that one request is larger than', aTenant([day(ASKED - 1)])],
    ['a suspended tenant', aTenant([], { status: 'suspended' })],
    ['a revocation', tokensRevoked({ scope: 'session:s', issuedUntil: NOW, revokedBy: 'ana', reason: 'lost' })],
    ['a tenant without the model', aTenant([], { models: ['small'] })],
  ])('equals the one in the log under %s, and no constitution changes its refusal', (_, tenant) => {
    const decisions = run(tenant);
    expect(decisions).toHaveLength(12);
    expect(decisions.some(({ record }) => record.data.decision.outcome === 'deny')).toBe(true);
    for (const decision of decisions) {
      expect(decideAgain(permitAll, known, decision)).toEqual(decision.record);
      expect(verdictChange(permitAll, verified, decision)).toBeNull();
    }
  });

  it('equals the one in the log, whether the place or the ledger allowed it', () => {
    const decisions = run(aTenant([day(1_000 * ASKED)]));
    const leases = decisions.map(({ record }) => record.data.budget?.lease !== null);
    expect(new Set(leases)).toEqual(new Set([true, false]));
    for (const decision of decisions) expect(decideAgain(permitAll, known, decision)).toEqual(decision.record);
  });
});
