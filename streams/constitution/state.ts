import type { DocumentReview, DocumentSignature } from '../../schemas/constitution-life.ts';
import type { topics } from '../../schemas/topics.ts';
import { assertNever, type RecordsOf } from '../kernel.ts';

/** A version that can be signed; `published` ones are in the log for good. */
export interface HeldConstitution {
  readonly status: 'proposed' | 'published';
  readonly digest: string;
  /** Canonical JSON, at most 256 KiB. */
  readonly document: string;
  readonly proposedBy: string;
  /** The latest of each reviewer. */
  readonly reviews: readonly DocumentReview[];
  /** The latest of each key. */
  readonly signatures: readonly DocumentSignature[];
}

/**
 * Of one version:
 * absent ──Proposed──▶ proposed ──Reviewed(reject)──▶ absent
 *                      proposed ──Published──▶ published, for good
 * While proposed: Reviewed(approve) and Signed are gathered; Proposed again begins anew. A published version may be signed
 * by more keys, and is then published again under the same digest.
 */
export type ConstitutionState = { readonly status: 'absent' } | HeldConstitution;

export type ConstitutionEvent = RecordsOf<readonly [typeof topics.constitutionEvents]>;

export const absent: ConstitutionState = { status: 'absent' };

/** Reviews that are kept of one version. */
const REVIEWS_MAX = 64;
/** As many as a DSSE envelope of ours holds. */
export const SIGNATURES_MAX = 16;

/** What the set-up published has no state here: it stands in the table of all versions. */
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
