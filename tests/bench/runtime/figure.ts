import type { PartEnv, PartName } from '../../../infra/local/part.ts';

/** What is asked of a row: a bound, and whether the run kept it. */
export interface Aim {
  /** As in the issue: `≤ 6 ms`, `≤ 0.1 × Kafka Streams`. */
  readonly aim: string;
  /** The value that the bound is about, in the row's unit or as a ratio. */
  readonly measured: number;
  readonly reached: boolean;
}

/** One line of the table: medians of all runs, ours and what stands beside them, in one unit. */
export interface Row {
  /** `one hop at 100 records/s, p50`. */
  readonly what: string;
  /** `ms`, `records/s`, `MB`. */
  readonly unit: string;
  /** By driver or setting, the best last. */
  readonly ours: Readonly<Record<string, number>>;
  readonly beside: Readonly<Record<string, number>>;
  /** Empty for what is only reported. */
  readonly aims: readonly Aim[];
}

export interface Sizes {
  /** Runs of each side, alternating; figures are medians of them. */
  readonly runs: number;
  /** Records of a backlog, and keys of a state. A figure scales its other sizes by it. */
  readonly records: number;
  /** Small sizes that show that everything works; nothing of them is a measurement. */
  readonly quick: boolean;
}

export interface BenchContext {
  readonly sizes: Sizes;
  /** Variables of the parts that the figure asked for, which run. All figures share them. */
  readonly env: Partial<PartEnv>;
  /** A folder of the figure's own, dropped after the run. */
  readonly dir: string;
  /** Tells what is going on, on standard error. */
  readonly note: (text: string) => void;
}

export interface Figure {
  /** As it is named after `--only`. */
  readonly name: string;
  readonly about: string;
  readonly needs: readonly PartName[];
  /** Leaves nothing running, also when it rejects. */
  run(context: BenchContext): Promise<readonly Row[]>;
}

/** At most `bound` times `beside`; `measured` is the ratio. */
export const atMostTimes = (ours: number, bound: number, beside: number, name: string): Aim => {
  const ratio = ours / beside;
  return { aim: `≤ ${bound} × ${name}`, measured: ratio, reached: ratio <= bound };
};

/** At least `bound` times `beside`; `measured` is the ratio. */
export const atLeastTimes = (ours: number, bound: number, beside: number, name: string): Aim => {
  const ratio = ours / beside;
  return { aim: `≥ ${bound} × ${name}`, measured: ratio, reached: ratio >= bound };
};

export const atMost = (ours: number, bound: number, unit: string): Aim => ({
  aim: `≤ ${bound.toLocaleString('en')} ${unit}`,
  measured: ours,
  reached: ours <= bound,
});

export const atLeast = (ours: number, bound: number, unit: string): Aim => ({
  aim: `≥ ${bound.toLocaleString('en')} ${unit}`,
  measured: ours,
  reached: ours >= bound,
});
