import { noteChange } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { type Processor, processor } from '../kernel.ts';

/** Notes changes of memories: all but those of one session, which no other session recalls. */
export const evaluationMemories: Processor = processor({
  name: 'evaluation-memories',
  inputs: [topics.memoryEvents],
  outputs: [topics.evaluationsChanges],
  key: (_, { key }) => key,
  decide: (_: undefined, record, { tenantId, id }) => {
    if (record.type === 'MemoryRefused') return [];
    const space = record.type === 'MemoryRemembered' ? record.data.space : '';
    if (space.startsWith('session.')) return [];
    const subject = `memory:${tenantId}/${space}`;
    return [noteChange({ subject, cause: 'memory', tenantId, name: space, version: id })];
  },
});
