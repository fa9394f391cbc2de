import { codedError } from '../kit/coded-error.ts';

/** The codes of GrowthError. */
export type GrowthErrorCode =
  | 'PARTITIONS_INVALID'
  | 'GROWTH_OTHER'
  | 'PLATFORM_RUNNING'
  | 'NOT_DRAINED'
  | 'GROWTH_UNEQUAL';

/** The reason why a growth did not begin, or stopped. Nothing is lost: run it again when the reason is gone. */
export class GrowthError extends codedError<GrowthErrorCode>('GrowthError') {}
