/** What is mutated, by which unit tests it must be caught, and how much of it at least. */
export interface Scope {
  readonly name: string;
  readonly what: string;
  /** Globs of the code; `!` takes out. Tests and what only tests use are never mutated. */
  readonly mutate: readonly string[];
  /** Globs of the unit tests: in memory, no real parts, no fake timers. */
  readonly tests: readonly string[];
  /** Part of the short form, which `npm test` runs. */
  readonly quick: boolean;
}

/** Percent of the mutants of a scope that a test must catch. */
export const SCORE_LEAST = 80;

const kafka = 'infra/kafka';
const runner = `${kafka}/runner`;

export const scopes: readonly Scope[] = [
  {
    name: 'offsets',
    what: 'progress of a worker, places of a reader, assignment of partitions',
    quick: false,
    mutate: [`${runner}/progress.ts`, `${kafka}/places.ts`, `${kafka}/co-partitioning.ts`],
    tests: [`${runner}/progress*.test.ts`, `${kafka}/places.test.ts`, `${kafka}/co-partitioning.test.ts`],
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
    what: 'state topic: writing, restoring, folding anew',
    quick: false,
    mutate: [`${runner}/{state-store,partition-state,timer-heap}.ts`],
    tests: [`${runner}/{processor-runner,processor-timers,state-store,partition-state,timer-heap}.test.ts`],
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
    what: 'processors and their kernel',
    quick: false,
    mutate: ['streams/**/*.ts'],
    tests: ['streams/**/*.test.ts'],
  },
  {
    name: 'processor',
    what: 'a transaction: records, staged state, offsets',
    quick: false,
    mutate: [`${runner}/{processor-task,decider}.ts`],
    tests: [`${runner}/{decider,processor-task}*.test.ts`],
  },
  {
    name: 'worker',
    what: 'a worker: order per key, attempts, outbox, commits',
    quick: false,
    mutate: [`${runner}/worker-task.ts`, `${runner}/{attempts,key-queues,outbox}.ts`],
    tests: [`${runner}/{worker-task,worker-task-*,attempts,attempts-*,key-queues,outbox}.test.ts`],
  },
  {
    name: 'dead-letters',
    what: 'dead letters: writing, parking, listing, redriving',
    quick: false,
    mutate: [`${kafka}/dead-letters/*.ts`, `${runner}/{dead-letter,parking,aside}.ts`],
    tests: [
      `${runner}/{dead-letter,aside,parked-lines}.test.ts`,
      `${kafka}/dead-letters/*.test.ts`,
      `!${kafka}/dead-letters/redriving.test.ts`,
    ],
  },
];
