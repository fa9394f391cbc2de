import type { ConstitutionStatus, UnverifiedConstitution } from '../../schemas/contexts/constitution/document.ts';
import type { ConstitutionPublished } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type RecordsOf, table } from '../kernel.ts';

/** Checks signature, digest and every rule of a published document. Total and deterministic. */
export type VerifyConstitution = (published: ConstitutionPublished) => ConstitutionStatus;

/** Every published constitution and the active one. Versions are few, and documents bounded (256 KiB each). */
export interface ConstitutionRegister {
  /** Publications by version; only the latest per version, as after compaction. */
  readonly published: ReadonlyMap<string, ConstitutionPublished>;
  readonly activated: { readonly version: string; readonly digest: string } | null;
  /** The active constitution. Verified when it is activated, and again when its version is published again. */
  readonly inForce: ConstitutionStatus;
  /** The constitution that is evaluated beside the active one, without effect: streams/policy/shadow.ts. */
  readonly shadow: Shadow | null;
}

interface Shadow {
  readonly version: string;
  readonly digest: string;
  readonly status: ConstitutionStatus;
}

const unverified = (code: string, detail: string): UnverifiedConstitution => ({ status: 'unverified', code, detail });

export const emptyRegister: ConstitutionRegister = {
  published: new Map(),
  activated: null,
  inForce: unverified('CONSTITUTION_NOT_ACTIVATED', 'no constitution was activated yet'),
  shadow: null,
};

type ConstitutionEvent = RecordsOf<readonly [typeof topics.constitutionEvents]>;

/**
 * Folds an event of the life cycle of a constitution into the register. After compaction an activation may precede the
 * publication that it names, when that version was published again: both are kept, and the pair is verified whenever
 * one of them changes. Never throws: a document that cannot be verified is `unverified`, with a stable code.
 */
export function evolve(
  verify: VerifyConstitution,
  register: ConstitutionRegister,
  event: ConstitutionEvent,
): ConstitutionRegister {
  switch (event.type) {
    case 'ConstitutionPublished': {
      const published = new Map(register.published).set(event.data.version, event.data);
      const inForce =
        register.activated?.version === event.data.version
          ? judged(verify, published, register.activated)
          : register.inForce;
      const shadow =
        register.shadow?.version === event.data.version
          ? { ...register.shadow, status: judged(verify, published, register.shadow) }
          : register.shadow;
      return { ...register, published, inForce, shadow };
    }
    case 'ConstitutionActivated': {
      const activated = { version: event.data.version, digest: event.data.digest };
      return { ...register, activated, inForce: judged(verify, register.published, activated) };
    }
    case 'ConstitutionShadowed': {
      const { version, digest } = event.data;
      if (version === null || digest === null) return { ...register, shadow: null };
      const status = judged(verify, register.published, { version, digest });
      return { ...register, shadow: { version, digest, status } };
    }
    // The steps before a publication have no effect on decisions.
    case 'ConstitutionProposed':
    case 'ConstitutionReviewed':
    case 'ConstitutionSigned':
    case 'ConstitutionRefused':
      return register;
    default:
      return assertNever(event);
  }
}

function judged(
  verify: VerifyConstitution,
  published: ConstitutionRegister['published'],
  activated: { readonly version: string; readonly digest: string },
): ConstitutionStatus {
  const document = published.get(activated.version);
  if (document === undefined)
    return unverified(
      'CONSTITUTION_VERSION_UNKNOWN',
      `version ${activated.version} was activated, but never published`,
    );
  if (document.digest !== activated.digest)
    return unverified(
      'CONSTITUTION_DIGEST_MISMATCH',
      `version ${activated.version} is not the document that was activated`,
    );
  return verify(document);
}

/** Returns the table of the active constitution and its shadow, folded from `constitution.events`. Never throws. */
export const constitutionTable = (verify: VerifyConstitution) =>
  table({
    name: 'constitution',
    topic: topics.constitutionEvents,
    initial: emptyRegister,
    evolve: (register: ConstitutionRegister, event) => evolve(verify, register, event),
  });
