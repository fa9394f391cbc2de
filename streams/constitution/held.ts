import type { Constitutions } from '../../schemas/constitution-life.ts';
import type { topics } from '../../schemas/topics.ts';
import type { RecordsOf } from '../kernel.ts';
import type { ConstitutionEngine } from './engine.ts';
import type { ConstitutionEvent, ConstitutionState, HeldConstitution } from './state.ts';

export type Command = RecordsOf<readonly [typeof topics.constitutionCommands]>;

/** What a command over one version is decided by. */
export interface Held {
  readonly engine: ConstitutionEngine;
  readonly reviewsRequired: number;
  readonly state: ConstitutionState;
  /** Every version. It follows the log, and may be some milliseconds behind the state. */
  readonly all: Constitutions;
}

/** Nothing happens, and why. */
export interface Refusal {
  readonly code: string;
  readonly detail: string;
}

export type Outcome = readonly ConstitutionEvent[] | Refusal;

/** Proposals that are neither published nor rejected: documents are large, and every gateway holds them. */
export const PROPOSALS_OPEN_MAX = 100;

/** The version as it stands: of this processor's own state or, where the set-up published it, of the log. */
export function heldOf({ engine, state, all }: Held, version: string): HeldConstitution | null {
  if (state.status !== 'absent') return state;
  const known = all.versions.get(version);
  if (known?.status !== 'published' || known.envelope === null) return null;
  const opened = engine.open(known.envelope);
  return (
    opened && { status: 'published', digest: known.digest, proposedBy: known.proposedBy ?? '', reviews: [], ...opened }
  );
}

export const unknown = (version: string): Refusal => ({
  code: 'CONSTITUTION_UNKNOWN',
  detail: `No constitution ${version} is proposed or published.`,
});

/** The version that a command means by its digest as well, so that nobody agrees to a document that was exchanged. */
export function meant(
  held: Held,
  { version, digest }: { readonly version: string; readonly digest: string },
): HeldConstitution | Refusal {
  const found = heldOf(held, version);
  if (found === null) return unknown(version);
  if (found.digest === digest) return found;
  return {
    code: 'CONSTITUTION_DIGEST_MISMATCH',
    detail: `Constitution ${version} has sha256 ${found.digest}, not ${digest}.`,
  };
}
