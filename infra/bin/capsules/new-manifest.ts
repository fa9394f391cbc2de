import { CAPSULE_API_VERSION } from '../../capsules/manifest.ts';

/** Returns the manifest of a new capsule: it passes every check, and does little. */
export const newManifest = (name: string, publisher: string): Record<string, unknown> => ({
  ...{ api_version: CAPSULE_API_VERSION, kind: 'Capsule', name, version: '0.1.0', publisher },
  ...{ description: 'Say what it does, in one sentence', license: 'Apache-2.0', keywords: [] },
  agent: { name, instructions: 'Answer in one sentence.', prompt: 'Answer the question of the input.' },
  tools: [],
  input: {
    type: 'object',
    properties: { question: { type: 'string', minLength: 1, maxLength: 1_000 } },
    required: ['question'],
    additionalProperties: false,
  },
  output: null,
  capabilities: [`agents:start:${name}`, 'slm:invoke:default'],
  price: { amount: '0', currency: 'EUR', meter: 'install' },
  golden: [{ name: 'a question', input: { question: 'What is a khipu?' }, expects: 'One sentence' }],
});
