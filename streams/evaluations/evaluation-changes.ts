/** Changes of what answers depend on: personas, constitutions and tools. Memories have a processor of their own. */
import { PLATFORM, parsePersonaEntry } from '../../schemas/contexts/personas/entries.ts';
import { noteChange } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { type Processor, processor, type RecordOf, type RecordsOf } from '../kernel.ts';

type Change = RecordOf<'NoteChange'>;

const defining = [topics.personasEvents, topics.constitutionEvents, topics.toolsCurrent] as const;

/** Returns the change of a record; none for what changes no answer. */
function changesOf(record: RecordsOf<typeof defining>): readonly Change[] {
  switch (record.type) {
    case 'PersonaDefined':
    case 'PersonaRemoved': {
      const { entryId: subject, version } = record.data.persona;
      const entry = parsePersonaEntry(subject);
      if (entry === null) return [];
      const tenantId = entry.owner === PLATFORM ? null : entry.owner;
      return [noteChange({ subject, cause: 'persona', tenantId, name: entry.name, version: String(version) })];
    }
    case 'ConstitutionActivated': {
      const { version: name, digest: version } = record.data;
      return [noteChange({ subject: 'constitution', cause: 'constitution', tenantId: null, name, version })];
    }
    case 'Tool': {
      const { toolId, tenantId, digest, status } = record.data;
      const name = toolId.slice(toolId.indexOf('/') + 1);
      return [noteChange({ subject: `tool:${toolId}`, cause: 'tool', tenantId, name, version: `${digest} ${status}` })];
    }
    default:
      return [];
  }
}

/** Notes changes of personas, of the constitution in force, and of tools. */
export const evaluationChanges: Processor = processor({
  name: 'evaluation-changes',
  inputs: defining,
  outputs: [topics.evaluationsChanges],
  key: (_, { key }) => key,
  decide: (_: undefined, record) => changesOf(record),
});
