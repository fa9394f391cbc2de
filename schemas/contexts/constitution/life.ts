/**
 * The life cycle of constitutions: their steps, the capabilities for them, and their folded state. How to use it:
 * docs/how-to/write-a-constitution.md.
 */
import { anyCovers } from '../../capabilities.ts';
import type { ReviewVerdict } from '../../generated/records.ts';

/**
 * Capability for each step. A signer has read the document, so signing needs the capability of reviewing; the signature
 * itself needs a trusted key.
 */
export const lifeCapabilities = {
  propose: 'constitution:propose',
  review: 'constitution:review',
  activate: 'constitution:activate',
  /** Asking what a command would be decided: knowing the rules helps to bypass them. */
  try: 'constitution:try',
} as const;
export type LifeStep = keyof typeof lifeCapabilities;

/** Returns true when the capabilities allow a step. */
export const mayTake = (capabilities: readonly string[], step: LifeStep): boolean =>
  anyCovers(capabilities, lifeCapabilities[step]);

/** An Ed25519 signature of the pre-authentication encoding of the canonical document. */
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
  /** Canonical JSON; null once published, when the envelope contains it, and for rejected documents. */
  readonly document: string | null;
  /** DSSE envelope, JSON; null until published. */
  readonly envelope: string | null;
  /** Proposing principal; null for versions published by setup. */
  readonly proposedBy: string | null;
  /** The latest review of each reviewer. */
  readonly reviews: readonly DocumentReview[];
  /** Ids of the signing keys, without repetitions. */
  readonly signedBy: readonly string[];
  /** Time of its latest event, in ms since 1970. */
  readonly changedAtMs: number;
}

/** Every version proposed or published, and the effective ones. Versions are few, documents bounded (256 KiB each). */
export interface Constitutions {
  readonly versions: ReadonlyMap<string, ConstitutionVersion>;
  readonly active: ActiveVersion | null;
  readonly shadow: { readonly version: string; readonly digest: string } | null;
}

export interface ActiveVersion {
  readonly version: string;
  readonly digest: string;
  /** Activating principal; null for setup. */
  readonly activatedBy: string | null;
  readonly sinceMs: number;
  /** Offset of the activation in `constitution.events`. */
  readonly offset: number;
}
