import {
  type ActivateConstitution,
  constitutionActivated,
  constitutionPublished,
  constitutionSigned,
  type SignConstitution,
} from '../../schemas/generated/records.ts';
import { type Held, meant, type Outcome } from './held.ts';
import {
  type ConstitutionEvent,
  type ConstitutionState,
  evolve,
  type HeldConstitution,
  SIGNATURES_MAX,
} from './state.ts';

/** Approvals by others than the proposer that are still missing. */
const reviewsMissing = (required: number, { reviews, proposedBy }: HeldConstitution): number =>
  Math.max(
    0,
    required - reviews.filter(({ verdict, reviewer }) => verdict === 'approve' && reviewer !== proposedBy).length,
  );

/** The publication, once the reviews and the signatures that are asked for are there; else nothing. */
export function publication(
  { engine, reviewsRequired }: Pick<Held, 'engine' | 'reviewsRequired'>,
  version: string,
  state: ConstitutionState,
): readonly ConstitutionEvent[] {
  if (state.status === 'absent' || state.signatures.length === 0) return [];
  if (state.status === 'proposed' && reviewsMissing(reviewsRequired, state) > 0) return [];
  const { digest, document, signatures } = state;
  const candidate = { version, digest, envelope: engine.seal(document, signatures) };
  return engine.verify(candidate).status === 'verified' ? [constitutionPublished(candidate)] : [];
}

export function sign(held: Held, { version, digest, keyId, signature, principal }: SignConstitution): Outcome {
  const found = meant(held, { version, digest });
  if ('code' in found) return found;
  if (!held.engine.signed(found.document, { keyId, signature }))
    return { code: 'SIGNATURE_INVALID', detail: `The signature does not hold under a trusted key ${keyId}.` };
  const others = found.signatures.filter((each) => each.keyId !== keyId);
  if (others.length >= SIGNATURES_MAX)
    return {
      code: 'CONSTITUTION_SIGNATURES_EXHAUSTED',
      detail: `${others.length} keys have signed; no more are kept.`,
    };
  const signed = constitutionSigned({ version, digest, keyId, signature, submittedBy: principal });
  return [signed, ...publication(held, version, evolve(found, signed))];
}

/** What was published may have been so under keys or an evaluator of another time: it is read and verified anew. */
export function activate(held: Held, { version, digest, principal }: ActivateConstitution): Outcome {
  const found = meant(held, { version, digest });
  if ('code' in found) return found;
  const { engine, reviewsRequired } = held;
  if (found.status === 'proposed') {
    const reviews = reviewsMissing(reviewsRequired, found);
    const what = `${found.signatures.length} signatures are there, ${reviews} reviews are missing`;
    return { code: 'CONSTITUTION_NOT_PUBLISHED', detail: `Constitution ${version} is not published: ${what}.` };
  }
  const envelope = engine.seal(found.document, found.signatures);
  const status = engine.verify({ version, digest, envelope });
  if (status.status === 'unverified')
    return { code: 'CONSTITUTION_NOT_VERIFIED', detail: `${status.code}: ${status.detail}` };
  const read = engine.read(found.document);
  if (read.status === 'refused') return read;
  return [constitutionActivated({ slot: 'active', version, digest, activatedBy: principal })];
}
