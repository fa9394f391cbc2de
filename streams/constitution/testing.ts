/** An engine without cryptography, and documents that it reads, for tests of the processor around it. */
import type { ConstitutionDocument } from '../../schemas/contexts/constitution/document.ts';
import type { ConstitutionEngine, OpenedConstitution } from './engine.ts';

/** The signature that is valid for every key. */
export const GOOD = 'good';

/** Returns a document that the engine reads; `wrong` is the error it reports. */
export const textOf = (version: string, wrong?: { readonly code: string; readonly detail: string }): string =>
  JSON.stringify({ version, ...wrong });

const openText = (envelope: string): OpenedConstitution | null => {
  try {
    return JSON.parse(envelope) as OpenedConstitution;
  } catch {
    return null;
  }
};

/**
 * Returns an engine that verifies a document signed by `signaturesRequired` different keys. The digest of version 1 is
 * `d1`.
 */
export const lifeEngine = (signaturesRequired = 1): ConstitutionEngine => ({
  read(text) {
    const { version, code, detail } = JSON.parse(text) as { version: string; code?: string; detail?: string };
    return code === undefined
      ? { status: 'valid', version, digest: `d${version}`, document: text }
      : { status: 'refused', code, detail: detail ?? '' };
  },
  signed: (_, { signature }) => signature === GOOD,
  seal: (document, signatures) => JSON.stringify({ document, signatures }),
  open: openText,
  verify({ version, digest, envelope }) {
    const signatures = openText(envelope)?.signatures ?? [];
    const keys = new Set(signatures.map(({ keyId }) => keyId));
    return keys.size >= signaturesRequired
      ? { status: 'verified', version, digest, document: {} as ConstitutionDocument }
      : { status: 'unverified', code: 'SIGNATURE_INVALID', detail: `${keys.size} of ${signaturesRequired} signatures` };
  },
});
