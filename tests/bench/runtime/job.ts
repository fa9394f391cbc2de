import { randomUUID } from 'node:crypto';
import { toOutgoing } from '../../../infra/kafka/envelope.ts';
import type { Log, OutgoingRecord } from '../../../infra/kafka/log.ts';
import type { RecordCodec } from '../../../schemas/codec.ts';
import type { RecordOf } from '../../../schemas/generated/records.ts';
import { deadLetterTopic, type Topic, topics } from '../../../schemas/topics.ts';
import { createLocalCodec } from '../../../streams/kernel/local-codec.ts';
import { type Processor, processor } from '../../../streams/kernel.ts';
import { appendAll } from './append-all.ts';

/**
 * The job of both sides: a keyed count with state. The nth command of a key is answered with an event that says n.
 * Commands and events are records of ours of 300 bytes, with all headers of the envelope; the same topics serve both sides.
 */
export const INPUT_RECORD = 'InferText';
export const OUTPUT_RECORD = 'InferenceFailed';
export const OUTPUT_TOPIC = topics.inferenceEvents.name;

const VALUE_BYTES = 300;
/** Keys over which a backlog is spread. */
export const BACKLOG_KEYS = 10_000;

export const codec: RecordCodec = createLocalCodec();

export interface JobTopics {
  readonly name: string;
  readonly input: Topic<'InferText' | 'EmbedText'>;
  readonly state: Topic<never>;
}

/** A job is named once for all that belongs to it: its group, its transactional ids, its state. Inputs may be shared. */
export const jobTopics = (name: string, input: string): JobTopics => ({
  name,
  input: { ...topics.inferenceCommands, name: input, partitionedBy: 'key' },
  state: { ...topics.sessionsState, name: `${name}.state` },
});

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
  data: { requestId, code: String(count), detail: prompt },
});

/** Keys are as long as the ids that are keys in production. */
export const keyOf = (n: number): string => `10000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** The nth command, of 300 bytes; its prompt begins with n. */
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
    correlationId: id,
    causationId: id,
    timeMs: Date.now(),
    traceparent: `00-${id.replaceAll('-', '')}-${id.slice(24)}0000-01`,
    source: 'khipu/bench',
  });
}

/** Framing, key, principal, the empty fields, and the two bytes that tell the prompt's length. */
const FIXED_BYTES = 5 + 37 + 6 + 3 + 2;

/** Input topics and everything a processor writes to. Outputs have as many partitions in every case. */
export async function createJobTopics(log: Log, { input, state }: JobTopics, partitions: number): Promise<void> {
  const of = (name: string) => ({ name, partitions, config: {} });
  await log.createTopics([
    ...[input.name, deadLetterTopic(input.name), state.name].map(of),
    { name: OUTPUT_TOPIC, partitions: 4, config: {} },
  ]);
}

/** Appends `count` commands, spread over keys as evenly as chance would have it, the same in every run. */
export const appendBacklog = (log: Log, topic: string, count: number): Promise<void> =>
  appendAll(log, count, (n) => command(n, keyOf(scattered(n)), topic));

/** Knuth's multiplicative hash: every key comes as often, in no order that a cache could profit from. */
const scattered = (n: number): number => (Math.imul(n, 2_654_435_761) >>> 0) % BACKLOG_KEYS;
