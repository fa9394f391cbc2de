import type { RecordOf } from '../../../schemas/generated/records.ts';
import { deadLetterTopic, type Topic, topics } from '../../../schemas/topics.ts';
import type { Meta } from '../../../streams/kernel.ts';
import { type Processor, processor } from '../../../streams/kernel.ts';
import { readWhole } from '../../kafka/contract/testing.ts';
import type { RecordDecoder } from '../../kafka/decode.ts';
import type { Log } from '../../kafka/port.ts';
import { answer, ask, type Names, prepare } from './processors.ts';

/** Returns names for one test, with a topic of timers beside the commands. */
export interface TimedNames extends Names {
  readonly timers: Topic<'InferText' | 'EmbedText'>;
}

export async function prepareTimed(log: Log, partitions = 4): Promise<TimedNames> {
  const names = await prepare(log, partitions);
  const timers = {
    ...topics.inferenceCommands,
    ...{ name: `${names.name}.timers`, writers: [names.name], governed: false, partitionedBy: 'key' as const },
  };
  await log.createTopics([timers.name, deadLetterTopic(timers.name)].map((name) => ({ name, partitions, config: {} })));
  return { ...names, timers };
}

interface Reminder {
  readonly dueMs: number | null;
}

/**
 * Returns a processor in which `remind <ms>` sets a timer for this long after the time of the command, instead of the
 * current timer; `forget` removes it. When its command `ring` comes back, it is answered and no longer listed; a deaf
 * processor emits nothing and keeps listing it.
 */
export const reminder = (
  names: TimedNames,
  { deaf = false, ...over }: Partial<Processor> & { deaf?: boolean } = {},
): Processor => ({
  ...processor({
    name: names.name,
    inputs: [names.input, names.timers],
    outputs: [topics.inferenceEvents],
    state: names.state,
    initial: { dueMs: null } as Reminder,
    key: (record) => record.data.requestId,
    decide: (_, record, { timeMs }) => {
      if (record.type !== 'InferText') return [];
      const { requestId, prompt } = record.data;
      const [verb, ms] = prompt.split(' ');
      if (verb === 'ring' && deaf) return [];
      return [answer(requestId, verb === 'remind' ? timeMs + Number(ms) : 0, prompt)];
    },
    evolve: (state, { data }) => {
      if (!('detail' in data)) return state;
      return {
        dueMs: data.detail.startsWith('remind') ? Number((data as RecordOf<'InferenceFailed'>['data']).code) : null,
      };
    },
    timers: {
      topic: names.timers,
      due: ({ dueMs }, key) => (dueMs === null ? [] : [{ atMs: dueMs, record: ask(key, 'ring') }]),
    },
  }),
  ...over,
});

/** Returns the timer commands in the log. */
export async function rung(log: Log, decoder: RecordDecoder, { timers }: TimedNames): Promise<readonly Meta[]> {
  return (await readWhole(log, timers.name)).map((record) => decoder.decodeSync(record).meta);
}
