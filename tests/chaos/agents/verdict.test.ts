import { describe, expect, it } from 'vitest';
import type { Ran } from './load.ts';
import type { Paid } from './outside.ts';
import { type Recorded, verdictOn } from './verdict.ts';

const called = (tool: string, status = 'succeeded') => ({ call_id: `${tool} of r`, tool, status, code: null });
const approved: Ran = {
  ...{ runId: 'r', deed: 'approve', amount: 11, edited: 12, quick: 13, status: 'completed', output: 'order 10' },
  ...{ calls: [called('weather'), called('payment'), called('quick')], late: null },
};
const edited: Ran = { ...approved, deed: 'edit', late: 409 };
const paidOf = (...amounts: readonly number[]): readonly Paid[] =>
  amounts.map((amount) => ({ key: `key of ${amount}`, amount }));
const recorded: Recorded = {
  ends: new Map([['r', 1]]),
  requested: new Map([
    ['payment of r', 1],
    ['quick of r', 1],
  ]),
  asked: new Set(['payment of r']),
  granted: new Map([['payment of r', 1]]),
};
const withCalls = (payment: string, quick = 'succeeded'): Ran => ({
  ...approved,
  calls: [called('payment', payment), called('quick', quick)],
});
const kinds = (ran: Ran, paid: readonly Paid[], changes: Partial<Recorded> = {}) =>
  Object.keys(verdictOn([ran], paid, { ...recorded, ...changes }).problems);

describe('the verdict on agents', () => {
  it('is good when everything that was decided on was paid once', () => {
    expect(verdictOn([approved], paidOf(11, 13), recorded)).toEqual({
      ...{ ok: true, problems: {}, runs: 1, payments: 2, unknown: 0 },
    });
    expect(kinds(edited, paidOf(12, 13))).toEqual([]);
    expect(kinds({ ...withCalls('refused'), deed: 'reject' }, paidOf(13))).toEqual([]);
  });

  it('takes an outcome that is said to be unknown, paid or not', () => {
    expect(verdictOn([withCalls('unknown')], paidOf(13), recorded)).toMatchObject({ ok: true, unknown: 1 });
    expect(kinds(withCalls('unknown'), paidOf(11, 13))).toEqual([]);
  });

  it.each<[string, Ran, readonly Paid[], Partial<Recorded>, string]>([
    [
      'a payment twice',
      approved,
      [...paidOf(11, 13), ...paidOf(13)],
      {},
      'an irreversible call that took effect twice',
    ],
    ['a payment that is lost', approved, paidOf(13), {}, 'a call that succeeded and was not paid once'],
    ['a refusal of what was approved', withCalls('refused'), paidOf(13), {}, 'a lost effect'],
    ['a payment that failed', withCalls('failed'), paidOf(11, 13), {}, 'a call that failed and took effect'],
    ['a payment with arguments before an edit', edited, paidOf(11, 12, 13), {}, 'a payment that was not decided on'],
    ['a late approval that counts', { ...edited, late: 200 }, paidOf(12, 13), {}, 'an approval of changed arguments'],
    ['a rejected call that runs', { ...approved, deed: 'reject' }, paidOf(11, 13), {}, 'a rejected call'],
    ['a run without a result', { ...approved, status: 'failed', output: null }, paidOf(11, 13), {}, 'a run without'],
    ['a run with two ends', approved, paidOf(11, 13), { ends: new Map([['r', 2]]) }, 'an end that is not there once'],
    ['a run without an end', approved, paidOf(11, 13), { ends: new Map([['r', 0]]) }, 'an end that is not there once'],
    [
      'a call that was requested twice',
      approved,
      paidOf(11, 13),
      { requested: new Map([['quick of r', 2]]) },
      'a call',
    ],
    ['an approval used twice', approved, paidOf(11, 13), { granted: new Map([['payment of r', 2]]) }, 'an approval'],
    ['an approval that is missing', approved, paidOf(11, 13), { asked: new Set() }, 'an approval that was never asked'],
  ])('names %s', (_, ran, paid, changes, kind) => {
    expect(kinds(ran, paid, changes).join()).toContain(kind);
  });
});
