import { PLATFORM, parsePersonaEntry, storableTemperature } from '../../schemas/contexts/personas/entries.ts';
import { type Personas, personaOfOwner } from '../../schemas/contexts/personas/library.ts';
import { type Persona, personaDefined, personaRefused, personaRemoved } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type Meta, type Processor, processor, type RecordOf } from '../kernel.ts';
import { personas as table } from '../tables/personas.ts';
import { type Command, refusalOf } from './guard.ts';
import { absent, evolve, type PersonaEvent, type PersonaState, recordAfter } from './state.ts';

/** Returns the event, and the persona after it for readers that hold all personas. A refusal changes nothing. */
function decide(
  state: PersonaState,
  command: Command,
  meta: Pick<Meta, 'tenantId'>,
  { known }: { readonly known: Personas },
): readonly (PersonaEvent | RecordOf<'Persona'>)[] {
  const event = eventOf(state, command, meta, known);
  const after = recordAfter(event);
  return after === null ? [event] : [event, after];
}

function eventOf(state: PersonaState, command: Command, meta: Pick<Meta, 'tenantId'>, known: Personas): PersonaEvent {
  const { entryId, principal, principalTenant: byTenant } = command.data;
  const before = state.status === 'there' ? state.persona : writtenBySetup(entryId, known);
  const live = before?.status === 'active' ? before : null;
  const refused = refusalOf(command, live, meta);
  if (refused !== null) {
    const isSeen = refused.code !== 'ENTRY_INVALID' && refused.code !== 'CAPABILITY_MISSING';
    return personaRefused({ entryId, principal, ...refused, version: isSeen ? (live?.version ?? 0) : 0 });
  }
  const { owner, name } = parsePersonaEntry(entryId) ?? { owner: '', name: '' };
  const changed = { entryId, by: principal, byTenant };
  const common = { entryId, tenantId: owner === PLATFORM ? null : owner, name, version: (before?.version ?? 0) + 1 };
  switch (command.type) {
    case 'DefinePersona': {
      const { description, instructions, model, temperature, maxTokens } = command.data;
      const content = { description, instructions, model, temperature: storableTemperature(temperature), maxTokens };
      return personaDefined({ ...changed, persona: { ...common, ...content, status: 'active' } });
    }
    case 'RemovePersona':
      return live === null
        ? personaRefused({ entryId, principal, code: 'PERSONA_UNKNOWN', detail: '', version: 0 })
        : personaRemoved({ ...changed, persona: { ...live, ...common, status: 'removed' } });
    default:
      return assertNever(command);
  }
}

/** Returns the persona that the set-up wrote before this processor ran; null when there is none. */
function writtenBySetup(entryId: string, known: Personas): Persona | null {
  const entry = parsePersonaEntry(entryId);
  return entry === null ? null : (personaOfOwner(known, entry.owner, entry.name) ?? null);
}

/** Keeps the personas. One partition, so that each has one history; at most 3 KB of state for one. */
export const personas: Processor = processor({
  name: 'personas',
  inputs: [topics.personasCommands],
  outputs: [topics.personasEvents, topics.personasCurrent],
  tables: { known: table },
  state: topics.personasState,
  initial: absent as PersonaState,
  // A persona that was refused before it existed has no state.
  finished: ({ status }) => status === 'absent',
  key: (_, meta) => meta.key,
  decide,
  evolve,
});
