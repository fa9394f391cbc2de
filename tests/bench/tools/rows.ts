import type { Tier } from '../../../infra/sandbox/port.ts';
import { type Aim, atMost, type Row } from '../runtime/figure.ts';
import { type Medians, named } from '../turn/rows.ts';

interface Line {
  readonly sample: string;
  readonly what: string;
  /** Bound in ms; none for a row that is only reported. */
  readonly bound?: number;
}

const calls: readonly Line[] = [
  { sample: 'call p50', what: 'governed call of a tool, request → answer, p50' },
  { sample: 'call p99', what: 'the same, p99' },
  { sample: 'added p50', what: 'added to the request of the service alone, p50', bound: 20 },
  { sample: 'added p99', what: 'the same, p99', bound: 100 },
  { sample: 'to command', what: 'of it: request → command, p50' },
  { sample: 'to worker', what: 'of it: command → decision → worker begins, p50' },
  { sample: 'outside', what: 'of it: request of the service through the egress broker, p50' },
  { sample: 'to answer', what: 'of it: worker ends → answer, p50' },
];

/** Bounds of a start by tier, ms; `kernel` is only reported. */
const startMax: Readonly<Partial<Record<Tier, number>>> = { process: 150, wasm: 10 };

/** Samples of the service alone, and those of calls that they stand beside. */
const beside: Readonly<Record<string, string>> = { 'call p50': 'bare p50', 'call p99': 'bare p99' };

const SERVICE = 'the service alone';

/** Returns the rows of the samples that were measured. */
export const toolRows = (medians: Medians): readonly Row[] => [
  ...calls.flatMap(({ sample, what, bound }): Row[] => {
    const ours = medians[sample];
    if (ours === undefined) return [];
    const alone = Object.values(medians[beside[sample] ?? ''] ?? {});
    return [
      {
        ...{ what, unit: 'ms', ours, beside: alone[0] === undefined ? {} : { [SERVICE]: Math.min(...alone) } },
        aims: Object.entries(ours).flatMap(([side, value]) => aimsOf(side, value, bound)),
      },
    ];
  }),
  ...(['wasm', 'process', 'kernel'] as const).flatMap((tier) => sandboxRows(medians, tier)),
];

const aimsOf = (side: string, value: number, bound: number | undefined): readonly Aim[] =>
  bound === undefined ? [] : [named(side, atMost(value, bound, 'ms'))];

const sandboxRows = (medians: Medians, tier: Tier): readonly Row[] =>
  (['p50', 'p99'] as const).flatMap((share): Row[] => {
    const [value] = Object.values(medians[`${tier} ${share}`] ?? {});
    if (value === undefined) return [];
    const bound = share === 'p99' ? startMax[tier] : undefined;
    return [
      {
        ...{ what: `sandbox ${tier}: start → end of a program that does nothing, ${share}`, unit: 'ms' },
        ...{ ours: { [tier]: value }, beside: {}, aims: bound === undefined ? [] : [atMost(value, bound, 'ms')] },
      },
    ];
  });
