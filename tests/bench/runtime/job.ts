import { randomUUID } from 'node:crypto';
import { toOutgoing } from '../../../infra/kafka/envelope.ts';
import type { Log, OutgoingRecord } from '../../../infra/kafka/port.ts';
import type { RecordCodec } from '../../../schemas/codec.ts';
import type { RecordOf } from '../../../schemas/generated/records.ts';
import { deadLetterTopic, type Topic, topics } from '../../../schemas/topics.ts';
import { createLocalCodec } from '../../../streams/kernel/local-codec.ts';
import { placeOf } from '../../../streams/kernel/place.ts';
import { type Processor, processor } from '../../../streams/kernel.ts';
import { appendAll } from './append-all.ts';

/**
 * The job of both sides: a keyed count with state. The nth command of a key is answered with an event that carries n.
 * Commands and events are Khipu records of 300 bytes, with all headers of the envelope; both sides use the same topics.
 */
export const INPUT_RECORD = 'InferText';
export const OUTPUT_RECORD = 'InferenceFailed';
export const OUTPUT_TOPIC = topics.inferenceEvents.name;

const VALUE_BYTES = 300;
/** Number of keys over which a backlog is spread. */
export const BACKLOG_KEYS = 10_000;

export const codec: RecordCodec = createLocalCodec();

export interface JobTopics {
  readonly name: string;
  readonly input: Topic<'InferText' | 'EmbedText'>;
  readonly state: Topic<never>;
}

/**
 * Names the topics of a job. The name also forms its group, transactional ids and state topic. Jobs may share an input.
 */
export const jobTopics = (name: string, input: string): JobTopics => ({
  name,
  input: { ...topics.inferenceCommands, name: input, partitionedBy: 'key' },
  state: { ...topics.sessionsState, name: `${name}.state` },
});

/** Declares the processor of the job. */
export const counting = ({ name, input, state }: JobTopics): Processor =>
  processor({
    name,
    inputs: [input],
    outputs: [topics.inferenceEvents],
    state,
    key: (record) => record.data.requestId,
    initial: { count: 0 },
    decide: ({ count }, { type, data }) =>
      type === INPUT_RECORD ? [answer(data.requestId, count + 1, data.prompt)] : [],
    evolve: ({ count }) => ({ count: count + 1 }),
  });

const answer = (requestId: string, count: number, prompt: string): RecordOf<'InferenceFailed'> => ({
  type: OUTPUT_RECORD,
  data: { requestId, code: String(count), detail: prompt, refusal: null },
});

/** Returns the nth key, as long as the ids used as keys in production. */
export const keyOf = (n: number): string => `10000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** Returns the nth command, of 300 bytes; its prompt begins with n. */
export function command(n: number, key: string, topic: string): OutgoingRecord {
  const id = randomUUID();
  const data = {
    requestId: key,
    principal: 'bench',
    capabilities: [],
    model: null,
    maxTokens: null,
    credential: null,
    labels: [],
  };
  const prompt = `${n} `.padEnd(VALUE_BYTES - FIXED_BYTES, 'x');
  return toOutgoing(codec, {
    topic,
    key,
    record: { type: INPUT_RECORD, data: { ...data, prompt } },
    id,
    tenantId: 'bench',
    place: placeOf('bench', key, 16),
    correlationId: id,
    causationId: id,
    timeMs: Date.now(),
    traceparent: `00-${id.replaceAll('-', '')}-${id.slice(24)}0000-01`,
    source: 'khipu/bench',
  });
}

/** Bytes of framing, key, principal, the empty fields, and the length prefix of the prompt. */
const FIXED_BYTES = 5 + 37 + 6 + 3 + 2;

/**
 * Creates the input topic and all topics that the processor writes. Outputs always have the same number of partitions.
 */
export async function createJobTopics(log: Log, { input, state }: JobTopics, partitions: number): Promise<void> {
  const of = (name: string) => ({ name, partitions, config: {} });
  await log.createTopics([
    ...[input.name, deadLetterTopic(input.name), state.name].map(of),
    { name: OUTPUT_TOPIC, partitions: 4, config: {} },
  ]);
}

/** Appends `count` commands, spread evenly over the keys, identically in every run. */
export const appendBacklog = (log: Log, topic: string, count: number): Promise<void> =>
  appendAll(log, count, (n) => command(n, keyOf(scattered(n)), topic));

/** Knuth's multiplicative hash: every key is equally frequent, in an order that favours no cache. */
const scattered = (n: number): number => (Math.imul(n, 2_654_435_761) >>> 0) % BACKLOG_KEYS;
