export interface Persona {
  readonly systemPrompt: string;
  /**
   * Sampling temperature. Small models repeat themselves when greedy (0) and ramble above 0.8; facts want less of it than
   * talk. The seed is derived from the turn, so that a warm answer can be had again all the same.
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

/** The persona of that name. Which names are allowed is the constitution's matter; one that only it knows speaks as a guide. */
export const personaOf = (name: string): Persona => personas.get(name) ?? guide;
