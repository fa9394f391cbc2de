import type { ConstitutionStatus } from '../../schemas/contexts/constitution/document.ts';
import type { DocumentSignature } from '../../schemas/contexts/constitution/life.ts';
import type { ConstitutionPublished } from '../../schemas/generated/records.ts';

/** A document that may be reviewed, or the reason why it is invalid. */
export type ReadDocument =
  | {
      readonly status: 'valid';
      readonly version: string;
      /** sha256 of `document`, hex. */
      readonly digest: string;
      /** Canonical JSON. */
      readonly document: string;
    }
  | { readonly status: 'refused'; readonly code: string; readonly detail: string };

/** Content of an envelope, before any signature is verified. */
export interface OpenedConstitution {
  readonly document: string;
  readonly signatures: readonly DocumentSignature[];
}

/**
 * The operations that the processor needs and cannot do itself. Bound where the process is composed; total and
 * deterministic.
 */
export interface ConstitutionEngine {
  /** Parses an unsigned document, JSON text, and runs its own tests. Never throws. */
  read(text: string): ReadDocument;
  /** Returns true when the trusted key of that name made the signature over the canonical document. Never throws. */
  signed(document: string, signature: DocumentSignature): boolean;
  /** Returns the DSSE envelope of a canonical document. */
  seal(document: string, signatures: readonly DocumentSignature[]): string;
  /** Opens an envelope without verifying it; returns null when it is not an envelope. */
  open(envelope: string): OpenedConstitution | null;
  /** Verifies as policy will: signatures of enough trusted keys, digest, every rule. Never throws. */
  verify(published: ConstitutionPublished): ConstitutionStatus;
}
