import type { Meta, RecordOf } from '../kernel.ts';

/** A decision as it stands in the log. */
export interface Recorded {
  readonly record: RecordOf<'PolicyDecided'>;
  readonly meta: Pick<Meta, 'tenantId' | 'timeMs' | 'partition' | 'offset'>;
}
