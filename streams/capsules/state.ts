/** One version of a capsule: its state and how events change it. */
import type { CapsulePrice, CapsuleReview, CapsuleSubmitted } from '../../schemas/generated/records.ts';
import { assertNever, type RecordOf } from '../kernel.ts';

export type CapsuleEvent = RecordOf<
  | 'CapsuleSubmitted'
  | 'CapsuleReviewed'
  | 'CapsuleListed'
  | 'CapsuleAttested'
  | 'CapsuleYanked'
  | 'CapsuleRevoked'
  | 'CapsuleRefused'
>;
export type Output = CapsuleEvent | RecordOf<'Capsule' | 'EngageKillSwitch' | 'ReleaseKillSwitch'>;

/** What stays the same of a version. */
export interface Published {
  readonly tenantId: string;
  readonly digest: string;
  readonly manifest: string;
  readonly asks: readonly string[];
  readonly price: CapsulePrice;
  readonly publishedBy: string;
  /** Approvals that it needs: those of the platform at its submission. */
  readonly required: number;
  readonly reviews: readonly CapsuleReview[];
  /** Number of statements about it. */
  readonly attestations: number;
}

/**
 * absent ──▶ submitted ──last approval──▶ listed ──▶ yanked
 *                └──a rejection──▶ rejected
 * Each of them but absent ──▶ revoked. A version never changes: another manifest is another version.
 *
 * At most 52 KB as JSON, typically 4 KB.
 */
export type CapsuleState =
  | { readonly status: 'absent' }
  | ({ readonly status: 'submitted' | 'listed' | 'rejected' | 'yanked' | 'revoked' } & Published);

export const approvalsOf = (reviews: readonly CapsuleReview[]): number =>
  reviews.filter(({ outcome }) => outcome === 'approve').length;

const submittedOf = (data: CapsuleSubmitted): CapsuleState => ({
  ...{ status: 'submitted', tenantId: data.tenantId, digest: data.digest, manifest: data.manifest, asks: data.asks },
  ...{ price: data.price, publishedBy: data.principal, required: data.required, reviews: [] },
  attestations: data.attestations.length,
});

/** Folds one output into the state of its capsule. */
export function evolve(state: CapsuleState, event: Output): CapsuleState {
  if (event.type === 'CapsuleSubmitted') return submittedOf(event.data);
  if (state.status === 'absent') return state;
  switch (event.type) {
    case 'CapsuleReviewed': {
      const { principal, outcome } = event.data;
      const reviews = [...state.reviews, { principal, outcome }];
      return { ...state, reviews, status: outcome === 'reject' ? 'rejected' : state.status };
    }
    case 'CapsuleListed':
      return { ...state, status: 'listed' };
    case 'CapsuleAttested':
      return { ...state, attestations: state.attestations + 1 };
    case 'CapsuleYanked':
      return { ...state, status: 'yanked' };
    case 'CapsuleRevoked':
      return { ...state, status: 'revoked' };
    case 'CapsuleRefused':
    case 'Capsule':
    case 'EngageKillSwitch':
    case 'ReleaseKillSwitch':
      return state;
    default:
      return assertNever(event);
  }
}
