import { pino } from 'pino';
import { Registry } from 'prom-client';
import { RecordCodec, UndecodableError } from '../../../schemas/codec.ts';
import { type AnyRecord, fullNames, type RecordName, type RecordOf } from '../../../schemas/generated/records.ts';
import { deadLetterTopic, type Topic, topics } from '../../../schemas/topics.ts';
import { partitionOf } from '../../../streams/kernel/partitioner.ts';
import { type Processor, processor, type Worker, worker } from '../../../streams/kernel.ts';
import { readWhole, unique } from '../../kafka/contract/testing.ts';
import { RecordDecoder } from '../../kafka/decode.ts';
import { toOutgoing } from '../../kafka/envelope.ts';
import type { Log, LogRecord, OutgoingRecord } from '../../kafka/port.ts';
import { type Clock, systemClock } from '../../kit/clock.ts';
import type { RunnerDependencies } from '../lives.ts';
import { createRunnerMetrics } from '../metrics.ts';

/** Returns a decoder whose schema ids are the alphabetical positions of the records: no registry is needed. */
export const localDecoder = (): RecordDecoder =>
  new RecordDecoder(
    new RecordCodec(new Map((Object.keys(fullNames) as RecordName[]).map((name, index) => [name, index + 1]))),
    async (id) => {
      throw new UndecodableError('RECORD_UNKNOWN', `no schema ${id}`);
    },
  );

/**
 * Returns names for one test, so that tests share a log without conflicts. Outputs go to `inference.events`,
 * distinguished by key.
 */
export interface Names {
  readonly name: string;
  readonly input: typeof topics.inferenceCommands;
  readonly state: Topic<never>;
}

export async function prepare(log: Log, partitions = 4): Promise<Names> {
  const name = unique('count');
  const input = { ...topics.inferenceCommands, name: `${name}.commands`, partitionedBy: 'key' as const };
  const state = { ...topics.sessionsState, name: `${name}.state` };
  const created = [input.name, deadLetterTopic(input.name), state.name].map((each) => ({
    name: each,
    partitions,
    config: {},
  }));
  await log.createTopics([...created, { name: topics.inferenceEvents.name, partitions: 4, config: {} }]);
  return { name, input, state };
}

export interface Count {
  readonly count: number;
}

/** A clock that only the test moves. */
export class ManualClock implements Clock {
  #nowMs: number;
  #sleepers = new Set<{ readonly untilMs: number; readonly wake: () => void }>();

  constructor(startMs = 1_000_000) {
    this.#nowMs = startMs;
  }

  /** Number of waits that are not over. */
  get waits(): number {
    return this.#sleepers.size;
  }

  now = (): number => this.#nowMs;
  random = (): number => 0;

  sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted === true || ms <= 0) return resolve();
      const sleeper = { untilMs: this.#nowMs + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers.delete(sleeper);
        resolve();
      });
    });

  advance(ms: number): void {
    this.#nowMs += ms;
    for (const sleeper of this.#sleepers)
      if (sleeper.untilMs <= this.#nowMs) {
        this.#sleepers.delete(sleeper);
        sleeper.wake();
      }
  }
}

/**
 * Returns a processor that answers the nth command of a key with an event that says n. It emits nothing for `quiet`,
 * ends with `end`, and throws at `break`.
 */
export const counter = ({ name, input, state }: Names, over: Partial<Processor> = {}): Processor => ({
  ...processor({
    name,
    inputs: [input],
    outputs: [topics.inferenceEvents],
    state,
    key: (record) => record.data.requestId,
    initial: { count: 0 } as Count,
    decide: ({ count }, record) => {
      if (record.type !== 'InferText' || record.data.prompt === 'quiet') return [];
      if (record.data.prompt === 'break') throw new Error('decide broke');
      return [answer(record.data.requestId, count + 1, record.data.prompt)];
    },
    evolve: ({ count }, { data }) => ({ count: 'code' in data && data.code !== 'end' ? count + 1 : -1 }),
    finished: ({ count }) => count < 0,
  }),
  ...over,
});

type Bounds = Pick<Worker, 'concurrencyMax' | 'attemptsMax' | 'deadlineMs'>;

/** Returns a worker with the same input and output, with these bounds. */
export const working = ({ name, input }: Names, bounds: Bounds, over: Partial<Worker> = {}): Worker => ({
  ...worker({
    name,
    inputs: [input],
    outputs: [topics.inferenceEvents],
    key: ({ data }) => data.requestId,
    ...bounds,
  }),
  ...over,
});

export const answer = (requestId: string, count: number, prompt: string): RecordOf<'InferenceFailed'> => ({
  type: 'InferenceFailed',
  data: { requestId, code: prompt === 'end' ? 'end' : `${count}`, detail: prompt, refusal: null },
});

export const ask = (requestId: string, prompt: string): RecordOf<'InferText'> => ({
  type: 'InferText',
  data: {
    requestId,
    principal: 'p',
    capabilities: [],
    model: null,
    prompt,
    maxTokens: null,
    credential: null,
    labels: [],
  },
});

let ids = 0;
/** Places of a tenant. */
const PLACES = 16;

/**
 * Returns the place of a tenant in the partition that its key has, for up to 16 partitions: inputs of these tests are
 * partitioned by key, and what the processors write by place.
 */
export function placeBeside(tenantId: string, key: string): string {
  const distance = partitionOf(key, PLACES) - partitionOf(tenantId, PLACES);
  return `${tenantId}/${(distance + PLACES) % PLACES}`;
}

/** Sets the `ce_time` of every command made by `command`. */
export const COMMAND_TIME_MS = 1_000;

/** Returns a command as a gateway would append it. */
export function command(names: Names, decoder: RecordDecoder, record: AnyRecord, key: string): OutgoingRecord {
  ids += 1;
  const id = `00000000-0000-4000-8000-${String(ids).padStart(12, '0')}`;
  const place = placeBeside('t', key);
  const rest = {
    id,
    tenantId: 't',
    place,
    correlationId: id,
    causationId: id,
    timeMs: COMMAND_TIME_MS,
    source: 'test',
  };
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  return toOutgoing(decoder.codec, { topic: names.input.name, key, record, traceparent, ...rest });
}

export const dependenciesOf = (log: Log, decoder = localDecoder(), over: Partial<RunnerDependencies> = {}) => {
  const register = new Registry();
  const metrics = createRunnerMetrics(register);
  const fatal: unknown[] = [];
  const onFatal = (error: unknown): void => void fatal.push(error);
  const dependencies: RunnerDependencies = {
    ...{ log, decoder, metrics, logger: pino({ level: 'silent' }), clock: systemClock, onFatal },
    ...over,
  };
  const metric = async (name: string): Promise<number> => {
    const values = (await register.getSingleMetric(name)?.get())?.values ?? [];
    return values
      .filter((value) => !/_bucket$|_sum$/.test((value as { metricName?: string }).metricName ?? ''))
      .reduce((sum, { value }) => sum + value, 0);
  };
  return { dependencies, metric, fatal };
};

/** Returns the answers of the counter for a key, in order: `<count>:<prompt>`. */
export async function answersOf(
  log: Log,
  decoder: RecordDecoder,
  keys: readonly string[],
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>(keys.map((key) => [key, []]));
  for (const record of await readWhole(log, topics.inferenceEvents.name)) {
    const answers = found.get(record.key ?? '');
    if (answers === undefined) continue;
    const { data } = decoder.decodeSync(record).record as RecordOf<'InferenceFailed'>;
    answers.push(`${data.code}:${data.detail}`);
  }
  return found;
}

/** Returns the latest state of each key in the state topic. */
export async function statesOf(log: Log, { state }: Names): Promise<Map<string, unknown>> {
  const last = new Map<string, unknown>();
  for (const { key, value } of await readWhole(log, state.name)) {
    if (value === null) last.delete(key ?? '');
    else last.set(key ?? '', (JSON.parse(value.toString()) as { state: unknown }).state);
  }
  return last;
}

export const deadLettersOf = (log: Log, { input }: Names): Promise<readonly LogRecord[]> =>
  readWhole(log, deadLetterTopic(input.name));

/** Returns the number of inputs that no committed offset covers. */
export async function uncommitted(log: Log, { name, input }: Names): Promise<number> {
  const committed = await log.committed(`khipu.${name}`, [input.name]);
  const marks = await log.watermarks([input.name]);
  const done = (partition: number): number =>
    Math.max(0, committed.find((position) => position.partition === partition)?.offset ?? 0);
  return marks.reduce((sum, { partition, high }) => sum + high - done(partition), 0);
}
