import type { LogRecord } from '../../infra/kafka/port.ts';
import { deadLetterTopic, topics } from '../../schemas/topics.ts';
import type { RecordOf } from '../../streams/kernel.ts';
import { decoder, REMIND_MS, tallyTimers } from './load.ts';

/** The expected result of one input, computed without the code under test. */
export interface Expected {
  readonly outputs: readonly string[];
  /**
   * The key's state after it as JSON; null when it has none; undefined for a stage without state or when none is
   * written.
   */
  readonly state?: string | null | undefined;
}

/** The model of one processor: a fold over each partition's records, oldest first. */
export interface StageModel {
  readonly name: string;
  readonly input: string;
  readonly state: string | null;
  /** Its timers; null when it has none. */
  readonly timers: {
    readonly topic: string;
    /** Returns true when the state lists this command at its time. */
    isSet(timer: LogRecord): boolean;
    /** True while some have not fired. */
    readonly waiting: boolean;
  } | null;
  take(record: LogRecord): Expected;
}

const dataOf = <T>(record: LogRecord): T => decoder.decodeSync(record).record.data as T;

/** Formats an output in one line: topic, key, and its relevant fields. */
export function lineOf(record: LogRecord): string {
  const { topic, key } = record;
  if (topic.endsWith('.dlq')) return deadLetterLine(record);
  const { type, data } = decoder.decodeSync(record).record;
  switch (type) {
    case 'InferenceFailed':
      return `${topic} ${key} ${data.code} ${data.detail}`;
    case 'SlmEmbeddingRequested':
      return `${topic} ${key} ${data.requestId}`;
    case 'SlmFailed':
      return `${topic} ${key} ${data.requestId} attempt ${data.attempt} ${data.code}`;
    case 'TimeOutTurn':
      return `${topic} ${key} ${data.turnId}`;
    case 'TurnFailed':
      return `${topic} ${key} ${data.sequence} ${data.turnId} ${data.code} ${data.detail}`;
    default:
      return `${topic} ${key} ${type}`;
  }
}

const deadLetterLine = ({ topic, key, headers }: LogRecord): string => `${topic} ${key} ${headers['ce_id']}`;
const expectedDeadLetter = (record: LogRecord): string =>
  deadLetterLine({ ...record, topic: deadLetterTopic(record.topic) });

/** Returns the state in the format of the state topic. */
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
      if (record.value?.toString() === 'torn') return { outputs: [expectedDeadLetter(record)] };
      const key = record.key ?? '';
      const { prompt } = dataOf<RecordOf<'InferText'>['data']>(record);
      if (prompt.startsWith('break')) return { outputs: [expectedDeadLetter(record)] };
      if (prompt.startsWith('quiet')) return { outputs: [] };
      if (prompt.startsWith('end')) {
        counts.delete(key);
        return { outputs: [`${output} ${key} end ${prompt}`], state: null };
      }
      const before = counts.get(key) ?? 0;
      const next = prompt.startsWith('twice') ? [before + 1, before + 2] : [before + 1];
      counts.set(key, before + next.length);
      return {
        outputs: next.map((nth) => `${output} ${key} ${nth} ${prompt}`),
        state: JSON.stringify({ count: before + next.length }),
      };
    },
  };
};

/** Returns the expected output of the relay for an event. */
export const relayed = (event: LogRecord): string => {
  const { code, detail } = dataOf<RecordOf<'InferenceFailed'>['data']>(event);
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
        const { turnId } = dataOf<RecordOf<'TimeOutTurn'>['data']>(timer);
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
      const { record: input, meta } = decoder.decodeSync(record);
      const done = state.done + 1;
      let output: string;
      if (input.type === 'TimeOutTurn') {
        const { turnId } = input.data;
        if (!state.waiting.some((each) => each.turnId === turnId)) return { outputs: [] };
        states.set(key, { done, waiting: state.waiting.filter((each) => each.turnId !== turnId) });
        output = line(key, done, turnId, 'reminded', '');
      } else {
        const { requestId: turnId, code } = input.data as RecordOf<'SlmFailed'>['data'];
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
