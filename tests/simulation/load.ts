import { RecordDecoder } from '../../infra/kafka/decode.ts';
import { toOutgoing } from '../../infra/kafka/envelope.ts';
import type { OutgoingRecord } from '../../infra/kafka/port.ts';
import type { WorkHandler } from '../../infra/runner/worker/attempts.ts';
import { UndecodableError } from '../../schemas/codec.ts';
import { deadLetterTopic, topics } from '../../schemas/topics.ts';
import { createLocalCodec } from '../../streams/kernel/local-codec.ts';
import { placeOf } from '../../streams/kernel/place.ts';
import type { TopologyLayout } from '../../streams/kernel.ts';
import {
  apart,
  type Processor,
  processor,
  type RecordOf,
  type Topology,
  topology,
  worker,
} from '../../streams/kernel.ts';
import type { Random } from './random.ts';

/*
 * inference.commands → count (state) → inference.events → relay (no state, parks) → slm.requests → work (worker) → slm.responses
 *                                                                                        → tally (state, timers) → conversation.events
 * count and relay run apart, or chained as one topology.
 */

export const decoder = new RecordDecoder(createLocalCodec(), async (id) => {
  throw new UndecodableError('RECORD_UNKNOWN', `no schema ${id}`);
});

/** The topic that is handed on where the two are chained. */
const events = { ...topics.inferenceEvents, writers: ['count'] };

interface Count {
  readonly count: number;
}

const counted = (requestId: string, code: string, detail: string): RecordOf<'InferenceFailed'> => ({
  type: 'InferenceFailed',
  data: { requestId, code, detail, refusal: null },
});

/**
 * Answers the nth command of a key with an event that carries n. `quiet` has no output, `twice` has two, `end` finishes,
 * `break` is a bug.
 */
export const count = processor({
  name: 'count',
  inputs: [topics.inferenceCommands],
  outputs: [events],
  state: topics.inferenceState,
  key: ({ data }) => data.requestId,
  initial: { count: 0 } as Count,
  decide: (state, { type, data }) => {
    if (type !== 'InferText') return [];
    const [what] = data.prompt.split(' ');
    if (what === 'quiet') return [];
    if (what === 'break') throw new Error('decide broke');
    const code = what === 'end' ? 'end' : `${state.count + 1}`;
    const event = counted(data.requestId, code, data.prompt);
    return what === 'twice' ? [event, counted(data.requestId, `${state.count + 2}`, data.prompt)] : [event];
  },
  evolve: (state, { data }) => ('code' in data && data.code !== 'end' ? { count: state.count + 1 } : { count: -1 }),
  finished: (state) => state.count < 0,
});

const asked = (subjectId: string, requestId: string): RecordOf<'SlmEmbeddingRequested'> => ({
  type: 'SlmEmbeddingRequested',
  data: {
    ...{ subjectId, requestId, origin: 'inference', sessionId: null, turnId: null },
    ...{ principal: 'p', model: null, input: [], decisionId: 'd', lane: 'standard' },
  },
});

/** Requests work for every event. Until it is fixed it throws at `shelve`, and parks the key behind it. */
export const relayOf = (isFixed: () => boolean): Processor =>
  processor({
    name: 'relay',
    inputs: [events],
    outputs: [topics.slmRequests],
    poison: 'park',
    key: ({ data }) => data.requestId,
    decide: (_, { type, data }) => {
      if (type !== 'InferenceFailed') return [];
      if (data.detail.startsWith('shelve') && !isFixed()) throw new Error('not fixed yet');
      return [asked(data.requestId, `${data.code}/${data.detail}`)];
    },
  });

/** Topic of redriven records of the topology. */
export const redrives = { ...topics.coreRedrive, name: 'chain.redrive' };

/** Returns count and relay in a layout. */
export function chainOf(isFixed: () => boolean, layout: TopologyLayout): readonly Topology[] {
  const chained = topology({ name: 'chain', members: [count, relayOf(isFixed)], redrives });
  return layout === 'chained' ? [chained] : apart(chained);
}

export const work = worker({
  name: 'work',
  inputs: [topics.slmRequests],
  outputs: [topics.slmResponses],
  key: ({ data }) => data.subjectId,
  concurrencyMax: 8,
  attemptsMax: 3,
  deadlineMs: 20_000,
});

/** Timer commands of the tally. */
export const tallyTimers = { ...topics.conversationTimers, name: 'tally.timers', writers: ['tally'] };
export const REMIND_MS = 3_000;

interface Tally {
  readonly done: number;
  /** Ended requests with a pending timer, and its time. */
  readonly waiting: readonly { readonly turnId: string; readonly atMs: number }[];
}

const tallied = (sessionId: string, turnId: string, sequence: number, code: string, detail: string) =>
  ({
    type: 'TurnFailed',
    data: { sessionId, turnId, sequence, code, detail, refusal: null },
  }) satisfies RecordOf<'TurnFailed'>;

/** Counts the ended requests of a key, and each again when its timer fires. */
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
  return { type: 'SlmFailed', data: { subjectId, origin, requestId, attempt, code, detail: 'of work', refusal: null } };
};

/** A handler that takes some time, emits parts of its answer, fails now and then, and always fails on `hopeless`. */
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
  .concat(stateTopics, redrives.name);

/** Kinds of commands, mostly plain. `torn` is not Avro. */
const kinds = [
  ...Array.from({ length: 12 }, () => 'plain'),
  'quiet',
  'quiet',
  'twice',
  'end',
  'break',
  'torn',
  'hopeless',
  'shelve',
];

/** Returns the nth command of a key, as appended by a gateway. */
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
    ...{
      key,
      id: uuid,
      tenantId: 't',
      place: placeOf('t', key, 16),
      correlationId: uuid,
      causationId: uuid,
      timeMs: 1_000,
      source: 'simulation',
    },
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  });
  return kind === 'torn' ? { ...record, value: Buffer.from('torn') } : record;
}
