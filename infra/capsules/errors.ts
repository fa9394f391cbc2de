import { codedError } from '../kit/coded-error.ts';

/** Stable codes of capsules and their archives; events and answers have them. */
export type CapsuleCode =
  | 'CAPSULE_ARCHIVE_DUPLICATE'
  | 'CAPSULE_ARCHIVE_INVALID'
  | 'CAPSULE_ARCHIVE_LINK'
  | 'CAPSULE_ARCHIVE_PATH'
  | 'CAPSULE_ARCHIVE_TOO_LARGE'
  | 'CAPSULE_DIGEST_MISMATCH'
  | 'CAPSULE_INVALID'
  | 'CAPSULE_LICENSE_UNKNOWN'
  | 'CAPSULE_SECRET_FOUND'
  | 'CAPSULE_STATEMENT_INVALID';

/** The failure of a manifest, a statement or an archive. */
export class CapsuleError extends codedError<CapsuleCode>('CapsuleError') {}
