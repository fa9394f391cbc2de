import { RecordDecoder } from '../../infra/kafka/decode.ts';
import { toOutgoing } from '../../infra/kafka/envelope.ts';
import type { OutgoingRecord } from '../../infra/kafka/log.ts';
import type { WorkHandler } from '../../infra/kafka/runner/attempts.ts';
import { UndecodableError } from '../../schemas/codec.ts';
import { deadLetterTopic, topics } from '../../schemas/topics.ts';
import { createLocalCodec } from '../../streams/kernel/local-codec.ts';
import { type Processor, processor, type RecordOf, worker } from '../../streams/kernel.ts';
import type { Random } from './random.ts';

/*
 * inference.commands → count (state) → inference.events → relay (no state, parks) → slm.requests → work (worker) → slm.responses
 *                                                                                        → tally (state, timers) → conversation.events
 */

export const decoder = new RecordDecoder(createLocalCodec(), async (id) => {
  throw new UndecodableError('RECORD_UNKNOWN', `no schema ${id}`);
});

interface Count {
  readonly count: number;
}

const counted = (requestId: string, code: string, detail: string): RecordOf<'InferenceFailed'> => ({
  type: 'InferenceFailed',
  data: { requestId, code, detail },
});

/** Answers the nth command of a key with an event that says n. `quiet` causes nothing, `end` finishes, `break` is a bug. */
export const count = processor({
  name: 'count',
  inputs: [{ ...topics.inferenceCommands, partitionedBy: 'key' }],
  outputs: [topics.inferenceEvents],
  state: topics.inferenceState,
  key: ({ data }) => data.requestId,
  initial: { count: 0 } as Count,
  decide: (state, { type, data }) => {
    if (type !== 'InferText') return [];
    const [what] = data.prompt.split(' ');
    if (what === 'quiet') return [];
    if (what === 'break') throw new Error('decide broke');
    const code = what === 'end' ? 'end' : `${state.count + 1}`;
    return [counted(data.requestId, code, data.prompt)];
  },
  evolve: (state, { data }) => ('code' in data && data.code !== 'end' ? { count: state.count + 1 } : { count: -1 }),
  finished: (state) => state.count < 0,
});

const asked = (subjectId: string, requestId: string): RecordOf<'SlmEmbeddingRequested'> => ({
  type: 'SlmEmbeddingRequested',
  data: { subjectId, requestId, origin: 'inference', principal: 'p', model: null, input: [], decisionId: 'd' },
});

/** Asks for work on every event. Until it is mended it breaks at `shelve`, and parks the key behind it. */
export const relayOf = (isMended: () => boolean): Processor =>
  processor({
    name: 'relay',
    inputs: [topics.inferenceEvents],
    outputs: [topics.slmRequests],
    poison: 'park',
    key: ({ data }) => data.requestId,
    decide: (_, { type, data }) => {
      if (type !== 'InferenceFailed') return [];
      if (data.detail.startsWith('shelve') && !isMended()) throw new Error('not mended yet');
      return [asked(data.requestId, `${data.code}/${data.detail}`)];
    },
  });

export const work = worker({
  name: 'work',
  inputs: [topics.slmRequests],
  outputs: [topics.slmResponses],
  key: ({ data }) => data.subjectId,
  concurrencyMax: 8,
  attemptsMax: 3,
  deadlineMs: 20_000,
});

/** What a timer of the tally tells it. */
export const tallyTimers = { ...topics.conversationTimers, name: 'tally.timers', writers: ['tally'] };
export const REMIND_MS = 3_000;

interface Tally {
  readonly done: number;
  /** Ends that are to be reminded of, and when. */
  readonly waiting: readonly { readonly turnId: string; readonly atMs: number }[];
}

const tallied = (sessionId: string, turnId: string, sequence: number, code: string, detail: string) =>
  ({ type: 'TurnFailed', data: { sessionId, turnId, sequence, code, detail } }) satisfies RecordOf<'TurnFailed'>;

/** Counts the requests of a key that came to an end, and each again when its time is over. */
export const tally = processor({
  name: 'tally',
  inputs: [topics.slmResponses, tallyTimers],
  outputs: [topics.conversationEvents],
  state: topics.conversationState,
  key: ({ data }) => ('sessionId' in data ? data.sessionId : data.subjectId),
  initial: { done: 0, waiting: [] } as Tally,
  decide: ({ done, waiting }, { type, data }, { timeMs }) => {
    if (type === 'TimeOutTurn')
      return waiting.some(({ turnId }) => turnId === data.turnId)
        ? [tallied(data.sessionId, data.turnId, done + 1, 'reminded', '')]
        : [];
    if (type !== 'SlmFailed' || data.code === 'part') return [];
    return [tallied(data.subjectId, data.requestId, done + 1, data.code, `${timeMs + REMIND_MS}`)];
  },
  evolve: ({ done, waiting }, { type, data }) => {
    if (type !== 'TurnFailed') return { done, waiting };
    const { turnId } = data;
    if (data.code === 'reminded') return { done: done + 1, waiting: waiting.filter((each) => each.turnId !== turnId) };
    return { done: done + 1, waiting: [...waiting, { turnId, atMs: Number(data.detail) }] };
  },
  timers: {
    topic: tallyTimers,
    due: ({ waiting }, key) =>
      waiting.map(({ turnId, atMs }) => ({ atMs, record: { type: 'TimeOutTurn', data: { sessionId: key, turnId } } })),
  },
});

const answered = (request: RecordOf<'SlmEmbeddingRequested'>, attempt: number, code: string): RecordOf<'SlmFailed'> => {
  const { subjectId, origin, requestId } = request.data;
  return { type: 'SlmFailed', data: { subjectId, origin, requestId, attempt, code, detail: 'of work' } };
};

/** Takes its time, tells parts of its answer, fails now and then, and never succeeds with what says `hopeless`. */
export function workHandler(random: Random, sleep: (ms: number) => Promise<void>): WorkHandler {
  return {
    handle: async (record, { attempt, emit, end }) => {
      const request = record as RecordOf<'SlmEmbeddingRequested'>;
      if (random.chance(0.8)) await sleep(random.between(0, random.chance(0.1) ? 4_000 : 100));
      if (random.chance(0.3)) await emit(answered(request, attempt, 'part'));
      if (random.chance(0.2)) await sleep(random.between(0, 500));
      if (request.data.requestId.includes('hopeless') || random.chance(0.1)) throw new Error('no answer');
      end(answered(request, attempt, 'answered'));
    },
    abandon: async (record, { attempt, end }) =>
      end(answered(record as RecordOf<'SlmEmbeddingRequested'>, attempt, 'abandoned')),
  };
}

export const stateTopics = [topics.inferenceState.name, topics.conversationState.name];

/** Every topic of the load. */
export const topicNames: readonly string[] = [
  ...[topics.inferenceCommands, topics.inferenceEvents, topics.slmRequests, topics.slmResponses],
  topics.conversationEvents,
  tallyTimers,
]
  .flatMap(({ name }) => [name, deadLetterTopic(name)])
  .concat(stateTopics);

/** What a key is told, mostly plain. `torn` is no Avro at all. */
const kinds = [
  ...Array.from({ length: 12 }, () => 'plain'),
  'quiet',
  'quiet',
  'end',
  'break',
  'torn',
  'hopeless',
  'shelve',
];

/** The nth command of a key, as a gateway appends it. */
export function commandOf(random: Random, key: string, nth: number, id: number): OutgoingRecord {
  const kind = random.pick(kinds);
  const uuid = `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`;
  const data = {
    ...{ requestId: key, principal: 'p', capabilities: [], model: null, maxTokens: null, credential: null, labels: [] },
    prompt: `${kind} ${nth}`,
  };
  const record = toOutgoing(decoder.codec, {
    topic: topics.inferenceCommands.name,
    record: { type: 'InferText', data },
    ...{ key, id: uuid, tenantId: 't', correlationId: uuid, causationId: uuid, timeMs: 1_000, source: 'simulation' },
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  });
  // The load has one tenant; its keys are to lie in every partition.
  const placed = { ...record, placedBy: key };
  return kind === 'torn' ? { ...placed, value: Buffer.from('torn') } : placed;
}
