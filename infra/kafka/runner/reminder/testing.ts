import type { RecordOf } from '../../../../schemas/generated/records.ts';
import { deadLetterTopic, topics } from '../../../../schemas/topics.ts';
import type { Meta } from '../../../../streams/kernel.ts';
import { type Processor, processor } from '../../../../streams/kernel.ts';
import { readWhole } from '../../contract/testing.ts';
import type { RecordDecoder } from '../../decode.ts';
import type { Log } from '../../log.ts';
import { answer, ask, type Names, prepare } from '../testing.ts';

/** Names of one test's own, with a topic of timers beside the commands. */
export interface TimedNames extends Names {
  readonly timers: typeof topics.inferenceCommands;
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
 * `remind <ms>` sets a timer so long after the command's time, instead of the one that was set; `forget` sets none. When
 * it comes back, `ring`, it is answered and listed no more: but a deaf processor says nothing to it and goes on listing it.
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

/** The commands of timers that stand in the log. */
export async function rung(log: Log, decoder: RecordDecoder, { timers }: TimedNames): Promise<readonly Meta[]> {
  return (await readWhole(log, timers.name)).map((record) => decoder.decodeSync(record).meta);
}
