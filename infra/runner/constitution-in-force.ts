import type { ConstitutionStatus } from '../../schemas/contexts/constitution/document.ts';

/** The constitution in force, as the process of a worker follows it. */
export interface ConstitutionInForce {
  /** Resolves when it was read once: nothing is checked before. */
  readonly ready: Promise<void>;
  readonly value: { readonly inForce: ConstitutionStatus };
}
