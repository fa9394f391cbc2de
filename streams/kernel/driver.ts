/**
 * Runs processors in memory as the runner does on the broker: the same declarations, real Avro bytes, records partitioned
 * by key, ids derived from their causes, state kept as JSON. No I/O and a virtual clock: a run with the same input
 * and the same choices yields the same bytes.
 */
import { keyOf, topicOf } from '../../schemas/topics.ts';
import type { AnyRecord, Meta, Processor, Worker } from '../kernel.ts';
import { DriverLog, type Logged } from './driver-log.ts';
import { KHIPU_NAMESPACE, uuidV5 } from './ids.ts';
import { createLocalCodec } from './local-codec.ts';
import { emittedBy, step } from './step.ts';

/** What stands where a worker would: a pure answer to each of its records. */
export interface StandIn {
  readonly worker: Worker;
  readonly respond: (record: AnyRecord, meta: Meta) => readonly AnyRecord[];
}

export interface DriverOptions {
  readonly processors: readonly Processor[];
  readonly standIns?: readonly StandIn[];
  /** Which of `count` readers that have something to read goes next: the interleaving. Round and round by default. */
  readonly choose?: (count: number) => number;
  readonly startMs?: number;
}

export interface AppendOptions {
  readonly id?: string;
  readonly tenantId?: string;
}

export interface DeadLetter {
  readonly processor: string;
  readonly meta: Meta;
  readonly error: unknown;
}

export interface Driver {
  /** Appends a record as one from outside, such as a gateway's command, at the time of the clock. */
  append(record: AnyRecord, options?: AppendOptions): Logged;
  /** Lets one reader take one record. False when all have read everything. */
  step(): boolean;
  /** Steps until nothing is left to read; returns the number of steps. Throws after `stepsMax`: readers feed each other. */
  run(stepsMax?: number): number;
  records(topic?: string): readonly Logged[];
  /** State of a key, or undefined when it has none. */
  state(processor: string, key: string): unknown;
  readonly deadLetters: readonly DeadLetter[];
  advance(ms: number): void;
}

const STEPS_MAX = 1_000_000;
const START_MS = Date.UTC(2026, 0, 1);

/** One input partition of one processor or stand-in. */
interface Cursor {
  readonly topic: string;
  readonly partition: number;
  readonly work: (logged: Logged) => void;
  offset: number;
}

export function createDriver({ processors, standIns = [], choose, startMs = START_MS }: DriverOptions): Driver {
  const log = new DriverLog(createLocalCodec());
  const states = new Map<string, string>();
  const deadLetters: DeadLetter[] = [];
  let nowMs = startMs;
  let latest = -1;

  const reader = (processor: Processor) => {
    const tables = tableView(log, processor.tables);
    return ({ record, meta }: Logged) => work(processor, tables, record, meta);
  };
  const work = (processor: Processor, tables: ReturnType<typeof tableView>, record: AnyRecord, meta: Meta): void => {
    try {
      const key = processor.key(record, meta);
      if (key === null) return;
      if (key !== meta.key) throw new Error(`${processor.name} keys ${record.type} ${key}, the log ${meta.key}`);
      const place = `${processor.name}/${key}`;
      const kept = states.get(place);
      const before = kept === undefined ? processor.initial : (JSON.parse(kept) as unknown);
      const { emitted, state } = step(processor, before, record, meta, tables());
      for (const out of emitted) log.append(out);
      if (processor.state === null) return;
      if (processor.finished(state)) states.delete(place);
      else states.set(place, JSON.stringify(state));
    } catch (error) {
      deadLetters.push({ processor: processor.name, meta, error });
    }
  };
  const stand = ({ worker, respond }: StandIn) => {
    return ({ record, meta }: Logged) => {
      if (worker.key(record, meta) === null) return;
      for (const [position, out] of respond(record, meta).entries())
        log.append(emittedBy(worker.name, meta, out, position, nowMs));
    };
  };
  const cursors: readonly Cursor[] = [
    ...processors.map((processor) => ({ inputs: processor.inputs, work: reader(processor) })),
    ...standIns.map((standIn) => ({ inputs: standIn.worker.inputs, work: stand(standIn) })),
  ].flatMap(({ inputs, work }) =>
    inputs.flatMap(({ name, partitions }) =>
      Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition, work, offset: 0 })),
    ),
  );

  function stepOnce(): boolean {
    const ready = cursors.filter(({ topic, partition, offset }) => offset < (log.ends(topic)[partition] ?? 0));
    if (ready.length === 0) return false;
    const cursor =
      choose === undefined
        ? (ready.find((next) => cursors.indexOf(next) > latest) ?? ready[0])
        : ready[choose(ready.length) % ready.length];
    const logged = cursor && log.at(cursor.topic, cursor.partition, cursor.offset);
    if (cursor === undefined || logged === undefined) throw new Error('a reader that was ready has nothing to read');
    latest = cursors.indexOf(cursor);
    cursor.offset += 1;
    cursor.work(logged);
    return true;
  }

  return {
    append(record, { id = uuidV5(KHIPU_NAMESPACE, `driver/${log.size}`), tenantId = 'demo' } = {}) {
      const trace = id.replaceAll('-', '');
      return log.append({
        topic: topicOf(record.type).name,
        key: keyOf(record),
        record,
        id,
        tenantId,
        correlationId: id,
        causationId: id,
        timeMs: nowMs,
        traceparent: `00-${trace}-${trace.slice(0, 16)}-01`,
        source: 'khipu/driver',
      });
    },
    step: stepOnce,
    run(stepsMax = STEPS_MAX) {
      for (let steps = 0; steps < stepsMax; steps += 1) if (!stepOnce()) return steps;
      throw new Error(`${stepsMax} steps and no end`);
    },
    records: (topic) => log.records(topic),
    state(processor, key) {
      const kept = states.get(`${processor}/${key}`);
      return kept === undefined ? undefined : JSON.parse(kept);
    },
    deadLetters,
    advance(ms) {
      nowMs += ms;
    },
  };
}

/** The tables of one processor. They are read to their end before anything is decided, as a process does before it takes work. */
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
