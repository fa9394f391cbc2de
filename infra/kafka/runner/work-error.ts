export const workErrorCodes = {
  WORK_CANCELLED: 'a later record of the key cancelled it',
  WORK_DEADLINE: 'a run took longer than the worker allows, and no run is left',
  WORK_ATTEMPTS_EXHAUSTED: 'earlier runs took the process down with them, and no run is left',
  WORK_DROPPED: 'it was parked, and an operator dropped it',
} as const;

export type WorkErrorCode = keyof typeof workErrorCodes;

/** Why a worker ended work that its handler did not end itself: the `reason` of its signal, or what `abandon` is told. */
export class WorkError extends Error {
  override readonly name = 'WorkError';
  readonly code: WorkErrorCode;
  constructor(code: WorkErrorCode, message: string = workErrorCodes[code]) {
    super(message);
    this.code = code;
  }
}
