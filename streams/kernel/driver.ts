/**
 * Runs processors in memory as the runner does on the broker: the same declarations, real Avro bytes, records partitioned
 * by key, ids derived from their causes, state kept as JSON. No I/O and a virtual clock: a run with the same input
 * and the same choices yields the same bytes.
 */

import { KHIPU_NAMESPACE, uuidV5 } from '../../schemas/ids.ts';
import { keyOf, PARTITIONS_DEFAULT, topicOf } from '../../schemas/topics.ts';
import {
  type AnyRecord,
  type AnyTopic,
  type Meta,
  type Processor,
  type Topology,
  topologyOf,
  type Worker,
} from '../kernel.ts';
import { DriverLog, type Logged } from './driver-log.ts';
import { createLocalCodec } from './local-codec.ts';
import { misplacement, placeOf, placesOver } from './place.ts';
import { emittedBy, step } from './step.ts';
import { causeOf, NO_TIMERS, type SetTimer, timerCommand, timersOf } from './timers.ts';

/** A substitute for a worker: a pure answer to each of its records. */
export interface StandIn {
  readonly worker: Worker;
  readonly respond: (record: AnyRecord, meta: Meta) => readonly AnyRecord[];
}

export interface DriverOptions {
  /** Processors that run apart: each reads all of its inputs from the log. */
  readonly processors?: readonly Processor[];
  /** Processors that run chained: a record of an internal topic is handed on in the step that writes it. */
  readonly topologies?: readonly Topology[];
  readonly standIns?: readonly StandIn[];
  /** Chooses which of `count` ready readers goes next: the interleaving. Round-robin by default. */
  readonly choose?: (count: number) => number;
  readonly startMs?: number;
  /** Partitions of the platform. Default: PARTITIONS_DEFAULT. */
  readonly partitions?: number;
  /** Number of places of a tenant. Default: as on a platform of so many partitions. */
  readonly places?: number;
}

export interface AppendOptions {
  readonly id?: string;
  readonly tenantId?: string;
  /** Default: the place of its key. Null for a topic of one partition, whose records belong to no session or request. */
  readonly place?: string | null;
}

export interface DeadLetter {
  readonly processor: string;
  readonly meta: Meta;
  readonly error: unknown;
}

export interface Driver {
  /** Appends a record from outside, such as a gateway's command, at the time of the clock. */
  append(record: AnyRecord, options?: AppendOptions): Logged;
  /** Lets one reader take one record, or fires one due timer. Returns false when there is neither. */
  step(): boolean;
  /**
   * Steps until nothing is left to read; returns the number of steps. Throws after `stepsMax` steps, since readers then
   * feed each other.
   */
  run(stepsMax?: number): number;
  records(topic?: string): readonly Logged[];
  /** Returns the state of a key, or undefined when it has none. Throws when it has one in several partitions. */
  state(processor: string, key: string): unknown;
  readonly deadLetters: readonly DeadLetter[];
  /** Advances the clock. Timers that are then due fire at the next steps, earliest first. */
  advance(ms: number): void;
}

const STEPS_MAX = 1_000_000;
const START_MS = Date.UTC(2026, 0, 1);

/** A candidate for the next step: one input partition of a processor or stand-in, or the timers of a processor. */
interface Reader {
  readonly ready: () => boolean;
  readonly take: () => void;
}

interface Kept {
  readonly processor: string;
  readonly key: string;
  /** As JSON: a value that is not JSON would not survive the state topic either. */
  readonly state: string;
  readonly timers: readonly SetTimer[];
}

/** Creates a driver over the given processors and stand-ins. */
export function createDriver(options: DriverOptions): Driver {
  const { standIns = [], choose, startMs = START_MS, partitions = PARTITIONS_DEFAULT } = options;
  const topologies = [...(options.processors ?? []).map(topologyOf), ...(options.topologies ?? [])];
  const processors = topologies.flatMap(({ members }) => members);
  const log = new DriverLog(createLocalCodec(), partitions);
  const states = new Map<string, Kept>();
  const deadLetters: DeadLetter[] = [];
  let nowMs = startMs;
  let latest = -1;

  /** Returns the step of a topology on an external record: the record and all that it leads to, first in, first out. */
  const chained = ({ name, members, internal, hopsMax }: Topology) => {
    const readers = members.map((processor) => ({ processor, tables: tableView(log, processor.tables) }));
    return (external: Logged) => {
      const chain: { readonly logged: Logged; readonly hops: number }[] = [{ logged: external, hops: 0 }];
      for (const { logged, hops } of chain) {
        const { record, meta } = logged;
        for (const { processor, tables } of readers) {
          if (!reads(processor, meta.topic)) continue;
          if (hops > hopsMax) {
            const error = new Error(`${name}: the chain of ${external.record.type} is longer than ${hopsMax}`);
            deadLetters.push({ processor: processor.name, meta, error });
            continue;
          }
          for (const written of work(processor, tables, record, meta))
            if (isAmong(internal, written.meta.topic)) chain.push({ logged: written, hops: hops + 1 });
        }
      }
    };
  };
  const work = (
    processor: Processor,
    tables: ReturnType<typeof tableView>,
    record: AnyRecord,
    meta: Meta,
  ): readonly Logged[] => {
    try {
      const key = processor.key(record, meta);
      if (key === null) return [];
      const partitions = log.ends(meta.topic).length;
      const mismatch = processor.state === null ? null : misplacement(processor, key, meta, partitions);
      if (mismatch !== null) throw new Error(mismatch);
      const id = stateId(processor.name, meta.partition, key);
      const kept = states.get(id);
      const text = kept?.state ?? JSON.stringify(processor.initial);
      const before = kept === undefined ? processor.initial : (JSON.parse(text) as unknown);
      const { emitted, state } = step(processor, before, record, meta, tables());
      // The runner takes the same object for an unchanged state, and does not write it.
      if (state === before && JSON.stringify(state) !== text)
        throw new Error(`${processor.name} changes its state in place`);
      const timers = timersOf(processor, key, state, kept?.timers ?? NO_TIMERS, causeOf(meta));
      const written = emitted.map((out) => log.append(out, nowMs));
      if (processor.state === null) return written;
      if (processor.finished(state)) states.delete(id);
      else states.set(id, { processor: processor.name, key, state: JSON.stringify(state), timers });
      return written;
    } catch (error) {
      deadLetters.push({ processor: processor.name, meta, error });
      return [];
    }
  };
  const stand = ({ worker, respond }: StandIn) => {
    return ({ record, meta }: Logged) => {
      if (worker.key(record, meta) === null) return;
      for (const [position, out] of respond(record, meta).entries())
        log.append(emittedBy(worker.name, meta, out, position, nowMs), nowMs);
    };
  };
  /** Returns the earliest due timer of the processor, with its state; undefined when none is due. */
  const dueOf = (processor: Processor) => {
    let first: { id: string; kept: Kept; timer: SetTimer } | undefined;
    for (const [id, kept] of states)
      for (const timer of kept.timers)
        if (
          kept.processor === processor.name &&
          !timer.fired &&
          timer.atMs <= nowMs &&
          timer.atMs < (first?.timer.atMs ?? Number.POSITIVE_INFINITY)
        )
          first = { id, kept, timer };
    return first;
  };
  const fire = (processor: Processor): void => {
    const due = dueOf(processor);
    if (due === undefined) return;
    const { id, kept, timer } = due;
    log.append(timerCommand(processor, kept.key, timer), nowMs);
    const timers = kept.timers.map((each) => (each === timer ? { ...each, fired: true } : each));
    states.set(id, { ...kept, timers });
  };
  const inputs = [
    ...topologies.map((topology) => ({ topics: topology.external, work: chained(topology) })),
    ...standIns.map((standIn) => ({ topics: standIn.worker.inputs, work: stand(standIn) })),
  ].flatMap(({ topics, work }) =>
    topics.flatMap(({ name }) => log.ends(name).map((_, partition) => inputReader(log, name, partition, work))),
  );
  const readers: readonly Reader[] = [
    ...inputs,
    ...processors
      .filter(({ timers }) => timers !== null)
      .map((processor) => ({ ready: () => dueOf(processor) !== undefined, take: () => fire(processor) })),
  ];

  function stepOnce(): boolean {
    const ready = readers.filter((each) => each.ready());
    if (ready.length === 0) return false;
    const next =
      choose === undefined
        ? (ready.find((each) => readers.indexOf(each) > latest) ?? ready[0])
        : ready[choose(ready.length) % ready.length];
    if (next === undefined) throw new Error('a choice beyond what is ready');
    latest = readers.indexOf(next);
    next.take();
    return true;
  }

  return {
    append(record, { id = uuidV5(KHIPU_NAMESPACE, `driver/${log.size}`), tenantId = 'demo', place } = {}) {
      const trace = id.replaceAll('-', '');
      const { spread } = topicOf(record.type);
      const own =
        spread === 'single' ? null : placeOf(tenantId, keyOf(record), options.places ?? placesOver(partitions));
      const appended = {
        topic: topicOf(record.type).name,
        key: keyOf(record),
        record,
        id,
        tenantId,
        place: place === undefined ? own : place,
        correlationId: id,
        causationId: id,
        timeMs: nowMs,
        traceparent: `00-${trace}-${trace.slice(0, 16)}-01`,
        source: 'khipu/driver',
      };
      return log.append(appended, nowMs);
    },
    step: stepOnce,
    run(stepsMax = STEPS_MAX) {
      for (let steps = 0; steps < stepsMax; steps += 1) if (!stepOnce()) return steps;
      throw new Error(`${stepsMax} steps and no end`);
    },
    records: (topic) => log.records(topic),
    state(processor, key) {
      const kept = [...states.values()].filter((each) => each.processor === processor && each.key === key);
      if (kept.length > 1) throw new Error(`${processor} keeps state of ${key} in ${kept.length} partitions`);
      return kept[0] === undefined ? undefined : JSON.parse(kept[0].state);
    },
    deadLetters,
    advance(ms) {
      nowMs += ms;
    },
  };
}

const isAmong = (topics: readonly AnyTopic[], topic: string): boolean => topics.some(({ name }) => name === topic);
const reads = ({ inputs }: Processor, topic: string): boolean => isAmong(inputs, topic);

/** State lies in the partition of its records, as in the runner: a key in two partitions has two states. */
const stateId = (processor: string, partition: number, key: string): string => `${processor}/${partition}/${key}`;

function inputReader(log: DriverLog, topic: string, partition: number, work: (logged: Logged) => void): Reader {
  let offset = 0;
  return {
    ready: () => offset < (log.ends(topic)[partition] ?? 0),
    take: () => {
      const logged = log.at(topic, partition, offset);
      if (logged === undefined) throw new Error('a reader that was ready has nothing to read');
      offset += 1;
      work(logged);
    },
  };
}

/**
 * Returns a reader of a processor's tables. They are read to their end before each decision, as a process does before
 * it starts work.
 */
function tableView(log: DriverLog, tables: Processor['tables']): () => Readonly<Record<string, unknown>> {
  const views = Object.entries(tables).map(([name, spec]) => ({ name, spec, value: spec.initial, read: 0 }));
  return () => {
    for (const view of views) {
      const records = log.records(view.spec.topic.name, view.read);
      for (const { record, meta } of records) view.value = view.spec.evolve(view.value, record, meta);
      view.read += records.length;
    }
    return Object.fromEntries(views.map(({ name, value }) => [name, value]));
  };
}
