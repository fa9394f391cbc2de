import type { LogRecord } from '../../infra/kafka/log.ts';
import { deadLetterTopic, topics } from '../../schemas/topics.ts';
import type { RecordOf } from '../../streams/kernel.ts';
import { decoder, REMIND_MS, tallyTimers } from './load.ts';

/** What must come of one input, told without the code under test. */
export interface Expected {
  readonly outputs: readonly string[];
  /** The key's state after it as JSON, null when it has none, undefined for a stage that keeps none or writes none. */
  readonly state?: string | null | undefined;
}

/** One processor as it should be: a fold over each partition's records, oldest first. */
export interface StageModel {
  readonly name: string;
  readonly input: string;
  readonly state: string | null;
  /** Its timers, null when it sets none. */
  readonly timers: {
    readonly topic: string;
    /** True when the state lists this command at its time. */
    isSet(timer: LogRecord): boolean;
    /** Some are not worked off yet. */
    readonly waiting: boolean;
  } | null;
  take(record: LogRecord): Expected;
}

const data = <T>(record: LogRecord): T => decoder.decodeSync(record).record.data as T;

/** An output in one line: topic, key, and what matters of it. */
export function lineOf(record: LogRecord): string {
  const { topic, key } = record;
  if (topic.endsWith('.dlq')) return buried(record);
  const { type, data: told } = decoder.decodeSync(record).record;
  switch (type) {
    case 'InferenceFailed':
      return `${topic} ${key} ${told.code} ${told.detail}`;
    case 'SlmEmbeddingRequested':
      return `${topic} ${key} ${told.requestId}`;
    case 'SlmFailed':
      return `${topic} ${key} ${told.requestId} attempt ${told.attempt} ${told.code}`;
    case 'TimeOutTurn':
      return `${topic} ${key} ${told.turnId}`;
    case 'TurnFailed':
      return `${topic} ${key} ${told.sequence} ${told.turnId} ${told.code} ${told.detail}`;
    default:
      return `${topic} ${key} ${type}`;
  }
}

const buried = ({ topic, key, headers }: LogRecord): string => `${topic} ${key} ${headers['ce_id']}`;
const toBury = (record: LogRecord): string => buried({ ...record, topic: deadLetterTopic(record.topic) });

/** State as the state topic has it. */
export const stateLine = (value: Buffer | null): string | null =>
  value === null ? null : JSON.stringify((JSON.parse(value.toString()) as { state: unknown }).state);

const count = (): StageModel => {
  const counts = new Map<string, number>();
  const output = topics.inferenceEvents.name;
  return {
    name: 'count',
    input: topics.inferenceCommands.name,
    state: topics.inferenceState.name,
    timers: null,
    take: (record) => {
      if (record.value?.toString() === 'torn') return { outputs: [toBury(record)] };
      const key = record.key ?? '';
      const { prompt } = data<RecordOf<'InferText'>['data']>(record);
      if (prompt.startsWith('break')) return { outputs: [toBury(record)] };
      if (prompt.startsWith('quiet')) return { outputs: [] };
      if (prompt.startsWith('end')) {
        counts.delete(key);
        return { outputs: [`${output} ${key} end ${prompt}`], state: null };
      }
      const next = (counts.get(key) ?? 0) + 1;
      counts.set(key, next);
      return { outputs: [`${output} ${key} ${next} ${prompt}`], state: JSON.stringify({ count: next }) };
    },
  };
};

/** What the relay should say of an event. */
export const relayed = (event: LogRecord): string => {
  const { code, detail } = data<RecordOf<'InferenceFailed'>['data']>(event);
  return `${topics.slmRequests.name} ${event.key} ${code}/${detail}`;
};

const tally = (): StageModel => {
  const states = new Map<string, { done: number; waiting: { turnId: string; atMs: number }[] }>();
  const line = (key: string, sequence: number, turnId: string, code: string, detail: string): string =>
    `${topics.conversationEvents.name} ${key} ${sequence} ${turnId} ${code} ${detail}`;
  return {
    name: 'tally',
    input: topics.slmResponses.name,
    state: topics.conversationState.name,
    timers: {
      topic: tallyTimers.name,
      isSet: (timer) => {
        const { turnId } = data<RecordOf<'TimeOutTurn'>['data']>(timer);
        const { timeMs } = decoder.decodeSync(timer).meta;
        const { waiting = [] } = states.get(timer.key ?? '') ?? {};
        return waiting.some((each) => each.turnId === turnId && each.atMs === timeMs);
      },
      get waiting() {
        return [...states.values()].some(({ waiting }) => waiting.length > 0);
      },
    },
    take: (record) => {
      const key = record.key ?? '';
      const state = states.get(key) ?? { done: 0, waiting: [] };
      const { record: told, meta } = decoder.decodeSync(record);
      const done = state.done + 1;
      let output: string;
      if (told.type === 'TimeOutTurn') {
        const { turnId } = told.data;
        if (!state.waiting.some((each) => each.turnId === turnId)) return { outputs: [] };
        states.set(key, { done, waiting: state.waiting.filter((each) => each.turnId !== turnId) });
        output = line(key, done, turnId, 'reminded', '');
      } else {
        const { requestId: turnId, code } = told.data as RecordOf<'SlmFailed'>['data'];
        if (code === 'part') return { outputs: [] };
        const atMs = meta.timeMs + REMIND_MS;
        states.set(key, { done, waiting: [...state.waiting, { turnId, atMs }] });
        output = line(key, done, turnId, code, `${atMs}`);
      }
      return { outputs: [output], state: JSON.stringify(states.get(key)) };
    },
  };
};

export const stageModels = (): readonly StageModel[] => [count(), tally()];
