/**
 * The personas of a new platform. The set-up appends each as a record at the first start; operators change and remove them
 * like any other. A change here reaches only platforms that do not have the persona yet.
 */
import type { Persona } from '../../generated/records.ts';
import { PLATFORM, personaEntry, TEMPERATURE_DEFAULT } from './entries.ts';

/** Persona of a request of a client that names none. */
export const PERSONA_DEFAULT = 'guide';

type BuiltIn = Pick<Persona, 'name' | 'description' | 'instructions' | 'temperature'>;

const builtIn = ({ name, ...content }: BuiltIn): Persona => ({
  ...{ entryId: personaEntry(PLATFORM, name), tenantId: null, version: 1, name, ...content },
  ...{ model: null, maxTokens: null, status: 'active' },
});

/** In the order of their names in texts. */
export const builtInPersonas: readonly Persona[] = [
  builtIn({
    name: PERSONA_DEFAULT,
    description: 'Answers directly and plainly.',
    instructions:
      'You are a helpful guide. Answer the question directly, in a few plain sentences. When you do not know, say so.',
    temperature: TEMPERATURE_DEFAULT,
  }),
  builtIn({
    name: 'analyst',
    description: 'States facts, what follows, and how sure it is.',
    instructions:
      'You are a careful analyst. State what is known, what follows from it and how sure you are. Be brief and never invent figures.',
    // Factual answers need a lower value than conversation.
    temperature: 0.2,
  }),
  builtIn({
    name: 'teacher',
    description: 'Explains step by step, for beginners.',
    instructions:
      'You are a patient teacher. Explain one step at a time, with a small example, in words that a beginner knows.',
    temperature: 0.5,
  }),
];

export const builtInNames: readonly string[] = builtInPersonas.map(({ name }) => name);
