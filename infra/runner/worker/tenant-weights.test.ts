/** Shares of tenants by their weights, for any weights, lanes and ends of work; with planted bugs, which the test notices. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventually, numbered } from '../../kafka/contract/testing.ts';
import type { LogRecord } from '../../kafka/port.ts';
import { open } from '../testing/worker-bench.ts';
import { type KeyQueue, KeyQueues } from './key-queues.ts';

const LANES = ['interactive', 'standard', 'batch'] as const;
const BEGINNINGS = 200;

const recordOf = (tenant: string, lane: string, offset: number): LogRecord => ({
  ...{ topic: 't', partition: 0, offset, key: `${tenant}/${offset}`, value: null, timestampMs: 0 },
  headers: { ce_tenantid: tenant, khipu_lane: lane },
});

interface Case {
  /** One a tenant. */
  readonly weights: readonly number[];
  /** Keys at work at most. */
  readonly places: number;
  /** Which work ends next, and in which lane new work comes. */
  readonly choices: readonly number[];
}

/** Begins keys of tenants that always have work in each lane. Returns the tenants in the order of the beginnings. */
function beginningsOf(
  { weights, places, choices }: Case,
  weightOf = (n: number) => weights[n] ?? 1,
): readonly number[] {
  const queues = new KeyQueues({
    ...{ concurrencyMax: places, tenantConcurrencyMax: places, isExempt: () => false },
    weightOf: (tenant) => weightOf(Number(tenant)),
  });
  let offset = 0;
  const add = (tenant: number, lane: string): void => {
    offset += 1;
    queues.add(recordOf(String(tenant), lane, offset));
  };
  for (const lane of LANES)
    for (const [tenant] of weights.entries()) for (const _ of numbered(places + 1)) add(tenant, lane);
  const order: number[] = [];
  const working: { readonly queue: KeyQueue; readonly tenant: number; readonly lane: string }[] = [];
  for (let turn = 0; order.length < BEGINNINGS; turn += 1) {
    for (let next = queues.begin(() => true); next !== undefined; next = queues.begin(() => true)) {
      const { ce_tenantid: name, khipu_lane: lane = '' } = next.records[0]?.headers ?? {};
      order.push(Number(name));
      working.push({ queue: next, tenant: Number(name), lane });
    }
    const [ended] = working.splice((choices[turn % choices.length] ?? 0) % working.length, 1);
    if (ended === undefined) break;
    queues.shift(ended.queue);
    add(ended.tenant, ended.lane);
  }
  return order;
}

/** Throws when the turns of two tenants differ by more than one, or when one waits longer than a turn of each other. */
function expectShares(weights: readonly number[], order: readonly number[]): void {
  const begun = weights.map(() => 0);
  const last = weights.map(() => 0);
  const sum = weights.reduce((all, weight) => all + weight, 0);
  for (const [at, tenant] of order.entries()) {
    begun[tenant] = (begun[tenant] ?? 0) + 1;
    last[tenant] = at + 1;
    const turns = weights.map((weight, n) => (begun[n] ?? 0) / weight);
    if (Math.max(...turns) - Math.min(...turns) > 1)
      throw new Error(`after ${at + 1}: ${begun.join()} of ${weights.join()}`);
    for (const [n, weight] of weights.entries())
      if (at + 1 - (last[n] ?? 0) > sum - weight) throw new Error(`tenant ${n} waits for ${at + 1 - (last[n] ?? 0)}`);
  }
}

const cases: fc.Arbitrary<Case> = fc.record({
  weights: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 2, maxLength: 5 }),
  places: fc.integer({ min: 1, max: 9 }),
  choices: fc.array(fc.nat(99), { minLength: 1, maxLength: 40 }),
});

describe('the shares of tenants', () => {
  it('follow their weights within one turn at any time, and a tenant of weight 1 waits for one turn of each other', () => {
    fc.assert(fc.property(cases, (each) => expectShares(each.weights, beginningsOf(each))));
  });

  it.each<[string, (weights: readonly number[]) => (n: number) => number]>([
    ['every tenant weighs the same', () => () => 1],
    ['a turn is one key longer', (weights) => (n) => (weights[n] ?? 1) + 1],
    ['the first tenant has a turn without end', () => (n) => (n === 0 ? 1_000_000 : 1)],
  ])('show when %s', (_, plant) => {
    const found = fc.check(
      fc.property(cases, (each) => expectShares(each.weights, beginningsOf(each, plant(each.weights)))),
      { seed: 1 },
    );
    expect(found.failed).toBe(true);
  });

  it('change with a weight, at the next beginning', () => {
    let weight = 9;
    const queues = new KeyQueues({
      ...{ concurrencyMax: 1, tenantConcurrencyMax: 1, isExempt: () => false },
      weightOf: (tenant) => (tenant === 'a' ? weight : 1),
    });
    for (const n of numbered(20)) queues.add(recordOf('a', 'standard', Number(n)));
    for (const n of numbered(20)) queues.add(recordOf('b', 'standard', Number(n)));
    let order = '';
    for (const n of numbered(9)) {
      if (n === '2') weight = 3;
      const queue = queues.begin(() => true);
      order += queue?.key?.[0];
      if (queue !== undefined) queues.shift(queue);
    }
    expect(order).toBe('aaaaabaaa');
  });

  it('hold in a running worker', async () => {
    const weights: Readonly<Record<string, number>> = { heavy: 3, light: 1 };
    const { start, send, settled, runs } = await open(1, { concurrencyMax: 1 });
    const gate = Promise.withResolvers<void>();
    for (const tenant of ['first', 'heavy', 'light'])
      await send(...numbered(40).map((n) => [`${tenant} ${n}`, 'x', tenant] as const));
    const runner = start(
      (key) => (key === 'first 0' ? gate.promise : Promise.resolve()),
      undefined,
      (tenant) => weights[tenant] ?? 1,
    );
    await eventually(() => expect(runs).toHaveLength(1));
    gate.resolve();
    await settled();
    await runner.close();
    const some = runs.slice(1, 51).map((run) => run.split(' ')[0]);
    const countOf = (tenant: string): number => some.filter((each) => each === tenant).length;
    expect([countOf('first'), countOf('heavy'), countOf('light')]).toEqual([10, 30, 10]);
  });
});
