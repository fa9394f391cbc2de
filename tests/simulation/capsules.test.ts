import { describe, expect, it } from 'vitest';
import { topics } from '../../schemas/topics.ts';
import { type Processor, processor } from '../../streams/kernel.ts';
import { type Plant, runSales, type SaleInvariant } from './capsules/world.ts';

const SCHEDULES = 12;

const violatedBy = (plant: Plant): ReadonlySet<SaleInvariant> =>
  new Set(Array.from({ length: SCHEDULES }, (_, nth) => runSales(7, nth, { plant }).violated).flat());

/** Returns the processors with one of them changed. */
const changed =
  (name: string, change: (good: Processor) => Processor): Plant =>
  (good) =>
    good.map((each) => (each.name === name ? change(each) : each));

describe('a schedule of sales', () => {
  it('is repeated from its numbers', () => {
    for (let nth = 0; nth < 5; nth += 1) expect(runSales(3, nth)).toEqual(runSales(3, nth));
  });

  it('keeps every invariant, through commands that come twice', () => {
    let [sales, refusals] = [0, 0];
    for (let nth = 0; nth < SCHEDULES; nth += 1) {
      const run = runSales(5, nth);
      expect(run.violated).toEqual([]);
      sales += run.sales;
      refusals += run.refusals;
    }
    expect(Math.min(sales, refusals)).toBeGreaterThan(SCHEDULES);
  });

  it('charges each sale once in the layout apart, in a later transaction', () => {
    const violated = Array.from({ length: SCHEDULES }, (_, nth) => runSales(5, nth, { layout: 'apart' }).violated);
    expect(new Set(violated.flat())).toEqual(new Set(['commits-together']));
  });

  it('shows a charge without an install: what policy allowed is charged before it is made', () => {
    const eager = changed('capsule-charges', (good) =>
      processor({
        ...{ name: good.name, inputs: [topics.policyDecisions, topics.agentsEvents], outputs: [topics.billingLedger] },
        key: (_, meta) => meta.key,
        decide: (_, record, meta) => {
          if (record.type === 'AgentRunStarted') return good.decide(undefined, record, meta, {}) as never;
          if (record.type !== 'PolicyDecided' || record.data.command.type !== 'InstallCapsule') return [];
          const { data } = record.data.command;
          const price = { amount: '0.500000000', currency: 'EUR', meter: 'install' };
          const pin = { ...data, publisher: 'lab', price, asks: [] };
          const made = { ...data, tenantId: 'demo', decisionId: record.data.decision.decisionId, pin };
          return good.decide(undefined, { type: 'CapsuleInstalled', data: made } as never, meta, {}) as never;
        },
      }),
    );
    expect(violatedBy(eager)).toEqual(new Set(['commits-together', 'charged-once']));
  });

  it('shows an install without a charge', () => {
    const free = changed('capsule-charges', (good) => ({
      ...good,
      decide: (state, record, ...rest) =>
        record.type === 'CapsuleInstalled' ? [] : good.decide(state, record, ...rest),
    }));
    expect(violatedBy(free)).toContain('charged-once');
  });

  it('shows an install that forgets that it was made: a repeated command is charged again', () => {
    const forgets = changed('capsule-installs', (good) => ({
      ...good,
      evolve: (_, record) => good.evolve(good.initial, record),
      decide: (_, ...rest) => good.decide(good.initial, ...rest),
    }));
    expect(violatedBy(forgets)).toContain('charged-once');
  });

  it('shows a publisher who gets less than the share', () => {
    const mean = changed('capsule-charges', (good) => ({
      ...good,
      decide: (...given) =>
        good.decide(...given).map((each) =>
          each.type === 'LedgerPosted'
            ? {
                ...each,
                data: {
                  ...each.data,
                  legs: each.data.legs.filter(({ account }) => !account.startsWith('publisher')),
                },
              }
            : each,
        ),
    }));
    expect(violatedBy(mean)).toContain('shared');
  });
});
