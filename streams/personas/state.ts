import { storableTemperature } from '../../schemas/contexts/personas/entries.ts';
import { type Persona, persona } from '../../schemas/generated/records.ts';
import type { topics } from '../../schemas/topics.ts';
import { assertNever, type RecordOf, type RecordsOf } from '../kernel.ts';

/**
 * absent ──Defined──▶ there, active ──Defined──▶ active
 *                          └──Removed──▶ there, removed ──Defined──▶ active
 * A removed persona stays, so that its version continues when it is created again: no ETag has two meanings. One that the
 * set-up wrote is absent until its first change, and is found in the table.
 */
export type PersonaState = { readonly status: 'absent' } | { readonly status: 'there'; readonly persona: Persona };

export const absent: PersonaState = { status: 'absent' };

export type PersonaEvent = RecordsOf<readonly [typeof topics.personasEvents]>;

/** Returns the record of the persona after an event; null when the event changes nothing. */
export function recordAfter(event: PersonaEvent): RecordOf<'Persona'> | null {
  switch (event.type) {
    case 'PersonaDefined':
    case 'PersonaRemoved':
      return persona(event.data.persona);
    case 'PersonaRefused':
      return null;
    default:
      return assertNever(event);
  }
}

/** Folds one event into the state; records of the table and refusals change nothing. */
export function evolve(state: PersonaState, record: PersonaEvent | RecordOf<'Persona'>): PersonaState {
  if (record.type === 'Persona') return state;
  const after = recordAfter(record);
  return after === null
    ? state
    : { status: 'there', persona: { ...after.data, temperature: storableTemperature(after.data.temperature) } };
}
