import type { StepName } from '../../../schemas/contexts/jobs/step-name.ts';
import type { Random } from '../random.ts';

/** One operation of a handler. */
export type Op =
  /** Fails so often before it succeeds; `slow` is repeated by a later run. */
  | { readonly do: 'step'; readonly name: string; readonly fails: number; readonly slow: boolean }
  | { readonly do: 'sleep'; readonly ms: number }
  | { readonly do: 'signal'; readonly name: string; readonly timeoutMs: number | null }
  | { readonly do: 'child'; readonly program: number }
  | { readonly do: 'model'; readonly prompt: string };

/** A handler as data: operations, branches that run beside each other, and operations after all of them. */
export interface Program {
  readonly before: readonly Op[];
  readonly branches: readonly (readonly Op[])[];
  readonly after: readonly Op[];
  /** Runs that throw outside of a step, before the branches. */
  readonly throws: number;
}

/** An operation with its key in the journal. */
export interface KeyedOp {
  readonly op: Op;
  readonly key: StepName;
  /** Position in its branch. */
  readonly index: number;
}

/** Returns the operations of a branch with their keys: each use of a name counts. */
export function keyed(path: string, ops: readonly Op[]): readonly KeyedOp[] {
  const uses = new Map<string, number>();
  return ops.map((op, index) => {
    const name = op.do === 'step' ? op.name : op.do;
    const nth = (uses.get(name) ?? 0) + 1;
    uses.set(name, nth);
    return { op, key: { path, name, nth }, index };
  });
}

/** Returns all operations of a handler, by branch: its own, then each branch. */
export const branchesOf = ({ before, branches, after }: Program): readonly (readonly KeyedOp[])[] => [
  keyed('', [...before, ...after]),
  ...branches.map((ops, n) => keyed(`${n}`, ops)),
];

const NAMES = ['a', 'b'] as const;
export const SIGNALS = ['go', 'stop'] as const;
const SLEEP_MS_MAX = 60_000;
/** What policy denies in tests. */
const DENIED = 'gold';

function randomOp(random: Random, programs: number): Op {
  switch (random.between(0, 8)) {
    case 0:
      return { do: 'sleep', ms: random.between(0, SLEEP_MS_MAX) };
    case 1:
      return {
        ...{ do: 'signal', name: random.pick(SIGNALS) },
        timeoutMs: random.chance(0.5) ? random.between(0, SLEEP_MS_MAX) : null,
      };
    case 2:
      if (programs > 0) return { do: 'child', program: random.between(0, programs - 1) };
      return { do: 'model', prompt: random.chance(0.2) ? DENIED : 'knots?' };
    case 3:
      return { do: 'model', prompt: random.chance(0.2) ? DENIED : 'knots?' };
    default:
      return {
        ...{ do: 'step', name: random.pick(NAMES) },
        ...{ fails: random.chance(0.2) ? random.between(1, 2) : 0, slow: random.chance(0.5) },
      };
  }
}

const opsOf = (random: Random, max: number, programs: number): readonly Op[] =>
  Array.from({ length: random.between(0, max) }, () => randomOp(random, programs));

/** Returns handlers, each of which starts only those before it: children end. */
export function randomPrograms(random: Random): readonly Program[] {
  return Array.from({ length: random.between(1, 4) }, (_, programs) => ({
    before: opsOf(random, 3, programs),
    branches: Array.from({ length: random.between(0, 3) }, () => opsOf(random, 4, programs)),
    after: opsOf(random, 3, programs),
    throws: random.chance(0.2) ? random.between(1, 2) : 0,
  }));
}
