import type { Constitutions, ConstitutionVersion } from '../../schemas/contexts/constitution/life.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type Meta, type RecordsOf, table } from '../kernel.ts';

type LifeEvent = RecordsOf<readonly [typeof topics.constitutionEvents]>;

const none: Constitutions = { versions: new Map(), active: null, shadow: null };

const unknown: Omit<ConstitutionVersion, 'version' | 'digest' | 'changedAtMs'> = {
  status: 'proposed',
  document: null,
  envelope: null,
  proposedBy: null,
  reviews: [],
  signedBy: [],
};

/** Returns the keys named in an envelope that policy has yet to verify; empty when it is not an envelope. */
function keysOf(envelope: string): readonly string[] {
  try {
    const { signatures } = JSON.parse(envelope) as { signatures?: unknown };
    if (!Array.isArray(signatures)) return [];
    return signatures.flatMap((each: unknown) => {
      const keyid = (each as { keyid?: unknown } | null)?.keyid;
      return typeof keyid === 'string' ? [keyid] : [];
    });
  } catch {
    return [];
  }
}

/** Folds one event into the table of all versions. */
export function evolveConstitutions(held: Constitutions, event: LifeEvent, meta: Meta): Constitutions {
  const withVersion = (version: string, digest: string, changes: Partial<ConstitutionVersion>): Constitutions => {
    const before = held.versions.get(version);
    const after = { ...(before ?? unknown), version, digest, ...changes, changedAtMs: meta.timeMs };
    return { ...held, versions: new Map(held.versions).set(version, after) };
  };
  switch (event.type) {
    case 'ConstitutionProposed': {
      const { version, digest, document, proposedBy } = event.data;
      return withVersion(version, digest, { ...unknown, document, proposedBy });
    }
    case 'ConstitutionReviewed': {
      const { version, digest, verdict, reviewer, comment } = event.data;
      const others = (held.versions.get(version)?.reviews ?? []).filter((review) => review.reviewer !== reviewer);
      const reviews = [...others, { reviewer, verdict, comment }];
      return withVersion(
        version,
        digest,
        verdict === 'reject' ? { status: 'rejected', document: null, reviews } : { reviews },
      );
    }
    case 'ConstitutionSigned': {
      const { version, digest, keyId } = event.data;
      const signedBy = [...new Set([...(held.versions.get(version)?.signedBy ?? []), keyId])];
      return withVersion(version, digest, { signedBy });
    }
    case 'ConstitutionPublished': {
      const { version, digest, envelope } = event.data;
      const signedBy = [...new Set(keysOf(envelope))];
      return withVersion(version, digest, { status: 'published', document: null, envelope, signedBy });
    }
    case 'ConstitutionActivated': {
      const { version, digest, activatedBy } = event.data;
      return { ...held, active: { version, digest, activatedBy, sinceMs: meta.timeMs, offset: meta.offset } };
    }
    case 'ConstitutionShadowed': {
      const { version, digest } = event.data;
      return { ...held, shadow: version === null || digest === null ? null : { version, digest } };
    }
    case 'ConstitutionRefused':
      return held;
    default:
      return assertNever(event);
  }
}

/**
 * Every version of the constitution with its history, for readers that show it and for the processor that manages it.
 */
export const constitutions = table({
  name: 'constitutions',
  topic: topics.constitutionEvents,
  initial: none,
  evolve: evolveConstitutions,
});
