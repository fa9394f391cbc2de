import { codedError } from '../../kit/coded-error.ts';

/** Stable codes: operators and decisions refer to them. */
export type GovernanceCode =
  | 'CONSTITUTION_INVALID'
  | 'CONSTITUTION_NOT_CANONICAL'
  | 'CONSTITUTION_DIGEST_MISMATCH'
  | 'CONSTITUTION_VERSION_MISMATCH'
  | 'CONSTITUTION_TOO_LARGE'
  | 'ENVELOPE_INVALID'
  | 'PAYLOAD_TYPE_UNKNOWN'
  | 'SIGNATURE_INVALID';

/** Thrown for a document that must not govern. A retry does not help. */
export class GovernanceError extends codedError<GovernanceCode>('GovernanceError') {}
