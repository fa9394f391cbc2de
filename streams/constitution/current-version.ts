import type { Constitutions } from '../../schemas/contexts/constitution/life.ts';
import type { topics } from '../../schemas/topics.ts';
import type { RecordsOf } from '../kernel.ts';
import type { ConstitutionEngine } from './engine.ts';
import type { ConstitutionEvent, ConstitutionState, OpenConstitution } from './state.ts';

export type Command = RecordsOf<readonly [typeof topics.constitutionCommands]>;

/** The facts by which a command over one version is decided. */
export interface DecisionFacts {
  readonly engine: ConstitutionEngine;
  readonly reviewsRequired: number;
  readonly state: ConstitutionState;
  /** Every version. It follows the log and may lag the state by some milliseconds. */
  readonly all: Constitutions;
}

/** The reason why a command changes nothing. */
export interface Refusal {
  readonly code: string;
  readonly detail: string;
}

export type Outcome = readonly ConstitutionEvent[] | Refusal;

/**
 * Maximum of open proposals (not published and not rejected): documents are large, and every gateway holds them all.
 */
export const PROPOSALS_OPEN_MAX = 100;

/**
 * Returns the current version: from this processor's own state or, when the setup published it, from the log. Null when
 * it is unknown.
 */
export function currentVersion({ engine, state, all }: DecisionFacts, version: string): OpenConstitution | null {
  if (state.status !== 'absent') return state;
  const known = all.versions.get(version);
  if (known?.status !== 'published' || known.envelope === null) return null;
  const opened = engine.open(known.envelope);
  return (
    opened && { status: 'published', digest: known.digest, proposedBy: known.proposedBy ?? '', reviews: [], ...opened }
  );
}

/** Returns the refusal for an unknown version. */
export const unknown = (version: string): Refusal => ({
  code: 'CONSTITUTION_UNKNOWN',
  detail: `No constitution ${version} is proposed or published.`,
});

/**
 * Returns the version that a command names, checked against its digest so that a signature or approval cannot apply to
 * a replaced document. Returns a refusal when the version is unknown or the digest differs.
 */
export function namedVersion(
  held: DecisionFacts,
  { version, digest }: { readonly version: string; readonly digest: string },
): OpenConstitution | Refusal {
  const found = currentVersion(held, version);
  if (found === null) return unknown(version);
  if (found.digest === digest) return found;
  return {
    code: 'CONSTITUTION_DIGEST_MISMATCH',
    detail: `Constitution ${version} has sha256 ${found.digest}, not ${digest}.`,
  };
}
