import { codedError } from '../../kit/coded-error.ts';

/** Codes of WorkError, with their default messages. */
export const workErrorCodes = {
  WORK_CANCELLED: 'a later record of the key cancelled the work',
  WORK_DEADLINE: 'a run took longer than the worker allows, and no run is left',
  WORK_ATTEMPTS_EXHAUSTED: 'earlier runs terminated the process, and no run is left',
  WORK_DROPPED: 'an operator dropped the parked record',
} as const;

export type WorkErrorCode = keyof typeof workErrorCodes;

/**
 * The cause of an end of work that the handler did not end itself: the `reason` of its signal, or the error passed to
 * `abandon`.
 */
export class WorkError extends codedError<WorkErrorCode>('WorkError') {
  constructor(code: WorkErrorCode, message: string = workErrorCodes[code]) {
    super(code, message);
  }
}
