import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Autoscaler, type AutoscalerSettings, type ScaleRule } from './autoscaler.ts';
import { type Load, type ScalingRun, simulateScaling, verdictOf } from './simulate.ts';

const root = join(import.meta.dirname, '..', '..');
interface ChartValues {
  readonly kafka: { readonly partitions: number };
  readonly autoscaling: {
    readonly lagRecordsPerReplica: number;
    readonly cpuPerReplica: string;
    readonly pollingSeconds: number;
    readonly minReplicas: number;
  };
}
/** The rules of the chart: what is simulated is what is deployed. */
function chart(): { readonly values: ChartValues; readonly scaleUp: ScaleRule; readonly scaleDown: ScaleRule } {
  const values = parse(readFileSync(join(root, 'helm', 'khipu', 'values.yaml'), 'utf8')) as ChartValues;
  const helpers = readFileSync(join(root, 'helm', 'khipu', 'templates', '_helpers.tpl'), 'utf8');
  const text = /define "khipu\.scaleBehavior" -\}\}\n(?<yaml>[\s\S]*?)\{\{- end -\}\}/.exec(helpers)?.groups?.yaml;
  if (text === undefined) throw new Error('the chart has no khipu.scaleBehavior');
  return { values, ...(parse(text) as { scaleUp: ScaleRule; scaleDown: ScaleRule }) };
}
const { values, scaleUp, scaleDown } = chart();
const PARTITIONS = 16;
const settings: AutoscalerSettings = {
  minReplicas: values.autoscaling.minReplicas,
  maxReplicas: PARTITIONS,
  averageValues: [
    values.autoscaling.lagRecordsPerReplica,
    Number(values.autoscaling.cpuPerReplica.replace('m', '')) / 1_000,
  ],
  ...{ scaleUp, scaleDown },
};
/** Records a second of one core process of kafkajs, as `bench:turn -- --only scale` has it. */
const RECORDS_PER_PROCESS = 870;
const HOUR = 3_600;
const run = (load: Load, more: Partial<ScalingRun> = {}): ScalingRun => ({
  ...{ settings, load, recordsPerProcess: RECORDS_PER_PROCESS, pollingSeconds: values.autoscaling.pollingSeconds },
  ...{ metricAgeSeconds: 15, rateSeconds: 30, startSeconds: 20, pauseSeconds: 8, seconds: 2 * HOUR },
  ...more,
});

const step: Load = (at) => (at < 600 ? 300 : at < HOUR ? 6_000 : 300);
const ramp: Load = (at) => (at < HOUR ? 300 + (at / HOUR) * 8_000 : 300 + ((2 * HOUR - at) / HOUR) * 8_000);
const bursts: Load = (at) => (at % 900 < 20 ? 6_000 : 500);
const day: Load = (at) => 3_000 + 2_500 * Math.sin((2 * Math.PI * at) / (2 * HOUR));

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
  const behind = values.autoscaling.lagRecordsPerReplica * settings.maxReplicas;
  const verdictFor = (load: Load, more?: Partial<ScalingRun>) => verdictOf(simulateScaling(run(load, more)), behind);

  it.each([
    ['a step to seven processes and back', step, 300],
    ['a ramp up and down in two hours', ramp, 600],
    ['a day in two hours', day, 600],
  ] as const)('%s: drained within the aim, no flapping, never above the partitions', (_, load, aim) => {
    const verdict = verdictFor(load);
    expect(verdict.replicasMost).toBeLessThanOrEqual(PARTITIONS);
    expect(verdict.behindSeconds).toBeLessThanOrEqual(aim);
    expect(verdict.turns).toBeLessThanOrEqual(2);
  });

  it('short bursts are drained by what runs', () => {
    const verdict = verdictFor(bursts);
    expect(verdict.behindSeconds / (2 * HOUR)).toBeLessThan(0.15);
  });

  it('a steady load keeps its processes; by lag alone they would go as soon as they have caught up, and come back', () => {
    const steady: Load = () => 4_000;
    const byLag = { ...settings, averageValues: settings.averageValues.slice(0, 1) };
    expect(verdictFor(steady).turns).toBeLessThanOrEqual(1);
    expect(verdictFor(steady, { settings: byLag }).turns).toBeGreaterThan(4);
  });
});
