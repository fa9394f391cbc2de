/** A reader of manifests without cryptography, and envelopes that it reads, for tests of the processors around it. */
import type { ManifestReader, ToolFacts } from '../../schemas/contexts/tools.ts';

const facts: ToolFacts = {
  ...{ name: 'weather', version: '1.0.0', tier: 'declared', effect: 'read', cost: '0.000000000', labelsIn: null },
  approval: null,
};

/** Returns an envelope whose digest is `d<version>`. */
export const envelopeOf = (changes: Partial<ToolFacts> = {}): string => JSON.stringify({ ...facts, ...changes });

/** Reads what `envelopeOf` makes, and refuses any other text with SIGNATURE_INVALID. */
export const testReader: ManifestReader = (envelope) => {
  try {
    const read = JSON.parse(envelope) as ToolFacts;
    return { status: 'valid', facts: read, digest: `d${read.version}`, manifest: envelope };
  } catch {
    return { status: 'refused', code: 'SIGNATURE_INVALID', detail: 'no trusted key has signed it' };
  }
};
