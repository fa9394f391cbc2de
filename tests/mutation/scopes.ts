/** A scope of mutation: the mutated code, the unit tests that must catch the mutants, and the minimum share. */
export interface Scope {
  readonly name: string;
  readonly what: string;
  /** Globs of the code; `!` excludes. Tests and test helpers are never mutated. */
  readonly mutate: readonly string[];
  /** Globs of the unit tests: in memory, no real parts, no fake timers. */
  readonly tests: readonly string[];
  /** Part of the short form, which `npm test` runs. */
  readonly quick: boolean;
}

/** Percent of the mutants of a scope that a test must catch. */
export const SCORE_LEAST = 80;

const kafka = 'infra/kafka';
const runner = 'infra/runner';
const processor = `${runner}/processor`;
const worker = `${runner}/worker`;
const deadLetters = `${runner}/dead-letters`;

export const scopes: readonly Scope[] = [
  {
    name: 'offsets',
    what: 'progress of a worker, read positions, assignment of partitions',
    quick: false,
    mutate: [`${worker}/progress.ts`, `${kafka}/read-positions.ts`, `${kafka}/co-partitioning.ts`],
    tests: [`${worker}/progress*.test.ts`, `${kafka}/read-positions.test.ts`, `${kafka}/co-partitioning.test.ts`],
  },
  {
    name: 'transactions',
    what: 'fencing and rotation of transactional ids',
    quick: true,
    mutate: [`${kafka}/rotating-transactor.ts`],
    tests: [`${kafka}/rotating-transactor.test.ts`],
  },
  {
    name: 'state',
    what: 'state topic: writing, restoring, folding again',
    quick: false,
    mutate: [`${processor}/{state-store,partition-state,timer-heap}.ts`],
    tests: [`${processor}/{runner,timers,state-store,partition-state,timer-heap}.test.ts`],
  },
  {
    name: 'bytes',
    what: 'envelope and record batches',
    quick: false,
    mutate: [`${kafka}/envelope.ts`, `${kafka}/decode.ts`, `${kafka}/platformatic/record-batch.ts`],
    tests: [`${kafka}/envelope.test.ts`, `${kafka}/decode.test.ts`, `${kafka}/platformatic/record-batch.test.ts`],
  },
  {
    name: 'streams',
    what: 'processors, their kernel, and the rules of contexts',
    quick: false,
    mutate: ['streams/**/*.ts', 'schemas/ids.ts', 'schemas/contexts/**/*.ts'],
    tests: ['streams/**/*.test.ts', 'schemas/contexts/**/*.test.ts'],
  },
  {
    name: 'processor',
    what: 'a transaction: records, staged state, offsets',
    quick: false,
    mutate: [`${processor}/{task,task-queue,decider,member,member-decider}.ts`],
    tests: [`${processor}/{decider,task}*.test.ts`, `${processor}/chain{,-task,-outputs,-failures}.test.ts`],
  },
  {
    name: 'worker',
    what: 'a worker: order per key, attempts, outbox, commits',
    quick: false,
    mutate: [`${worker}/{task,attempts,key-queues,outbox}.ts`],
    tests: [`${worker}/{task,task-*,attempts,attempts-*,key-queues,outbox}.test.ts`],
  },
  {
    name: 'dead-letters',
    what: 'dead letters: writing, parking, listing, redriving',
    quick: false,
    mutate: [`${deadLetters}/{ledger,letter,select,settle,write,parked-keys,gate}.ts`],
    tests: [`${deadLetters}/{ledger,letter,select,settle*,write,gate,parked-keys}.test.ts`],
  },
];
