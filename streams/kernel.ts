/**
 * The vocabulary of stream processing: processors, workers and tables. Declarations only: the same declaration runs on
 * the broker and in the in-memory driver, and is drawn in the documentation.
 */
import type { AnyRecord, RecordName, RecordOf } from '../schemas/generated/records.ts';
import type { RecordsIn, Topic } from '../schemas/topics.ts';

export type { AnyRecord, RecordName, RecordOf };

/** Metadata of a record, from its CloudEvents headers and its place in the log. */
export interface Meta {
  /** `ce_id`, a UUID. Derived from its cause, so that a replay yields the same ids. */
  readonly id: string;
  readonly type: RecordName;
  readonly key: string;
  readonly tenantId: string;
  /**
   * `khipu_place`: the place of its session or request, `<tenant>/<k>`. It chooses the partition of every topic that is
   * partitioned by place. Null outside of sessions and requests.
   */
  readonly place: string | null;
  /** Id of the first record of the chain. */
  readonly correlationId: string;
  /** Id of the record that caused this one; its own id for the first of a chain. */
  readonly causationId: string;
  /** `ce_time`, ms since 1970: the time of the command, never a processor's clock. */
  readonly timeMs: number;
  /**
   * Time at which the log took the record, ms since 1970; of a record that a topology hands on, that of the record which
   * it read. The command of a timer has the due time as its `timeMs`, so this says how late it is. A fact of the log, not
   * a clock: a replay reads the same. Absent where no log has the record.
   */
  readonly appendedAtMs?: number;
  /** W3C Trace Context. */
  readonly traceparent: string;
  /** `ce_requestdigest`: sha256 of the request that began the chain, hex. Absent when no HTTP request did. */
  readonly requestDigest?: string;
  /**
   * `ce_simulation`: digest of the constitution under which it is simulated. What such a record says did not happen. Absent
   * for what is real.
   */
  readonly simulation?: string;
  readonly topic: string;
  readonly partition: number;
  /** UNKNOWN_OFFSET for a record that a topology hands on in the transaction that writes it. */
  readonly offset: number;
  /** The value as stored in the log. */
  readonly value: Uint8Array;
}

/** Offset of a record whose place in the log is not known yet: it is named by its id. */
export const UNKNOWN_OFFSET = -1;

// biome-ignore lint/suspicious/noExplicitAny: a topic of any records; `never` would not accept every key map.
export type AnyTopic = Topic<any>;

/** The records of a list of topics. */
export type RecordsOf<Topics extends readonly AnyTopic[]> = RecordOf<Extract<RecordsIn<Topics[number]>, RecordName>>;

/** A small topic, kept permanently or compacted, folded into one value that each reading process holds whole. */
export interface Table<Value = unknown> {
  readonly kind: 'table';
  readonly name: string;
  readonly topic: AnyTopic;
  readonly initial: Value;
  /** Total and pure. Called for every record of the topic, oldest first. */
  readonly evolve: (value: Value, record: AnyRecord, meta: Meta) => Value;
}

/** Declares a table. */
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

/**
 * A command that is due at `atMs`. A state lists its own timers (`Timers.due`), so timers are not set or cancelled
 * explicitly.
 */
export interface Timer<Command extends AnyRecord = AnyRecord> {
  /** ms since 1970, from the times of records, never from a clock. */
  readonly atMs: number;
  /** Carries the key of the state. */
  readonly record: Command;
}

/** The timers of a processor: a function of its state, so they are stored, moved and restored with it. */
export interface Timers {
  /** Topic of the timer commands: an input of this processor, which is its only writer. */
  readonly topic: AnyTopic;
  /** Total and pure. Two timers of one state that are equal count as one. */
  readonly due: (state: unknown, key: string) => readonly Timer[];
}

/**
 * Handling of a key's later records after one was dead-lettered. `skip`: they are processed without it. `park`: they
 * are parked behind it in the dead letters, in order, until it is redriven or dropped, while other keys continue. Set
 * per input topic, which is the scope in which the log keeps the order of a key.
 */
export type Poison = 'skip' | 'park';

/**
 * A pure decider over topics. The runner reads a record, calls `decide` with the state of its key, folds the outputs
 * with `evolve`, and writes outputs, state and offsets in one transaction.
 */
export interface Processor {
  readonly kind: 'processor';
  readonly name: string;
  readonly inputs: readonly AnyTopic[];
  readonly outputs: readonly AnyTopic[];
  /** Topic of the state, or null for a stateless processor. */
  readonly state: AnyTopic | null;
  /** Raise it when `evolve` or the list of `timers` changes: older state is rebuilt from the events. */
  readonly stateVersion: number;
  readonly initial: unknown;
  readonly tables: Readonly<Record<string, Table>>;
  /**
   * Key of the state; null skips the record. State lies in the partition of its records: so it is the key or the tenant
   * where that chooses their partition, and any value that belongs to one place (a session, the place itself) where the
   * place does.
   */
  readonly key: (record: AnyRecord, meta: Meta) => string | null;
  /**
   * Total, pure, synchronous. Returns output records, in order. Throws only for bugs; the record is then dead-lettered.
   */
  readonly decide: (
    state: unknown,
    record: AnyRecord,
    meta: Meta,
    tables: Readonly<Record<string, unknown>>,
  ) => readonly AnyRecord[];
  /**
   * Total and pure. Receives only the events that `decide` returned, so the state is the fold of the processor's
   * journal. Returns the state itself where an event changes nothing: it is then not written again.
   */
  readonly evolve: (state: unknown, record: AnyRecord) => unknown;
  /** Returns true when the aggregate is finished and its state may be dropped. */
  readonly finished: (state: unknown) => boolean;
  /** Its timers, or null. */
  readonly timers: Timers | null;
  /** Returns the digest of the constitution under which an aggregate is simulated; null for a real one. Its records name it. */
  readonly simulation: (state: unknown) => string | null;
  /**
   * Maximum time, in ms, that a record waits for others to share its transaction; 0 where a caller waits for the
   * outcome.
   */
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
  /** Default: every aggregate is real. */
  readonly simulation?: (state: State) => string | null;
  readonly lingerMs?: number;
  /** Default: `skip`. */
  readonly poison?: Poison;
}

/**
 * Returns the one topic of events that a stateful processor writes and whose fold is its state; null when it writes
 * none.
 */
export const journalOf = ({ outputs }: Pick<Processor, 'outputs'>): AnyTopic | null =>
  outputs.find(({ kind }) => kind === 'events') ?? null;

/**
 * Declares a processor. Without `state` it is stateless, and `decide` receives `undefined`. Throws when it keeps state
 * and does not write exactly one topic of events: the order across two topics could not be recovered. Throws when it
 * has timers and keeps no state, does not read them back, or is not their only writer.
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
    simulation: () => null,
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
  // A governed timer would need its own decision; with a second writer, not every record in the topic was due.
  if (topic.kind !== 'commands' || topic.governed || topic.writers.join() !== name)
    throw new Error(`${topic.name} must hold ungoverned commands that ${name} alone writes`);
  const other = spec.inputs.find(({ spread }) => spread !== topic.spread);
  if (other !== undefined) throw new Error(`${topic.name} must have as many partitions as ${other.name}`);
}

/**
 * Processors that run as one task per partition. A record that one member writes to an internal topic is written and,
 * in the same transaction, handed on to the members that read this topic: first in, first out. So a command, its
 * decision and its effects commit together or not at all. Every record is in its topic, as if each member ran apart.
 */
export interface Topology {
  readonly kind: 'topology';
  /** Names its consumer group and its transactional ids. */
  readonly name: string;
  /** In the order in which they see a record that several of them read. */
  readonly members: readonly Processor[];
  /** Topics that are read from the log: inputs that no member writes, timers, those that are `readBack`, and `redrives`. */
  readonly external: readonly AnyTopic[];
  /** Topics that are handed on. Their only writers are members. */
  readonly internal: readonly AnyTopic[];
  /** Topic of the redriven records of internal topics; null when it reads none. */
  readonly redrives: AnyTopic | null;
  /** Maximum number of times that one external record leads to a record that is handed on in turn. */
  readonly hopsMax: number;
}

export interface TopologySpec {
  readonly name: string;
  readonly members: readonly Processor[];
  /** Required when there is an internal topic: dead letters of its records come back here. */
  readonly redrives?: AnyTopic;
  /** Default: HOPS_MAX. */
  readonly hopsMax?: number;
}

/**
 * Above the longest chain of the platform by a factor of two; only a cycle without an end is longer. The longest: a job
 * that is cancelled ends its children, JOB_DEPTH_MAX below each other, and the last one drops its journal.
 */
export const HOPS_MAX = 40;

/**
 * Declares a topology. Throws for an internal topic with a writer outside, for inputs with unequal partitions or
 * placement, for two members with one name, one state or one journal, for a table over a topic that a member writes,
 * and for internal topics without `redrives`.
 */
export function topology({ name, members, redrives, hopsMax = HOPS_MAX }: TopologySpec): Topology {
  const refuse = (reason: string): never => {
    throw new Error(`topology ${name}: ${reason}`);
  };
  const names = members.map((member) => member.name);
  if (members.length === 0) refuse('has no members');
  const inputs = distinct(members.flatMap((member) => member.inputs));
  const written = new Set(members.flatMap(({ outputs }) => outputs.map((output) => output.name)));
  const timers = new Set(members.flatMap((member) => member.timers?.topic.name ?? []));
  // One member alone reads from the log what it writes itself.
  const handedOn = ({ name: topic, readBack }: AnyTopic): boolean =>
    members.length > 1 && written.has(topic) && !timers.has(topic) && !readBack;
  const internal = inputs.filter(handedOn);
  const external = inputs.filter((input) => !internal.includes(input));
  if (internal.length > 0 && redrives === undefined) refuse('hands records on, so it needs a topic of redriven ones');
  const read = redrives === undefined ? external : [...external, redrives];
  if (members.length > 1) {
    for (const { name: topic, writers } of internal)
      for (const writer of writers)
        if (!names.includes(writer)) refuse(`${topic} is handed on, and ${writer}, which is no member, writes it`);
    const [first] = inputs;
    for (const { name: topic, spread, partitionedBy } of [...inputs, ...read]) {
      if (spread !== first?.spread) refuse(`${topic} has not as many partitions as ${first?.name}`);
      if (partitionedBy !== first?.partitionedBy) refuse(`${topic} is not partitioned as ${first?.name} is`);
    }
    for (const each of [
      names,
      members.flatMap(({ state }) => state?.name ?? []),
      members.flatMap((member) => journalNameOf(member)),
    ])
      for (const twice of each.filter((one, at) => each.indexOf(one) !== at)) refuse(`two members have ${twice}`);
    for (const { name: member, tables } of members)
      for (const { topic } of Object.values(tables))
        if (written.has(topic.name)) refuse(`${topic.name} is a table of ${member}, and a member writes it`);
  }
  return { kind: 'topology', name, members, external: read, internal, redrives: redrives ?? null, hopsMax };
}

/**
 * The way in which the members of topologies run: chained, as one task per partition, or apart, each with its own
 * consumer group. A setting of the first start: only a stopped platform moves from one to the other.
 */
export type TopologyLayout = 'chained' | 'apart';

/** Returns the layout that is not this one. */
export const otherLayout = (layout: TopologyLayout): TopologyLayout => (layout === 'chained' ? 'apart' : 'chained');

/**
 * Returns the members of a topology as topologies of one: the layout in which each runs apart. A member that reads an
 * internal topic reads its redriven records from the same topic as in the topology.
 */
export const apart = ({ members, internal, redrives }: Topology): readonly Topology[] =>
  members.map((member) => {
    const handedOn = member.inputs.some((input) => internal.some(({ name }) => name === input.name));
    return topology({ name: member.name, members: [member], ...(handedOn && redrives !== null && { redrives }) });
  });

/** Returns the processor as a topology of one. */
export const topologyOf = (member: Processor): Topology => topology({ name: member.name, members: [member] });

const distinct = (topics: readonly AnyTopic[]): readonly AnyTopic[] => [
  ...new Map(topics.map((each) => [each.name, each])).values(),
];
const journalNameOf = (member: Processor): readonly string[] => {
  const journal = member.state === null ? null : journalOf(member);
  return journal === null ? [] : [journal.name];
};

/**
 * The context of a worker's handler. Emitted records are written in order, in transactions, with the current record as
 * their cause.
 */
export interface WorkContext {
  readonly meta: Meta;
  /** Number of runs of this record, including this one; from 1. Counted across crashes. */
  readonly attempt: number;
  /**
   * Aborted when the partition is lost, the process stops, the deadline passes or the work is cancelled. The `code` of
   * its `reason` is FENCED, absent, WORK_DEADLINE or WORK_CANCELLED, respectively.
   */
  readonly signal: AbortSignal;
  /**
   * True when the record was in the log when this process took over its partition: an earlier owner may have handled
   * records before it. Whether it began this one, `attempt` says: a run that has committed anything is counted.
   */
  readonly inherited: boolean;
  /** The same for every run of this record; outside services deduplicate on it. */
  readonly idempotencyKey: string;
  /**
   * Hands over records to be written. Resolves when there is room for more (back-pressure), not when they are
   * committed.
   */
  emit(...records: readonly AnyRecord[]): Promise<void>;
  /**
   * Writes records at once. Resolves when they are in the log, where the next run of the record finds them. Calls in
   * one turn of the event loop share a transaction, which also counts the run. Rejects with LogError `FENCED` when they
   * are not written, because the partition was lost or the commit failed; with RECORD_TOO_LARGE when one is too large.
   */
  commit(...records: readonly AnyRecord[]): Promise<void>;
  /**
   * Sets the final records of the run. They are written when the handler has resolved, in the transaction that finishes
   * the record, so they are in the log exactly once over all runs; emitted records may be there once per run. A second
   * call replaces the first. Nothing is written when the handler rejects. Throws when a record is too large.
   */
  end(...records: readonly AnyRecord[]): void;
}

/** A step that takes time or has external effects: ordered per key, concurrent across keys. */
export interface Worker {
  readonly kind: 'worker';
  readonly name: string;
  readonly inputs: readonly AnyTopic[];
  readonly outputs: readonly AnyTopic[];
  readonly key: (record: AnyRecord, meta: Meta) => string | null;
  /** Maximum of keys in flight per partition. */
  readonly concurrencyMax: number;
  /** Maximum of keys of one tenant in flight per partition. */
  readonly tenantConcurrencyMax: number;
  /**
   * Types of records that do not count towards these limits, because running work waits for them. They are begun at once
   * and handled without a wait; the order per key holds for them as well.
   */
  readonly exempt: readonly RecordName[];
  /** Maximum of runs of one record before it is abandoned, or parked when the worker's `poison` is `park`. */
  readonly attemptsMax: number;
  /** Maximum time of one run. */
  readonly deadlineMs: number;
  readonly poison: Poison;
  readonly cancels: Cancels | null;
}

/**
 * Records that end earlier work of their key as soon as they are read: running work is aborted, and both running and
 * queued work is abandoned with WORK_CANCELLED. They are never handled themselves.
 */
export interface Cancels<Record extends AnyRecord = AnyRecord> {
  readonly by: readonly Record['type'][];
  /** Returns true when `cancel` refers to the earlier record. Total and pure. */
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
  /** Default: none. */
  readonly exempt?: readonly RecordsOf<In>['type'][];
  readonly attemptsMax: number;
  readonly deadlineMs: number;
  /** Default: `skip`. */
  readonly poison?: Poison;
  readonly cancels?: Cancels<RecordsOf<In>>;
}

/** Declares a worker. Its handler, which has external effects, is bound where the process is composed. */
export function worker<const In extends readonly AnyTopic[], const Out extends readonly AnyTopic[]>(
  spec: WorkerSpec<In, Out>,
): Worker {
  return {
    kind: 'worker',
    tenantConcurrencyMax: spec.concurrencyMax,
    exempt: [],
    poison: 'skip',
    cancels: null,
    ...spec,
  } as unknown as Worker;
}

/** Makes a switch total: a missing case fails to compile. Throws when it is reached at run time. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`);
}
