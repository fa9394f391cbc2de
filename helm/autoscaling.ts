/** What the chart says of scaling, read from its files: what is simulated is what is deployed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { AutoscalerSettings, ScaleRule } from '../infra/capacity/autoscaler.ts';

interface ChartValues {
  readonly autoscaling: {
    readonly lagRecordsPerReplica: number;
    readonly cpuPerReplica: string;
    readonly pollingSeconds: number;
    readonly minReplicas: number;
  };
}

/** Settings of the ScaledObject of a role with this many partitions, and the seconds between two looks of KEDA. */
export function chartAutoscaling(partitions: number): {
  readonly settings: AutoscalerSettings;
  readonly pollingSeconds: number;
} {
  const inChart = (...path: string[]): string => readFileSync(join(import.meta.dirname, 'khipu', ...path), 'utf8');
  const { autoscaling } = parse(inChart('values.yaml')) as ChartValues;
  const helpers = inChart('templates', '_helpers.tpl');
  const text = /define "khipu\.scaleBehavior" -\}\}\n(?<yaml>[\s\S]*?)\{\{- end -\}\}/.exec(helpers)?.groups?.['yaml'];
  if (text === undefined) throw new Error('templates/_helpers.tpl does not define khipu.scaleBehavior');
  const averageValues = [autoscaling.lagRecordsPerReplica, Number(autoscaling.cpuPerReplica.replace('m', '')) / 1_000];
  const rules = parse(text) as { readonly scaleUp: ScaleRule; readonly scaleDown: ScaleRule };
  return {
    settings: { minReplicas: autoscaling.minReplicas, maxReplicas: partitions, averageValues, ...rules },
    pollingSeconds: autoscaling.pollingSeconds,
  };
}
