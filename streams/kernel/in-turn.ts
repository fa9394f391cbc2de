/** A state, and what keeps it or ends it. */
interface Fold<State, Kept extends State, Output> {
  readonly evolve: (state: State, output: Output) => State;
  /** Returns false for a state on which no step decides. */
  readonly isKept: (state: State) => state is Kept;
}

/** Decides on a state that is kept. */
export type StepOn<Kept, Output> = (state: Kept) => readonly Output[];

/**
 * Returns a function that runs steps one after another: each decides on the state as the outputs of those before it have
 * left it. It stops when the state is kept no more, and returns all outputs, in order.
 */
export const inTurnBy =
  <State, Kept extends State, Output>({ evolve, isKept }: Fold<State, Kept, Output>) =>
  (first: Kept, ...steps: readonly StepOn<Kept, Output>[]): readonly Output[] => {
    const outputs: Output[] = [];
    let state: State = first;
    for (const step of steps) {
      if (!isKept(state)) break;
      const more = step(state);
      outputs.push(...more);
      state = more.reduce(evolve, state as State);
    }
    return outputs;
  };
