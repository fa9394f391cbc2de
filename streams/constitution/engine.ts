import type { ConstitutionStatus } from '../../schemas/constitution.ts';
import type { DocumentSignature } from '../../schemas/constitution-life.ts';
import type { ConstitutionPublished } from '../../schemas/generated/records.ts';

/** A document that may be reviewed, or what is wrong with it. */
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

/** What an envelope holds, whoever signed it. */
export interface OpenedConstitution {
  readonly document: string;
  readonly signatures: readonly DocumentSignature[];
}

/** What the life of constitutions needs and cannot do itself. Bound where the process is composed; total and deterministic. */
export interface ConstitutionEngine {
  /** Reads an unsigned document, JSON text, and runs its own tests. Never throws. */
  read(text: string): ReadDocument;
  /** True when a trusted key of that name made the signature over the canonical document. Never throws. */
  signed(document: string, signature: DocumentSignature): boolean;
  /** The DSSE envelope of a canonical document. */
  seal(document: string, signatures: readonly DocumentSignature[]): string;
  /** Opens an envelope without believing it; null when it is none. */
  open(envelope: string): OpenedConstitution | null;
  /** What policy will say of it: signatures of enough trusted keys, digest, every rule. Never throws. */
  verify(published: ConstitutionPublished): ConstitutionStatus;
}
