import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chartAutoscaling } from '../../helm/autoscaling.ts';
import { Autoscaler, type AutoscalerSettings, type ScaleRule } from './autoscaler.ts';
import { assumed, loads } from './loads.ts';
import { type Load, type ScalingRun, simulateScaling, verdictOf } from './simulate.ts';

const PARTITIONS = 16;
const { settings, pollingSeconds } = chartAutoscaling(PARTITIONS);
const run = (load: Load, more: Partial<ScalingRun> = {}): ScalingRun => ({
  ...{ settings, load, pollingSeconds },
  ...assumed,
  ...more,
});

describe('the autoscaler', () => {
  const one = (metric: number, replicas: number, more: Partial<AutoscalerSettings> = {}): number =>
    new Autoscaler({ ...settings, averageValues: [100], ...more }).decide(0, [metric], replicas);
  const atOnce: ScaleRule = {
    stabilizationWindowSeconds: 0,
    policies: [{ type: 'Percent', value: 900, periodSeconds: 15 }],
  };

  it('wants the metric over its average, rounded up', () => {
    expect(one(450, 2, { scaleUp: atOnce })).toBe(5);
    expect(one(401, 5, { scaleDown: { ...atOnce, policies: [{ type: 'Pods', value: 9, periodSeconds: 15 }] } })).toBe(
      5,
    );
    expect(one(300, 5, { scaleDown: { ...atOnce, policies: [{ type: 'Pods', value: 9, periodSeconds: 15 }] } })).toBe(
      3,
    );
  });

  it('changes nothing within a tenth', () => {
    expect(one(540, 5, { scaleUp: atOnce })).toBe(5);
    expect(one(560, 5, { scaleUp: atOnce })).toBe(6);
  });

  it('at most doubles in a minute, or adds four, and takes one process away in five', () => {
    for (const [from, to] of [
      [2, 6],
      [5, 10],
    ] as const) {
      const up = new Autoscaler({ ...settings, averageValues: [100] });
      expect(up.decide(0, [10_000], from)).toBe(from);
      expect(up.decide(45, [10_000], from)).toBe(to);
    }
    const scaler = new Autoscaler({ ...settings, averageValues: [100] });
    let replicas = 8;
    for (let at = 0; at <= 900; at += 15) replicas = scaler.decide(at, [0], replicas);
    expect(replicas).toBeGreaterThanOrEqual(5);
    expect(replicas).toBeLessThan(8);
  });

  it('never leaves its bounds', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { maxLength: 60 }), (metrics) => {
        const scaler = new Autoscaler(settings);
        let replicas = settings.minReplicas;
        metrics.forEach((metric, n) => {
          replicas = scaler.decide(n * 15, [metric, metric / 1_000], replicas);
          expect(replicas).toBeGreaterThanOrEqual(settings.minReplicas);
          expect(replicas).toBeLessThanOrEqual(settings.maxReplicas);
        });
      }),
      { seed: 19, numRuns: 300 },
    );
  });
});

describe('a role under the autoscaler of the chart', () => {
  const behind = (settings.averageValues[0] ?? 0) * settings.maxReplicas;
  const verdictFor = (load: Load, more?: Partial<ScalingRun>) => verdictOf(simulateScaling(run(load, more)), behind);

  it.each([
    ['a step to seven processes and back', 300],
    ['a ramp up and down', 600],
    ['a day in two hours', 600],
  ] as const)('%s: drained within the aim, no flapping, never above the partitions', (name, aim) => {
    const verdict = verdictFor(loads[name]);
    expect(verdict.replicasMost).toBeLessThanOrEqual(PARTITIONS);
    expect(verdict.behindSeconds).toBeLessThanOrEqual(aim);
    expect(verdict.turns).toBeLessThanOrEqual(2);
  });

  it('short bursts are drained by what runs', () => {
    const verdict = verdictFor(loads['bursts of 20 s each 15 minutes']);
    expect(verdict.behindSeconds / assumed.seconds).toBeLessThan(0.15);
  });

  it('a steady load keeps its processes; by lag alone they would go as soon as they have caught up, and come back', () => {
    const steady = loads['a steady load'];
    const byLag = { ...settings, averageValues: settings.averageValues.slice(0, 1) };
    expect(verdictFor(steady).turns).toBeLessThanOrEqual(1);
    expect(verdictFor(steady, { settings: byLag }).turns).toBeGreaterThan(4);
  });
});
