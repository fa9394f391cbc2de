import type { AnyRecord, RecordOf } from '../../../schemas/generated/records.ts';
import { deadLetterTopic, isDeadLetterTopic, type Topic, topics } from '../../../schemas/topics.ts';
import { type Processor, processor, type Topology, topology } from '../../../streams/kernel.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import type { MemoryLog } from '../../kafka/memory/log.ts';
import type { LogRecord, OutgoingRecord } from '../../kafka/port.ts';
import { deadLetterHeaders } from '../dead-letters/write.ts';
import { answer, type Count, command, counter, type Names, prepare } from './processors.ts';

/**
 * A topology of three members: `front` reads commands and writes answers, `middle` reads answers and writes turns,
 * `last` keeps no state, reads both and writes responses. Answers and turns are internal; they are in topics of the
 * catalogue, because the type of a record names its topic.
 */
export interface ChainNames extends Names {
  readonly redrives: Topic<never>;
  readonly answers: typeof topics.inferenceEvents;
  readonly turns: typeof topics.conversationEvents;
  /** State of `middle`; that of `front` is `state`. */
  readonly middleState: Topic<never>;
}

export async function prepareChain(log: MemoryLog, partitions = 4): Promise<ChainNames> {
  const names = await prepare(log, partitions);
  const { name } = names;
  const { partitionedBy } = topics.inferenceEvents;
  const input = { ...names.input, partitionedBy };
  const redrives: Topic<never> = { ...topics.sessionsState, name: `${name}.redrive`, kind: 'commands', partitionedBy };
  const middleState = { ...topics.sessionsState, name: `${name}.middle.state` };
  const answers = { ...topics.inferenceEvents, writers: [memberOf(names, 'front'), memberOf(names, 'last')] };
  const turns = { ...topics.conversationEvents, writers: [memberOf(names, 'middle')] };
  const created = [redrives.name, middleState.name, turns.name, deadLetterTopic(turns.name), topics.slmResponses.name];
  await log.createTopics(
    [...created, deadLetterTopic(answers.name)].map((each) => ({ name: each, partitions, config: {} })),
  );
  return { ...names, input, redrives, answers, turns, middleState };
}

type Part = 'front' | 'middle' | 'last';
export const memberOf = ({ name }: Pick<Names, 'name'>, part: Part): string => `${name}.${part}`;

/** Thrown at a text that contains `break <part>`. */
class BrokenError extends Error {
  readonly code = 'BROKEN';
}

export const textIn = ({ data }: AnyRecord): string =>
  'prompt' in data ? String(data.prompt) : 'detail' in data ? String(data.detail) : '';

/** Returns the text of a record. Throws at a text that breaks this part. */
function heard(part: Part, record: AnyRecord): string {
  const text = textIn(record);
  if (text.includes(`break ${part}`)) throw new BrokenError(text);
  return text;
}

export const turn = (sessionId: string, count: number, detail: string): RecordOf<'TurnFailed'> => ({
  type: 'TurnFailed',
  data: { sessionId, turnId: sessionId, sequence: count, code: `${count}`, detail, refusal: null },
});

export const response = (subjectId: string, code: string, detail: string): RecordOf<'SlmFailed'> => ({
  type: 'SlmFailed',
  data: { subjectId, origin: 'last', requestId: subjectId, attempt: 1, code, detail, refusal: null },
});

/** Returns `front`: it counts the commands of a key, and answers each that says `twice` two times. */
export const front = (names: ChainNames, over: Partial<Processor> = {}): Processor =>
  counter(
    { ...names, name: memberOf(names, 'front') },
    {
      inputs: [names.input],
      outputs: [names.answers],
      decide: (state, record, { key }) => {
        const text = heard('front', record);
        const { count } = state as Count;
        if (text === 'quiet') return [];
        const times = text === 'twice' ? 2 : Number(/^(\d+) times$/.exec(text)?.[1] ?? 1);
        return Array.from({ length: times }, (_, index) => answer(key, count + 1 + index, text));
      },
      ...over,
    },
  );

/** Returns `middle`: it counts the answers of a key, and writes a turn for each. */
export const middle = (names: ChainNames, over: Partial<Processor> = {}): Processor => ({
  ...processor({
    ...{ name: memberOf(names, 'middle'), inputs: [names.answers], outputs: [names.turns] },
    ...{ state: names.middleState, initial: { count: 0 } as Count },
    key: (_, { key }) => key,
    decide: ({ count }, record, { key }) => [turn(key, count + 1, heard('middle', record))],
    evolve: ({ count }) => ({ count: count + 1 }),
  }),
  ...over,
});

/** Returns `last`: it writes a response for each answer and each turn. */
export const last = (names: ChainNames, over: Partial<Processor> = {}): Processor => ({
  ...processor({
    ...{ name: memberOf(names, 'last'), inputs: [names.answers, names.turns], outputs: [topics.slmResponses] },
    key: (_, { key }) => key,
    decide: (_, record, { key }) => [response(key, record.type, heard('last', record))],
  }),
  ...over,
});

export const chain = (
  names: ChainNames,
  members: readonly Processor[] = [front(names), middle(names), last(names)],
  hopsMax?: number,
): Topology =>
  topology({ name: names.name, members, redrives: names.redrives, ...(hopsMax !== undefined && { hopsMax }) });

/** Returns the partition of all records of a key: topics of a topology are placed alike. */
export function homeOf(log: MemoryLog, names: ChainNames, decoder: RecordDecoder, key: string): number {
  const events = { ...names, input: { ...names.input, name: names.answers.name } };
  return log.broker.partitionOf(command(events, decoder, answer(key, 0, ''), key)).partition;
}

const lastWord = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/**
 * Describes a record briefly: `front answers a 1:hello`, `middle turns a 1:hello`, `last responds a TurnFailed:hello`,
 * `front holds a {"count":1}`, `front forgets a`, `middle buries a: BROKEN`, `middle notes a: redriven`.
 */
export function shownIn(decoder: RecordDecoder, { topic, key, value, headers, ...rest }: OutgoingRecord): string {
  if (isDeadLetterTopic(topic)) {
    const by = lastWord(headers[deadLetterHeaders.processor] ?? '');
    const note = headers[deadLetterHeaders.note];
    return note === undefined
      ? `${by} buries ${key}: ${headers[deadLetterHeaders.code]}`
      : `${by} notes ${key}: ${note}`;
  }
  if (topic.endsWith('.state')) {
    const by = topic.endsWith('.middle.state') ? 'middle' : 'front';
    if (value === null) return `${by} forgets ${key}`;
    const { state } = JSON.parse(value.toString()) as { state: unknown };
    return `${by} holds ${key} ${JSON.stringify(state)}`;
  }
  const placed: LogRecord = { topic, key, value, headers, ...rest, partition: 0, offset: 0, timestampMs: 0 };
  const { record } = decoder.decodeSync(placed);
  const verbs: Partial<Record<AnyRecord['type'], string>> = {
    ...{ InferText: 'is asked', InferenceFailed: 'answers', TurnFailed: 'turns', SlmFailed: 'responds' },
  };
  const code = 'code' in record.data ? `${record.data.code}:` : '';
  return `${lastWord(headers['ce_source'] ?? '')} ${verbs[record.type]} ${key} ${code}${textIn(record)}`;
}
