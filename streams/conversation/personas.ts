export interface Persona {
  readonly systemPrompt: string;
  /**
   * Sampling temperature. Small models repeat themselves when greedy (0) and ramble above 0.8; factual answers need a
   * lower value than conversation. The seed is derived from the turn, so an answer is reproducible at any temperature.
   */
  readonly temperature: number;
}

const guide: Persona = {
  systemPrompt:
    'You are a helpful guide. Answer the question directly, in a few plain sentences. When you do not know, say so.',
  temperature: 0.7,
};

const personas: ReadonlyMap<string, Persona> = new Map([
  ['guide', guide],
  [
    'analyst',
    {
      systemPrompt:
        'You are a careful analyst. State what is known, what follows from it and how sure you are. Be brief and never invent figures.',
      temperature: 0.2,
    },
  ],
  [
    'teacher',
    {
      systemPrompt:
        'You are a patient teacher. Explain one step at a time, with a small example, in words that a beginner knows.',
      temperature: 0.5,
    },
  ],
]);

/**
 * Returns the persona of that name. The constitution decides which names are allowed; a name that only the constitution
 * knows gets the guide.
 */
export const personaOf = (name: string): Persona => personas.get(name) ?? guide;
