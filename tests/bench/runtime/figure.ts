import type { PartEnv, PartName } from '../../../infra/local/parts/part.ts';

/** A bound for a row, and whether the run met it. */
export interface Aim {
  /** Text of the bound: `≤ 6 ms`, `≤ 0.1 × Kafka Streams`. */
  readonly aim: string;
  /** The bounded value, in the row's unit or as a ratio. */
  readonly measured: number;
  readonly reached: boolean;
}

/** One line of the table: medians of all runs, for Khipu and for the compared systems, in one unit. */
export interface Row {
  /** `one hop at 100 records/s, p50`. */
  readonly what: string;
  /** `ms`, `records/s`, `MB`. */
  readonly unit: string;
  /** Values of Khipu by driver or setting, the best last. */
  readonly ours: Readonly<Record<string, number>>;
  readonly beside: Readonly<Record<string, number>>;
  /** Empty when the row is only reported. */
  readonly aims: readonly Aim[];
}

export interface Sizes {
  /** Number of runs of each side, alternating; figures are their medians. */
  readonly runs: number;
  /** Number of records of a backlog, and of keys of a state. A figure derives its other sizes from it. */
  readonly records: number;
  /** Small sizes that only show that everything works; their results are not measurements. */
  readonly quick: boolean;
}

export interface BenchContext {
  readonly sizes: Sizes;
  /** Variables of the running parts that the figure requires. All figures share them. */
  readonly env: Partial<PartEnv>;
  /** The figure's own folder, deleted after the run. */
  readonly dir: string;
  /** Reports progress on standard error. */
  readonly note: (text: string) => void;
}

export interface Figure {
  /** Name for `--only`. */
  readonly name: string;
  readonly about: string;
  readonly needs: readonly PartName[];
  /** Runs the figure. Leaves no process running, also when it rejects. */
  run(context: BenchContext): Promise<readonly Row[]>;
}

/** Bounds `ours` by at most `bound` times `beside`; `measured` is the ratio. */
export const atMostTimes = (ours: number, bound: number, beside: number, name: string): Aim => {
  const ratio = ours / beside;
  return { aim: `≤ ${bound} × ${name}`, measured: ratio, reached: ratio <= bound };
};

/** Bounds `ours` by at least `bound` times `beside`; `measured` is the ratio. */
export const atLeastTimes = (ours: number, bound: number, beside: number, name: string): Aim => {
  const ratio = ours / beside;
  return { aim: `≥ ${bound} × ${name}`, measured: ratio, reached: ratio >= bound };
};

/** Bounds `ours` by at most `bound`, in `unit`. */
export const atMost = (ours: number, bound: number, unit: string): Aim => ({
  aim: `≤ ${bound.toLocaleString('en')} ${unit}`,
  measured: ours,
  reached: ours <= bound,
});

/** Bounds `ours` by at least `bound`, in `unit`. */
export const atLeast = (ours: number, bound: number, unit: string): Aim => ({
  aim: `≥ ${bound.toLocaleString('en')} ${unit}`,
  measured: ours,
  reached: ours >= bound,
});
