/** A reader of capsules without cryptography, and envelopes that it reads, for tests of the processors around it. */
import type { CapsuleFacts, CapsuleReader } from '../../schemas/contexts/capsules.ts';

const facts: CapsuleFacts = {
  ...{ publisher: 'demo', name: 'greeter', version: '1.0.0', tools: [], checks: ['signature'] },
  asks: ['slm:invoke:default'],
  price: { amount: '0.000000000', currency: 'EUR', meter: 'install' },
};

/** Returns an envelope of these facts; its digest is `d<version>` unless it is named. */
export const capsuleEnvelopeOf = (changes: Partial<CapsuleFacts> = {}, digest?: string): string => {
  const made = { ...facts, ...changes };
  return JSON.stringify({ facts: made, digest: digest ?? `d${made.version}` });
};

/** Reads what `capsuleEnvelopeOf` makes, and refuses any other text with SIGNATURE_INVALID. */
export const testCapsuleReader: CapsuleReader = {
  manifest: (envelope) => {
    try {
      const read = JSON.parse(envelope) as { readonly facts: CapsuleFacts; readonly digest: string };
      return { status: 'valid', ...read, manifest: envelope };
    } catch {
      return { status: 'refused', code: 'SIGNATURE_INVALID', detail: 'no trusted key has signed it' };
    }
  },
  attestation: (bundle) =>
    bundle.startsWith('{')
      ? { status: 'valid', predicateType: 'https://example.org/seen' }
      : { status: 'refused', code: 'CAPSULE_STATEMENT_INVALID', detail: 'no bundle' },
};
