import type { ConstitutionStatus, UnverifiedConstitution } from '../../schemas/constitution.ts';
import type { ConstitutionPublished } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type RecordsOf, table } from '../kernel.ts';
import type { PolicyEngine } from './engine.ts';

/** Every published constitution and the one in force. Versions are few, and documents bounded (256 KiB each). */
export interface ConstitutionRegister {
  /** By version; the latest of a version, as compaction leaves it. */
  readonly published: ReadonlyMap<string, ConstitutionPublished>;
  readonly activated: { readonly version: string; readonly digest: string } | null;
  /** What decisions are made by. Verified when it is activated, and again when its version is published anew. */
  readonly inForce: ConstitutionStatus;
  /** Evaluated beside it without effect: shadow.ts. */
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
 * Compaction may put an activation before the publication it names, when that version was published again: so both are
 * kept, and the pair is judged anew whenever one of them changes.
 */
export function evolve(
  verify: PolicyEngine['verify'],
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
    // What leads to a publication decides nothing.
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
  verify: PolicyEngine['verify'],
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

/** The constitution in force, folded from its events. */
export const constitutionTable = (verify: PolicyEngine['verify']) =>
  table({
    name: 'constitution',
    topic: topics.constitutionEvents,
    initial: emptyRegister,
    evolve: (register: ConstitutionRegister, event) => evolve(verify, register, event),
  });
