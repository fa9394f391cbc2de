import type { Meta, RecordOf } from '../kernel.ts';

/** A decision as it stands in the log. */
export interface Recorded {
  readonly record: RecordOf<'PolicyDecided'>;
  /** What it was decided on is its cause: the command, or the answer of the outside engine. */
  readonly meta: Pick<Meta, 'tenantId' | 'timeMs' | 'partition' | 'offset' | 'causationId'>;
}
