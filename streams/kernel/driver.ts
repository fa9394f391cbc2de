/**
 * Runs processors in memory as the runner does on the broker: the same declarations, real Avro bytes, records partitioned
 * by key, ids derived from their causes, state kept as JSON. No I/O and a virtual clock: a run with the same input
 * and the same choices yields the same bytes.
 */
import { keyOf, topicOf } from '../../schemas/topics.ts';
import { type AnyRecord, type Meta, type Processor, placeOf, type Worker } from '../kernel.ts';
import { DriverLog, type Logged } from './driver-log.ts';
import { KHIPU_NAMESPACE, uuidV5 } from './ids.ts';
import { createLocalCodec } from './local-codec.ts';
import { emittedBy, step } from './step.ts';
import { causeOf, NO_TIMERS, type SetTimer, timerCommand, timersOf } from './timers.ts';

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
  /** Lets one reader take one record, or one timer that is due fire. False when there is neither. */
  step(): boolean;
  /** Steps until nothing is left to read; returns the number of steps. Throws after `stepsMax`: readers feed each other. */
  run(stepsMax?: number): number;
  records(topic?: string): readonly Logged[];
  /** State of a key, or undefined when it has none. */
  state(processor: string, key: string): unknown;
  readonly deadLetters: readonly DeadLetter[];
  /** Moves the clock on. Timers that are then due fire at the next steps, earliest first. */
  advance(ms: number): void;
}

const STEPS_MAX = 1_000_000;
const START_MS = Date.UTC(2026, 0, 1);

/** Who may take the next step: one input partition of a processor or stand-in, or the timers of a processor. */
interface Reader {
  readonly ready: () => boolean;
  readonly take: () => void;
}

interface Kept {
  /** As JSON: what is no JSON would not come back from the state topic either. */
  readonly state: string;
  readonly timers: readonly SetTimer[];
}

export function createDriver({ processors, standIns = [], choose, startMs = START_MS }: DriverOptions): Driver {
  const log = new DriverLog(createLocalCodec());
  const states = new Map<string, Kept>();
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
      const placed = placeOf(processor, meta);
      if (processor.state !== null && key !== placed)
        throw new Error(`${processor.name} keys ${record.type} ${key}, the log ${placed}`);
      const place = `${processor.name}/${key}`;
      const kept = states.get(place);
      const before = kept === undefined ? processor.initial : (JSON.parse(kept.state) as unknown);
      const { emitted, state } = step(processor, before, record, meta, tables());
      const timers = timersOf(processor, key, state, kept?.timers ?? NO_TIMERS, causeOf(meta));
      for (const out of emitted) log.append(out);
      if (processor.state === null) return;
      if (processor.finished(state)) states.delete(place);
      else states.set(place, { state: JSON.stringify(state), timers });
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
  /** The timer of the processor that is due first, and whose; undefined while none is. */
  const dueOf = (processor: Processor) => {
    let first: { key: string; kept: Kept; timer: SetTimer } | undefined;
    for (const [place, kept] of states)
      for (const timer of kept.timers)
        if (
          place.startsWith(`${processor.name}/`) &&
          !timer.fired &&
          timer.atMs <= nowMs &&
          timer.atMs < (first?.timer.atMs ?? Number.POSITIVE_INFINITY)
        )
          first = { key: place.slice(processor.name.length + 1), kept, timer };
    return first;
  };
  const fire = (processor: Processor): void => {
    const due = dueOf(processor);
    if (due === undefined) return;
    const { key, kept, timer } = due;
    log.append(timerCommand(processor, key, timer));
    const timers = kept.timers.map((each) => (each === timer ? { ...each, fired: true } : each));
    states.set(`${processor.name}/${key}`, { ...kept, timers });
  };
  const inputs = [
    ...processors.map((processor) => ({ topics: processor.inputs, work: reader(processor) })),
    ...standIns.map((standIn) => ({ topics: standIn.worker.inputs, work: stand(standIn) })),
  ].flatMap(({ topics, work }) =>
    topics.flatMap(({ name, partitions }) =>
      Array.from({ length: partitions }, (_, partition) => inputReader(log, name, partition, work)),
    ),
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
      return kept === undefined ? undefined : JSON.parse(kept.state);
    },
    deadLetters,
    advance(ms) {
      nowMs += ms;
    },
  };
}

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
