import {
  constitutionProposed,
  constitutionReviewed,
  constitutionShadowed,
  type ProposeConstitution,
  type ReviewConstitution,
  type ShadowConstitution,
} from '../../schemas/generated/records.ts';
import {
  currentVersion,
  type DecisionFacts,
  namedVersion,
  type Outcome,
  PROPOSALS_OPEN_MAX,
  type Refusal,
  unknown,
} from './current-version.ts';
import { publication } from './publish.ts';
import { evolve } from './state.ts';

const published = (version: string): Refusal => ({
  code: 'CONSTITUTION_PUBLISHED_ALREADY',
  detail: `Constitution ${version} is published, and a published version never changes.`,
});

/**
 * Proposes a document. Refused when the version is published, too many proposals are open, or the document is invalid.
 */
export function propose(held: DecisionFacts, { version, document, principal }: ProposeConstitution): Outcome {
  if (currentVersion(held, version)?.status === 'published') return published(version);
  const open = [...held.all.versions.values()].filter(({ status }) => status === 'proposed');
  if (open.length >= PROPOSALS_OPEN_MAX && !open.some((each) => each.version === version))
    return {
      code: 'CONSTITUTION_PROPOSALS_EXHAUSTED',
      detail: `${open.length} proposals are open; reject one of them first.`,
    };
  const read = held.engine.read(document);
  if (read.status === 'refused') return read;
  if (read.version !== version)
    return { code: 'CONSTITUTION_VERSION_MISMATCH', detail: `The document says ${read.version}, not ${version}.` };
  return [constitutionProposed({ version, digest: read.digest, document: read.document, proposedBy: principal })];
}

/**
 * Records a review. A rejection ends the proposal; the last required approval publishes it when enough keys have
 * signed.
 */
export function review(
  held: DecisionFacts,
  { version, digest, verdict, comment, principal }: ReviewConstitution,
): Outcome {
  const found = namedVersion(held, { version, digest });
  if ('code' in found) return found;
  if (found.status === 'published') return published(version);
  const reviewed = constitutionReviewed({ version, digest, verdict, reviewer: principal, comment });
  return [reviewed, ...publication(held, version, evolve(found, reviewed))];
}

/** Sets or clears the shadow version, whose decisions are recorded but not enforced. */
export function shadow(held: DecisionFacts, { version, principal }: ShadowConstitution): Outcome {
  if (version === null)
    return [constitutionShadowed({ slot: 'shadow', version: null, digest: null, shadowedBy: principal })];
  const known = held.all.versions.get(version);
  if (known === undefined || known.envelope === null) {
    if (known?.status !== 'proposed') return unknown(version);
    return { code: 'CONSTITUTION_NOT_PUBLISHED', detail: `Constitution ${version} is not signed by enough keys yet.` };
  }
  const { digest, envelope } = known;
  const status = held.engine.verify({ version, digest, envelope });
  if (status.status === 'unverified')
    return { code: 'CONSTITUTION_NOT_VERIFIED', detail: `${status.code}: ${status.detail}` };
  return [constitutionShadowed({ slot: 'shadow', version, digest, shadowedBy: principal })];
}
