import type { Meta, RecordOf } from '../kernel.ts';

/** A decision in the log. */
export interface RecordedDecision {
  readonly record: RecordOf<'PolicyDecided'>;
  /**
   * Envelope of the decision. Its cause is the record that triggered it: the command, or the answer of the external
   * engine.
   */
  readonly meta: Pick<Meta, 'tenantId' | 'timeMs' | 'partition' | 'offset' | 'causationId'>;
}
