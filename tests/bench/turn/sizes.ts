/** Sizes of a run. A quick run shows that everything works and measures nothing. */
export interface TurnSizes {
  /** Runs of each side, alternating; figures are their medians. */
  readonly runs: number;
  /** Turns at each rate. */
  readonly turns: number;
  /** Turns a second. */
  readonly rates: readonly number[];
  /** Turns before anything is measured: the compilers of the broker and of node settle meanwhile. */
  readonly warmUpTurns: number;
  /** Tried rates of the capacity search: multiples of it, turns a second. */
  readonly capacityStep: number;
  readonly capacityMax: number;
  /** Length of the load at a tried rate, s. */
  readonly capacitySeconds: number;
  /** Commands of the backlog of `scale`. */
  readonly backlog: number;
  /** Numbers of partitions and processes of `scale`. */
  readonly scales: readonly number[];
  /** Length of the answers of `local-model`, tokens, and their number. */
  readonly answerTokens: number;
  readonly answers: number;
}

export const FULL: TurnSizes = {
  runs: 3,
  turns: 200,
  rates: [5, 10, 20],
  warmUpTurns: 300,
  capacityStep: 10,
  capacityMax: 200,
  capacitySeconds: 10,
  backlog: 20_000,
  scales: [1, 2, 4, 8],
  answerTokens: 300,
  answers: 3,
};

export const QUICK: TurnSizes = {
  runs: 1,
  turns: 5,
  rates: [5],
  warmUpTurns: 5,
  capacityStep: 2,
  capacityMax: 4,
  capacitySeconds: 2,
  backlog: 200,
  scales: [1, 2],
  answerTokens: 20,
  answers: 1,
};
