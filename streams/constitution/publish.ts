import {
  type ActivateConstitution,
  constitutionActivated,
  constitutionPublished,
  constitutionSigned,
  type SignConstitution,
} from '../../schemas/generated/records.ts';
import { type DecisionFacts, namedVersion, type Outcome } from './current-version.ts';
import {
  type ConstitutionEvent,
  type ConstitutionState,
  evolve,
  type OpenConstitution,
  SIGNATURES_MAX,
} from './state.ts';

/** Counts the missing approvals by principals other than the proposer. */
const reviewsMissing = (required: number, { reviews, proposedBy }: OpenConstitution): number =>
  Math.max(
    0,
    required - reviews.filter(({ verdict, reviewer }) => verdict === 'approve' && reviewer !== proposedBy).length,
  );

/** Returns the publication event once the required reviews and signatures exist, else an empty list. */
export function publication(
  { engine, reviewsRequired }: Pick<DecisionFacts, 'engine' | 'reviewsRequired'>,
  version: string,
  state: ConstitutionState,
): readonly ConstitutionEvent[] {
  if (state.status === 'absent' || state.signatures.length === 0) return [];
  if (state.status === 'proposed' && reviewsMissing(reviewsRequired, state) > 0) return [];
  const { digest, document, signatures } = state;
  const candidate = { version, digest, envelope: engine.seal(document, signatures) };
  return engine.verify(candidate).status === 'verified' ? [constitutionPublished(candidate)] : [];
}

/** Records a signature, and publishes the version when it is the last one required. */
export function sign(held: DecisionFacts, { version, digest, keyId, signature, principal }: SignConstitution): Outcome {
  const found = namedVersion(held, { version, digest });
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

/**
 * Activates a published version. It is read and verified again, because keys and evaluator may have changed since its
 * publication.
 */
export function activate(held: DecisionFacts, { version, digest, principal }: ActivateConstitution): Outcome {
  const found = namedVersion(held, { version, digest });
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
