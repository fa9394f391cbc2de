/**
 * The vocabulary of stream processing: what a processor, a worker and a table are. Declarations only: the same
 * declaration runs on the broker, in the in-memory driver, and in the documentation's drawing.
 */
import type { AnyRecord, RecordName, RecordOf } from '../schemas/generated/records.ts';
import type { RecordsIn, Topic } from '../schemas/topics.ts';

export type { AnyRecord, RecordName, RecordOf };

/** What is known of a record beside its data. Read from the CloudEvents headers and the record's place in the log. */
export interface Meta {
  /** `ce_id`; UUID. Derived from its cause, so that a replay yields the same ids. */
  readonly id: string;
  readonly type: RecordName;
  readonly key: string;
  readonly tenantId: string;
  /** Id of the first record of the chain. */
  readonly correlationId: string;
  /** Id of the record that caused this one; its own id for the first of a chain. */
  readonly causationId: string;
  /** `ce_time`, ms since 1970: the time of the command, never a processor's clock. */
  readonly timeMs: number;
  /** W3C Trace Context. */
  readonly traceparent: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** The value as it stands in the log. */
  readonly value: Uint8Array;
}

// biome-ignore lint/suspicious/noExplicitAny: a topic of any records; `never` would not accept every key map.
export type AnyTopic = Topic<any>;

/** The records that stand in a list of topics. */
export type RecordsOf<Topics extends readonly AnyTopic[]> = RecordOf<Extract<RecordsIn<Topics[number]>, RecordName>>;

/** A small topic that is kept for ever or compacted, folded into one value and held whole by each process that reads it. */
export interface Table<Value = unknown> {
  readonly kind: 'table';
  readonly name: string;
  readonly topic: AnyTopic;
  readonly initial: Value;
  /** Total and pure. Called for every record of the topic, oldest first. */
  readonly evolve: (value: Value, record: AnyRecord, meta: Meta) => Value;
}

export function table<const T extends AnyTopic, Value>(spec: {
  name: string;
  topic: T;
  initial: Value;
  evolve: (value: Value, record: RecordsOf<readonly [T]>, meta: Meta) => Value;
}): Table<Value> {
  return { kind: 'table', ...spec } as unknown as Table<Value>;
}

// biome-ignore lint/suspicious/noExplicitAny: a table of any value; `evolve` takes and gives it, so no other type fits all.
export type AnyTable = Table<any>;

export type TablesOf<Tables extends Readonly<Record<string, AnyTable>>> = {
  readonly [K in keyof Tables]: Tables[K] extends Table<infer Value> ? Value : never;
};

/** At `atMs` this command is due. A state lists its own (`Timers.due`): nothing is set, and nothing needs to be cancelled. */
export interface Timer<Command extends AnyRecord = AnyRecord> {
  /** Ms since 1970, from the times of records: never from a clock. */
  readonly atMs: number;
  /** Carries the state's key. */
  readonly record: Command;
}

/** The timers of a processor: a function of its state, so that they are kept, moved and restored with it. */
export interface Timers {
  /** Topic of the commands: an input of this processor, which alone writes it. */
  readonly topic: AnyTopic;
  /** Total and pure. Two timers of one state that are equal count as one. */
  readonly due: (state: unknown, key: string) => readonly Timer[];
}

/**
 * What becomes of the records of a key behind one that died. `skip`: they go on without it. `park`: they wait behind it in
 * the dead letters, in order, until it is redriven or dropped, while other keys go on. Per input topic, which is how far
 * the log keeps the order of a key.
 */
export type Poison = 'skip' | 'park';

/**
 * A pure decider over topics. The runner reads a record, calls `decide` with the state of its key, folds what came out
 * with `evolve`, and writes outputs, state and offsets in one transaction.
 */
export interface Processor {
  readonly kind: 'processor';
  readonly name: string;
  readonly inputs: readonly AnyTopic[];
  readonly outputs: readonly AnyTopic[];
  /** Topic of the state, or null for a stateless processor. */
  readonly state: AnyTopic | null;
  /** Raise it when `evolve` changes, or what `timers` lists: older state is rebuilt from the events. */
  readonly stateVersion: number;
  readonly initial: unknown;
  readonly tables: Readonly<Record<string, Table>>;
  /**
   * Key of the state; null passes the record over. What chose the record's partition (its key, or its tenant where the topic
   * is partitioned by it), so that state lies where its records are.
   */
  readonly key: (record: AnyRecord, meta: Meta) => string | null;
  /** Total, pure, synchronous. Records out, in order. Throws only for bugs: the record is then dead-lettered. */
  readonly decide: (
    state: unknown,
    record: AnyRecord,
    meta: Meta,
    tables: Readonly<Record<string, unknown>>,
  ) => readonly AnyRecord[];
  /** Total and pure; sees only the events that `decide` put out, so that state is the fold of the processor's journal. */
  readonly evolve: (state: unknown, record: AnyRecord) => unknown;
  /** True when the aggregate is finished and its state may be dropped. */
  readonly finished: (state: unknown) => boolean;
  /** What the clock asks of it, or null. */
  readonly timers: Timers | null;
  /** How long a record may wait for others to share a transaction with, in ms; 0 where somebody waits for the outcome. */
  readonly lingerMs: number;
  readonly poison: Poison;
}

export interface ProcessorSpec<
  In extends readonly AnyTopic[],
  Out extends readonly AnyTopic[],
  State,
  Tables extends Readonly<Record<string, AnyTable>>,
> {
  readonly name: string;
  readonly inputs: In;
  readonly outputs: Out;
  readonly key: (record: RecordsOf<In>, meta: Meta) => string | null;
  readonly decide: (
    state: State,
    record: RecordsOf<In>,
    meta: Meta,
    tables: TablesOf<Tables>,
  ) => readonly RecordsOf<Out>[];
  readonly tables?: Tables;
  readonly state?: AnyTopic;
  readonly stateVersion?: number;
  readonly initial?: State;
  readonly evolve?: (state: State, record: RecordsOf<Out>) => State;
  readonly finished?: (state: State) => boolean;
  readonly timers?: {
    readonly topic: In[number];
    readonly due: (state: State, key: string) => readonly Timer<RecordsOf<In>>[];
  } | null;
  readonly lingerMs?: number;
  /** Default: `skip`. */
  readonly poison?: Poison;
}

/** What chose the partition of a record of this input: the only key that its state can have. */
export function placeOf({ inputs }: Pick<Processor, 'inputs'>, { topic, key, tenantId }: Meta): string {
  const input = inputs.find(({ name }) => name === topic);
  return input?.partitionedBy === 'tenant' ? tenantId : key;
}

/** The one topic of events that a stateful processor writes, and whose fold its state is. */
export const journalOf = ({ outputs }: Pick<Processor, 'outputs'>): AnyTopic | null =>
  outputs.find(({ kind }) => kind === 'events') ?? null;

/**
 * Declares a processor. Without `state` it keeps none, and `decide` gets `undefined`.
 * Throws when it keeps state and does not write exactly one topic of events: the order of two cannot be told later.
 * Throws when it has timers and keeps no state, does not read them back, or is not their only writer.
 */
export function processor<
  const In extends readonly AnyTopic[],
  const Out extends readonly AnyTopic[],
  State = undefined,
  const Tables extends Readonly<Record<string, AnyTable>> = Record<never, never>,
>(spec: ProcessorSpec<In, Out, State, Tables>): Processor {
  if (spec.state !== undefined && spec.outputs.filter(({ kind }) => kind === 'events').length !== 1)
    throw new Error(`${spec.name} keeps state, so it must write exactly one topic of events`);
  if (spec.timers != null) checkTimers(spec.name, spec.timers.topic, spec);
  return {
    kind: 'processor',
    state: null,
    stateVersion: 1,
    initial: undefined,
    tables: {},
    evolve: (state: State) => state,
    finished: () => false,
    timers: null,
    lingerMs: 0,
    poison: 'skip',
    ...spec,
  } as unknown as Processor;
}

function checkTimers(
  name: string,
  topic: AnyTopic,
  spec: Pick<ProcessorSpec<readonly AnyTopic[], [], never, never>, 'inputs' | 'state'>,
): void {
  if (spec.state === undefined) throw new Error(`${name} has timers, so it must keep state`);
  if (!spec.inputs.some((input) => input.name === topic.name))
    throw new Error(`${name} has timers, so it must read ${topic.name}`);
  // Governed, a timer would need a decision of its own; with another writer, not every record in it was due.
  if (topic.kind !== 'commands' || topic.governed || topic.writers.join() !== name)
    throw new Error(`${topic.name} must hold ungoverned commands that ${name} alone writes`);
  const other = spec.inputs.find(({ partitions }) => partitions !== topic.partitions);
  if (other !== undefined) throw new Error(`${topic.name} must have as many partitions as ${other.name}`);
}

/** What a worker's handler may use. Everything it emits is written in order, in transactions, caused by the record it works on. */
export interface WorkContext {
  readonly meta: Meta;
  /** Runs of this record so far, this one included; from 1. Counted through crashes. */
  readonly attempt: number;
  /**
   * Aborted when the partition is lost, the process stops, the deadline passes or the work is cancelled. Its `reason` tells
   * which by its `code`: FENCED, none, WORK_DEADLINE or WORK_CANCELLED.
   */
  readonly signal: AbortSignal;
  /** The same for every run of this record: what outside services deduplicate on. */
  readonly idempotencyKey: string;
  /** Hands over records to be written; resolves when there is room for more (back-pressure), not when they are committed. */
  emit(...records: readonly AnyRecord[]): Promise<void>;
  /**
   * What the run ends with: written when the handler has resolved, in the transaction that finishes the record, so that it
   * stands in the log once however often the record is run. What is emitted may stand there once a run. A second call
   * takes the place of the first; nothing is written when the handler rejects. Throws when a record is too large.
   */
  end(...records: readonly AnyRecord[]): void;
}

/** Does what takes time or touches the outside world: ordered per key, concurrent across keys. */
export interface Worker {
  readonly kind: 'worker';
  readonly name: string;
  readonly inputs: readonly AnyTopic[];
  readonly outputs: readonly AnyTopic[];
  readonly key: (record: AnyRecord, meta: Meta) => string | null;
  /** Keys at work at once per partition. */
  readonly concurrencyMax: number;
  /** Keys of one tenant at work at once per partition. */
  readonly tenantConcurrencyMax: number;
  /** Runs of one record before it is given up: abandoned, or parked where the worker parks. */
  readonly attemptsMax: number;
  /** Of one run. */
  readonly deadlineMs: number;
  readonly poison: Poison;
  readonly cancels: Cancels | null;
}

/**
 * Records that, as soon as they are read, end earlier work of their key: what runs is aborted, and both it and what waits
 * is abandoned with WORK_CANCELLED. They are never handled themselves.
 */
export interface Cancels<Record extends AnyRecord = AnyRecord> {
  readonly by: readonly Record['type'][];
  /** True when `cancel` means the earlier record. Total and pure. */
  readonly of: (cancel: Record, earlier: Record) => boolean;
}

export interface WorkerSpec<In extends readonly AnyTopic[], Out extends readonly AnyTopic[]> {
  readonly name: string;
  readonly inputs: In;
  readonly outputs: Out;
  readonly key: (record: RecordsOf<In>, meta: Meta) => string | null;
  readonly concurrencyMax: number;
  /** Default: `concurrencyMax`. */
  readonly tenantConcurrencyMax?: number;
  readonly attemptsMax: number;
  readonly deadlineMs: number;
  /** Default: `skip`. */
  readonly poison?: Poison;
  readonly cancels?: Cancels<RecordsOf<In>>;
}

/** Declares a worker. Its handler, which touches the outside world, is bound where the process is composed. */
export function worker<const In extends readonly AnyTopic[], const Out extends readonly AnyTopic[]>(
  spec: WorkerSpec<In, Out>,
): Worker {
  return {
    kind: 'worker',
    tenantConcurrencyMax: spec.concurrencyMax,
    poison: 'skip',
    cancels: null,
    ...spec,
  } as unknown as Worker;
}

/** For total switches: a case that was forgotten fails to compile. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`);
}
