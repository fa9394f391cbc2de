/** Manifests of capsules for tests. */
import { CAPSULE_API_VERSION } from './manifest.ts';

/** Returns the manifest of a small capsule without tools. */
export const aManifest = (changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  ...{ api_version: CAPSULE_API_VERSION, kind: 'Capsule', name: 'greeter', version: '1.0.0', publisher: 'demo' },
  ...{ description: 'Greets a person by name', license: 'Apache-2.0' },
  agent: { name: 'greeter', instructions: 'Greet briefly.', prompt: 'Greet the person of the input.' },
  input: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
  capabilities: ['agents:start:greeter', 'slm:invoke:default'],
  golden: [{ name: 'ana', input: { name: 'Ana' } }],
  ...changes,
});
