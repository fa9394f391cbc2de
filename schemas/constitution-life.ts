/** The life of a constitution as those who show it hold it, and who may take part. How it is used: docs/how-to/write-a-constitution.md. */
import { anyCovers } from './capabilities.ts';
import type { ReviewVerdict } from './generated/records.ts';

/** What each step takes. Who signs has read the document, so signing takes what reviewing does; the signature itself takes a trusted key. */
export const lifeCapabilities = {
  propose: 'constitution:propose',
  review: 'constitution:review',
  activate: 'constitution:activate',
} as const;
export type LifeStep = keyof typeof lifeCapabilities;

export const mayTake = (capabilities: readonly string[], step: LifeStep): boolean =>
  anyCovers(capabilities, lifeCapabilities[step]);

/** Ed25519 over the pre-authentication encoding of the canonical document. */
export interface DocumentSignature {
  readonly keyId: string;
  /** Base64. */
  readonly signature: string;
}

export interface DocumentReview {
  readonly reviewer: string;
  readonly verdict: ReviewVerdict;
  readonly comment: string;
}

/** One version, folded from its events. */
export interface ConstitutionVersion {
  readonly version: string;
  readonly digest: string;
  readonly status: 'proposed' | 'rejected' | 'published';
  /** Canonical JSON; null once published, when the envelope holds it, and of what was rejected. */
  readonly document: string | null;
  /** DSSE envelope, JSON; null until published. */
  readonly envelope: string | null;
  /** Null of what the set-up published. */
  readonly proposedBy: string | null;
  /** The latest of each reviewer. */
  readonly reviews: readonly DocumentReview[];
  /** Keys that signed, each once. */
  readonly signedBy: readonly string[];
  /** Of its latest event, ms since 1970. */
  readonly changedAtMs: number;
}

/** Every version that was ever proposed or published, and which decide. Versions are few, documents bounded (256 KiB each). */
export interface Constitutions {
  readonly versions: ReadonlyMap<string, ConstitutionVersion>;
  readonly active: ActiveVersion | null;
  readonly shadow: { readonly version: string; readonly digest: string } | null;
}

export interface ActiveVersion {
  readonly version: string;
  readonly digest: string;
  /** Null when the set-up activated it. */
  readonly activatedBy: string | null;
  readonly sinceMs: number;
  /** Offset of the activation in `constitution.events`. */
  readonly offset: number;
}
