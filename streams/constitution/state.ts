import type { DocumentReview, DocumentSignature } from '../../schemas/contexts/constitution/life.ts';
import type { topics } from '../../schemas/topics.ts';
import { assertNever, type RecordsOf } from '../kernel.ts';

/** A version that can be signed; a `published` one is permanent in the log. */
export interface OpenConstitution {
  readonly status: 'proposed' | 'published';
  readonly digest: string;
  /** Canonical JSON, at most 256 KiB. */
  readonly document: string;
  readonly proposedBy: string;
  /** The latest review of each reviewer. */
  readonly reviews: readonly DocumentReview[];
  /** The latest signature of each key. */
  readonly signatures: readonly DocumentSignature[];
}

/**
 * State of one version:
 * absent ──Proposed──▶ proposed ──Reviewed(reject)──▶ absent
 *                      proposed ──Published──▶ published, final
 * While proposed: Reviewed(approve) and Signed are collected; Proposed again discards them. A published version may be
 * signed by more keys, and is then published again under the same digest.
 */
export type ConstitutionState = { readonly status: 'absent' } | OpenConstitution;

export type ConstitutionEvent = RecordsOf<readonly [typeof topics.constitutionEvents]>;

export const absent: ConstitutionState = { status: 'absent' };

/** Maximum of reviews kept per version. */
const REVIEWS_MAX = 64;
/** Maximum of signatures in a DSSE envelope of this platform. */
export const SIGNATURES_MAX = 16;

/**
 * Folds one event into the state of its version. A version published by the setup has no state here: it is in the table
 * of all versions.
 */
export function evolve(state: ConstitutionState, event: ConstitutionEvent): ConstitutionState {
  if (event.type === 'ConstitutionProposed') {
    const { digest, document, proposedBy } = event.data;
    return { status: 'proposed', digest, document, proposedBy, reviews: [], signatures: [] };
  }
  if (state.status === 'absent') return state;
  switch (event.type) {
    case 'ConstitutionReviewed': {
      const { verdict, reviewer, comment } = event.data;
      if (verdict === 'reject') return state.status === 'published' ? state : absent;
      const others = state.reviews.filter((review) => review.reviewer !== reviewer);
      return { ...state, reviews: [...others.slice(1 - REVIEWS_MAX), { reviewer, verdict, comment }] };
    }
    case 'ConstitutionSigned': {
      const { keyId, signature } = event.data;
      const others = state.signatures.filter((each) => each.keyId !== keyId);
      return { ...state, signatures: [...others, { keyId, signature }] };
    }
    case 'ConstitutionPublished':
      return { ...state, status: 'published' };
    case 'ConstitutionActivated':
    case 'ConstitutionShadowed':
    case 'ConstitutionRefused':
      return state;
    default:
      return assertNever(event);
  }
}
