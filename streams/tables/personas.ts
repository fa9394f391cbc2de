import { type Personas, withPersona } from '../../schemas/contexts/personas/library.ts';
import { topics } from '../../schemas/topics.ts';
import { table } from '../kernel.ts';

/** The current state of every persona. A removed one stays, as the compacted topic keeps it. */
export const personas = table({
  name: 'personas',
  topic: topics.personasCurrent,
  initial: new Map() as Personas,
  evolve: (known, { data }) => withPersona(known, data),
});
