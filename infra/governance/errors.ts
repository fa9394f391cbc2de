/** Codes are stable: operators and decisions name them. */
export type GovernanceCode =
  | 'CONSTITUTION_INVALID'
  | 'CONSTITUTION_NOT_CANONICAL'
  | 'CONSTITUTION_DIGEST_MISMATCH'
  | 'CONSTITUTION_VERSION_MISMATCH'
  | 'CONSTITUTION_TOO_LARGE'
  | 'ENVELOPE_INVALID'
  | 'PAYLOAD_TYPE_UNKNOWN'
  | 'SIGNATURE_INVALID';

/** A document that must not govern. Trying again does not help. */
export class GovernanceError extends Error {
  override readonly name = 'GovernanceError';
  readonly code: GovernanceCode;
  constructor(code: GovernanceCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
