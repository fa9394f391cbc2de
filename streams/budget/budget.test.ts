import { describe, expect, it } from 'vitest';
import { type Amount, costOf, multiple, nothing } from '../../schemas/amount.ts';
import {
  type AskLease,
  answerLease,
  askLease,
  askLeaseAhead,
  type BudgetLimit,
  grantLease,
  leaseAwaited,
  leaseDeferred,
  leaseGranted,
  leaseRecalled,
  leaseRefused,
  leaseReturned,
  leaseSettled,
  recallLease,
  returnLease,
  settleLease,
} from '../../schemas/generated/records.ts';
import { createDriver } from '../kernel/driver.ts';
import { scenarios } from '../kernel/testing.ts';
import type { AnyRecord, RecordOf } from '../kernel.ts';
import { anInference, aTenant } from '../testing.ts';
import { budget } from './budget.ts';
import { AHEAD_MAX } from './lease-ahead.ts';
import { emptyLedger, type Ledger } from './ledger.ts';
import { WAITING_BYTES_MAX } from './questions.ts';

const NOW = Date.UTC(2026, 0, 1, 12);
const TODAY = '2026-01-01';
const TOMORROW = Date.UTC(2026, 0, 2);
const HERE = 'demo/0';
const THERE = 'demo/1';
const { given } = scenarios(budget, { startMs: NOW });

const priced = (tokens: number): Amount => ({ tokens, cost: costOf(tokens, '0.200') });
const keeps = (tokens: number) => ({ tokensKept: tokens, costKept: priced(tokens).cost });
const releases = (tokens: number) => ({ tokensReleased: tokens, costReleased: priced(tokens).cost });
const limit = (window: BudgetLimit['window'], tokensMax: number): BudgetLimit => ({ window, tokensMax, costMax: null });
const withBudget = (tokensMax: number) => aTenant([limit('day', tokensMax)]);
/** Tokens of each question. */
const ASKED = 100;

/** A question of a place for ASKED tokens. */
const asks = (place: string, number = 1, changes: Partial<AskLease> = {}) =>
  askLease({
    ...{ tenantId: 'demo', place, number, subjectId: `s${number}`, commandId: `c${number}`, command: anInference() },
    ...{ engine: null, ...priced(ASKED), tokensReturned: 0, costReturned: nothing.cost },
    ...changes,
    classifier: null,
  });
const question = (place: string, number = 1) => {
  const { tenantId: _, tokensReturned: __, costReturned: ___, ...rest } = asks(place, number).data;
  return rest;
};
const chain = {
  correlationId: '7f1f4a52-30bb-4a8c-9d5f-8f0a1f2b3c4d',
  traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  requestDigest: null,
  time: NOW - 5,
};
const granted = (place: string, tokens: number, kept = 0, number: number | null = null) =>
  leaseGranted({ tenantId: 'demo', place, number, ...priced(tokens), ...keeps(kept), day: TODAY });
const awaited = (place: string, number = 1) => leaseAwaited({ tenantId: 'demo', ...question(place, number), chain });
const returned = (place: string, tokens: number, recalled = true) =>
  leaseReturned({ tenantId: 'demo', place, ...priced(tokens), recalled });
const settled = (place: string, tokens: number, released = tokens, day = TODAY) => {
  const use = { tenantId: 'demo', place, requestId: 'r', outcome: 'used', ...priced(tokens) } as const;
  return leaseSettled({ costDrawn: null, ...use, ...releases(released), day });
};
const returns = (place: string, tokens: number, recalled = true) =>
  returnLease({ tenantId: 'demo', place, ...priced(tokens), recalled });
const typesOf = (records: readonly AnyRecord[]) => records.map(({ type }) => type);
const answersIn = (records: readonly AnyRecord[]) =>
  records.filter((record): record is RecordOf<'AnswerLease'> => record.type === 'AnswerLease').map(({ data }) => data);
const ledgerOf = (state: unknown): Ledger => state as Ledger;

describe('a question that the budget has room for', () => {
  it('is granted with a part ahead: at most a quarter of the rest over all places, in whole requests', () => {
    const aheadOf = (tokensMax: number, ...before: readonly AnyRecord[]) => {
      const [first] = answersIn(given(...before, withBudget(tokensMax)).when(asks(HERE)).records);
      return [first?.tokensGranted, first?.tokensKept];
    };
    expect(aheadOf(100_000)).toEqual([(1 + AHEAD_MAX) * ASKED, AHEAD_MAX * ASKED]);
    expect(aheadOf(ASKED + 1_200)).toEqual([4 * ASKED, 3 * ASKED]);
    expect(aheadOf(2 * ASKED + 1_200, granted(THERE, ASKED))).toEqual([2 * ASKED, ASKED]);
    expect(aheadOf(ASKED + 399)).toEqual([ASKED, 0]);
  });

  it('is answered with the command, its chain, and the windows before the answer', () => {
    const driver = createDriver({ processors: [budget], startMs: NOW });
    driver.append(aTenant([limit('day', 5_000), limit('session', 900)]));
    const { meta } = driver.append(asks(HERE, 3), { place: HERE });
    driver.run();
    const [answer] = driver.records('budget.leases');
    const untaken = { tokensTaken: 0, costTaken: nothing.cost, tokensLeased: 0, costLeased: nothing.cost };
    const windows = [
      { ...limit('day', 5_000), ...untaken, resetsAt: TOMORROW },
      { ...limit('session', 900), ...untaken, resetsAt: null },
    ];
    const { traceparent, correlationId } = meta;
    expect(answer?.record.data).toMatchObject(
      answerLease({
        ...question(HERE, 3),
        ...{ chain: { correlationId, traceparent, requestDigest: null, time: NOW }, outcome: 'granted' },
        ...{ tokensGranted: 1_300, costGranted: priced(1_300).cost, ...keeps(1_200), windows },
      }).data,
    );
    expect(answer?.meta).toMatchObject({ correlationId, causationId: meta.id, place: HERE, timeMs: NOW });
  });

  it('can have what its place returned with it', () => {
    const before = [granted(HERE, 60), withBudget(ASKED)];
    const { records, state } = given(...before).when(
      asks(HERE, 1, { tokensReturned: 60, costReturned: priced(60).cost }),
    );
    expect(typesOf(records)).toEqual(['LeaseReturned', 'LeaseGranted', 'AnswerLease']);
    expect(ledgerOf(state).leased).toEqual(priced(ASKED));
  });

  it.each<[string, BudgetLimit['window'], readonly AnyRecord[], string]>([
    ['what was spent today', 'day', [settled(THERE, 1, 0)], 'refused'],
    ['what was spent on another day', 'day', [settled(THERE, 1, 0, '2025-12-31')], 'granted'],
    ['what was spent at any time', 'total', [settled(THERE, 1, 0, '2025-12-31')], 'refused'],
    ['what was spent, in a window of a later version', 'unknown', [settled(THERE, 1, 0)], 'refused'],
    ['what is leased, from whatever day', 'day', [granted(THERE, 1)], 'refused'],
  ])('counts %s', (_, window, before, outcome) => {
    const [answer] = answersIn(given(...before, aTenant([limit(window, ASKED)])).when(asks(HERE)).records);
    expect(answer?.outcome).toBe(outcome);
  });

  it('is granted without a limit when its tenant has none, or only one of sessions', () => {
    for (const tenant of [aTenant([]), aTenant([limit('session', ASKED)])])
      expect(answersIn(given(tenant).when(asks(HERE)).records)).toMatchObject([{ tokensKept: AHEAD_MAX * ASKED }]);
  });
});

describe('a question that the budget has no room for', () => {
  it('is refused at once when no place holds anything unused, with the windows that refuse it', () => {
    const { records } = given(granted(THERE, 1), withBudget(ASKED)).when(asks(HERE));
    expect(records).toHaveLength(1);
    expect(answersIn(records)).toMatchObject([
      { outcome: 'refused', tokensGranted: 0, windows: [{ window: 'day', tokensMax: ASKED, tokensTaken: 1 }] },
    ]);
  });

  it('is refused at once when it is larger than what is not spent, whatever places hold unused', () => {
    const { records } = given(granted(THERE, 50, 50), settled(THERE, 1, 0), withBudget(ASKED)).when(asks(HERE));
    expect(answersIn(records)).toMatchObject([{ outcome: 'refused' }]);
  });

  it('is refused with what is spent and what is leased of each window, and when the window begins again', () => {
    const tenant = aTenant([limit('day', ASKED), limit('total', ASKED)]);
    const { records } = given(granted(THERE, 30), settled(THERE, 7, 0), tenant).when(asks(HERE));
    const taken = { tokensTaken: 37, costTaken: priced(37).cost, tokensLeased: 30, costLeased: priced(30).cost };
    expect(answersIn(records)[0]?.windows).toEqual([
      { ...limit('day', ASKED), ...taken, resetsAt: TOMORROW },
      { ...limit('total', ASKED), ...taken, resetsAt: null },
    ]);
  });

  it('waits while the unused leases of all places are recalled, once each', () => {
    const before = [granted(HERE, 60, 50), granted(THERE, 60, 50), granted('demo/2', 60), withBudget(200)];
    const { records, state } = given(...before).when(asks(HERE));
    expect(typesOf(records)).toEqual(['LeaseAwaited', 'LeaseRecalled', 'RecallLease', 'LeaseRecalled', 'RecallLease']);
    expect(records.slice(1)).toEqual(
      [THERE, HERE].flatMap((place) => [leaseRecalled({ tenantId: 'demo', place }), recallLease({ place })]),
    );
    expect(ledgerOf(state).waiting).toMatchObject([{ place: HERE, number: 1 }]);
    const recalled = [HERE, THERE].map((place) => leaseRecalled({ tenantId: 'demo', place }));
    const second = given(...before, ...recalled, awaited(HERE)).when(asks(THERE, 9));
    expect(typesOf(second.records)).toEqual(['LeaseAwaited']);
  });

  const waits = [granted(THERE, 200, 100), leaseRecalled({ tenantId: 'demo', place: THERE }), awaited(HERE)];

  it('is granted as soon as enough is returned, without a part ahead, and continues the chain of its command', () => {
    const { records, state } = given(...waits, withBudget(200)).when(returns(THERE, 100));
    expect(records.slice(0, 2)).toEqual([returned(THERE, 100), granted(HERE, ASKED, 0, 1)]);
    expect(answersIn(records)).toMatchObject([{ outcome: 'granted', commandId: 'c1', chain, ...keeps(0) }]);
    expect(ledgerOf(state)).toMatchObject({ waiting: [], leased: priced(200) });
  });

  it('is granted also by what a settlement frees, before the recall is answered', () => {
    const use = { tenantId: 'demo', place: 'demo/2', requestId: 'r', outcome: 'unused', ...nothing } as const;
    const { records } = given(...waits, granted('demo/2', 150), withBudget(450)).when(
      settleLease({ costDrawn: null, ...use, ...releases(100) }),
    );
    expect(typesOf(records)).toEqual(['LeaseSettled', 'LeaseGranted', 'AnswerLease']);
  });

  it('is refused when all recalls are answered and the rest is still too small', () => {
    const { records, state } = given(...waits, withBudget(200)).when(returns(THERE, 99));
    expect(records.slice(0, 2)).toEqual([
      returned(THERE, 99),
      leaseRefused({ tenantId: 'demo', place: HERE, number: 1 }),
    ]);
    expect(answersIn(records)).toMatchObject([{ outcome: 'refused', windows: [{ tokensTaken: 101 }] }]);
    expect(ledgerOf(state)).toMatchObject({ waiting: [], places: { [THERE]: { loose: false, recalled: false } } });
  });

  it('waits behind earlier ones, also when it would fit: no small request overtakes a large one', () => {
    const small = asks('demo/3', 1, { ...priced(1) });
    expect(typesOf(given(...waits, withBudget(299)).when(small).records)).toEqual(['LeaseAwaited']);
    const { records } = given(...waits, awaited('demo/3', 2), withBudget(400)).when(returns(THERE, 100));
    expect(answersIn(records).map(({ place }) => place)).toEqual([HERE, 'demo/3']);
  });
});

describe('commands that wait', () => {
  const LONG = WAITING_BYTES_MAX / 2 - 1_000;
  const long = (number: number) => asks(HERE, number, { command: anInference({ prompt: 'x'.repeat(LONG) }) });
  const play = (...records: readonly AnyRecord[]) => {
    const driver = createDriver({ processors: [budget], startMs: NOW });
    for (const record of [withBudget(10_000), ...records]) driver.append(record, { place: HERE });
    driver.run();
    expect(driver.deadLetters).toEqual([]);
    return { driver, answers: answersIn(driver.records('budget.leases').map(({ record }) => record)) };
  };
  const unused = asks(THERE, 1, { ...priced(2_000) });

  it('are bounded: beyond that they are to be asked again, and those after them too, so that none overtakes', () => {
    const { driver, answers } = play(
      unused,
      ...[1, 2, 3, 4].map((number) => ({ ...long(number), data: { ...long(number).data, ...priced(9_000) } })),
    );
    expect(answers.slice(1).map(({ number, outcome }) => [number, outcome])).toEqual([
      [3, 'again'],
      [4, 'again'],
    ]);
    expect(ledgerOf(driver.state('budget', 'demo')).waiting.map(({ number }) => number)).toEqual([1, 2]);
    expect(ledgerOf(driver.state('budget', 'demo')).places[HERE]?.deferred).toEqual([3, 4]);
  });

  it('are asked again in their order', () => {
    const deferred = [3, 4].map((number) => leaseDeferred({ tenantId: 'demo', place: HERE, number }));
    const outcomeOf = (number: number) =>
      answersIn(given(...deferred, withBudget(10_000)).when(asks(HERE, number)).records)[0]?.outcome;
    expect([outcomeOf(3), outcomeOf(4), outcomeOf(5)]).toEqual(['granted', 'again', 'again']);
    const { state } = given(...deferred, withBudget(10_000)).when(asks(HERE, 3));
    expect(ledgerOf(state).places[HERE]?.deferred).toEqual([4]);
  });

  it('may be a single one of any size', () => {
    const huge = asks(HERE, 1, { ...priced(9_000), command: anInference({ prompt: 'x'.repeat(WAITING_BYTES_MAX) }) });
    const { driver } = play(unused, huge);
    expect(ledgerOf(driver.state('budget', 'demo')).waiting).toHaveLength(1);
  });
});

describe('a question ahead of commands', () => {
  const ahead = askLeaseAhead({ tenantId: 'demo', place: HERE, ...priced(ASKED) });

  it('is granted in whole requests', () => {
    given(withBudget(1_200))
      .when(ahead)
      .then(granted(HERE, 300, 300), grantLease({ place: HERE, ...priced(300), ...keeps(300) }));
  });

  it.each([
    ['too little is left', [withBudget(399)]],
    [
      'a recall is not answered',
      [granted(THERE, 9, 9), leaseRecalled({ tenantId: 'demo', place: THERE }), withBudget(9_000)],
    ],
  ])('recalls what the place holds when %s', (_, before) => {
    given(...before)
      .when(ahead)
      .then(leaseRecalled({ tenantId: 'demo', place: HERE }), recallLease({ place: HERE }));
  });

  it('is answered by the recall that is on its way', () => {
    given(leaseRecalled({ tenantId: 'demo', place: HERE }), withBudget(9_000))
      .when(ahead)
      .then();
  });
});

describe('the ledger', () => {
  it('spends what a request used, and shrinks the lease of its place', () => {
    const use = { tenantId: 'demo', place: HERE, requestId: 'r', outcome: 'used', ...priced(40) } as const;
    const { records, state } = given(granted(HERE, 300), withBudget(1_000)).when(
      settleLease({ costDrawn: null, ...use, ...releases(300) }),
    );
    expect(records).toEqual([settled(HERE, 40, 300)]);
    expect(state).toEqual({ ...emptyLedger, spent: priced(40), day: TODAY, spentToday: priced(40) });
  });

  it('spends on the current day, even if an earlier one is reported', () => {
    const use = { tenantId: 'demo', place: HERE, requestId: 'r', outcome: 'used', ...priced(40) } as const;
    const { records } = given(settled(THERE, 5, 0, '2026-01-02')).when(
      settleLease({ costDrawn: null, ...use, ...releases(0) }),
    );
    expect(records).toMatchObject([{ data: { day: '2026-01-02' } }]);
  });

  it('expects something unused in a place until that has answered a recall, or is leased nothing', () => {
    const placesAfter = (tokens: number, recalled: boolean) =>
      ledgerOf(given(granted(HERE, 900, 600), withBudget(1_000)).when(returns(HERE, tokens, recalled)).state).places;
    expect(placesAfter(600, false)).toMatchObject({ [HERE]: { leased: priced(300), loose: true } });
    expect(placesAfter(600, true)).toMatchObject({ [HERE]: { leased: priced(300), loose: false } });
    expect(placesAfter(900, false)).toEqual({});
  });

  it('leases whole multiples: nothing is lost to rounding', () => {
    expect(multiple(priced(273), 17)).toEqual(priced(17 * 273));
  });
});
