import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PARTITIONS_MAX } from '../../schemas/topics.ts';
import { checkCosts, costLine } from './check.ts';
import { logClients, turnCosts } from './measured.ts';
import { type CapacityWish, planCapacity } from './plan.ts';

const wish: CapacityWish = {
  ...{ turnsPerSecond: 100, client: 'platformatic', utilisation: 0.6, replicationFactor: 3, coresPerBroker: 8 },
  ...{ retentionDays: 7, modelSeconds: 2, prices: null },
};
const processesOf = (plan: ReturnType<typeof planCapacity>, name: string): number =>
  plan.roles.find(({ role }) => role === name)?.processes ?? 0;

describe('a plan of capacity', () => {
  it('has no role, broker or partition alone for a small rate', () => {
    const plan = planCapacity({ ...wish, turnsPerSecond: 1 });
    expect(plan.cells).toBe(1);
    expect(plan.partitions).toBe(4);
    expect(plan.brokers).toBe(3);
    for (const { processes } of plan.roles) expect(processes).toBe(2);
  });

  it('gives each part the processor time that was measured, and no process more than its share of a core', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 2e6, noNaN: true }),
        fc.constantFrom(...logClients),
        fc.double({ min: 0.2, max: 1, noNaN: true }),
        (turnsPerSecond, client, utilisation) => {
          const plan = planCapacity({ ...wish, turnsPerSecond, client, utilisation });
          expect(plan.cells * plan.turnsPerSecondOfCell).toBeCloseTo(turnsPerSecond, 3);
          expect(plan.partitions).toBeLessThanOrEqual(PARTITIONS_MAX);
          for (const { role, processes, cores } of plan.roles) {
            expect(cores).toBeCloseTo((plan.turnsPerSecondOfCell * turnCosts[client].cpuMs[role]) / 1_000, 6);
            expect(processes * utilisation).toBeGreaterThanOrEqual(cores - 1e-6);
            if (role !== 'gateway') expect(processes).toBeLessThanOrEqual(plan.partitions);
          }
        },
      ),
      { seed: 19, numRuns: 300 },
    );
  });

  it('needs no less for more turns', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 19_000 }), fc.integer({ min: 1, max: 19_000 }), (a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map((turnsPerSecond) =>
          planCapacity({ ...wish, turnsPerSecond }),
        );
        expect(less?.cells).toBe(1);
        expect(more?.cores).toBeGreaterThanOrEqual((less?.cores ?? 0) - 1e-9);
        expect(more?.brokers).toBeGreaterThanOrEqual(less?.brokers ?? 0);
        expect(more?.partitions).toBeGreaterThanOrEqual(less?.partitions ?? 0);
      }),
      { seed: 19, numRuns: 200 },
    );
  });

  it('divides tenants among platforms when the partitions of one do not suffice', () => {
    const plan = planCapacity({ ...wish, turnsPerSecond: 1_000_000 });
    expect(plan.cells).toBeGreaterThan(1);
    expect(plan.partitions).toBe(PARTITIONS_MAX);
    expect(
      Math.max(...['core', 'model worker', 'projections'].map((role) => processesOf(plan, role))),
    ).toBeLessThanOrEqual(PARTITIONS_MAX);
    expect(plan.notes[0]).toContain(`among ${plan.cells} platforms`);
  });

  it('has a cost only with prices', () => {
    expect(planCapacity(wish).costMonth).toBeNull();
    const priced = planCapacity({ ...wish, prices: { coreHour: 0.05, gbMonth: 0.1 } });
    expect(priced.costMonth).toBeCloseTo(priced.cores * 0.05 * 730 + priced.diskGb * 0.1, 6);
  });
});

describe('the measured costs', () => {
  it.each(logClients)('of %s are a line: the rate that did not draw it differs by at most 5 %%', (client) => {
    const checks = checkCosts(client);
    expect(checks.map(({ turnsPerSecond }) => turnsPerSecond)).toEqual([5, 10, 20]);
    expect(Math.abs(checks[1]?.error ?? 1)).toBeLessThanOrEqual(0.05);
    expect(costLine(client).idleMs).toBeGreaterThan(0);
  });

  it.each(logClients)('of %s by part come near the whole at 20 turns/s', (client) => {
    const { cpuMs, totalCpuMs } = turnCosts[client];
    const parts = Object.values(cpuMs).reduce((sum, ms) => sum + ms, 0);
    const whole = totalCpuMs[20] ?? 0;
    expect(parts).toBeGreaterThan(whole * 0.9);
    expect(parts).toBeLessThanOrEqual(whole * 1.01);
  });
});
