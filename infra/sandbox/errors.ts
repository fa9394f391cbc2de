import { codedError } from '../kit/coded-error.ts';

/** Codes of programs that did not end by themselves with success. A code never changes its meaning. */
export type SandboxCode =
  /** The tier, or something that the request needs of it, cannot be had on this machine. */
  | 'SANDBOX_UNAVAILABLE'
  /** The request itself is malformed. */
  | 'SANDBOX_REQUEST_INVALID'
  /** The tier is there, and did not start the program. */
  | 'SANDBOX_START_FAILED'
  /** The program ended with another code than 0, or by a signal. */
  | 'SANDBOX_PROGRAM_FAILED'
  | 'SANDBOX_TIME_EXCEEDED'
  | 'SANDBOX_CPU_EXCEEDED'
  | 'SANDBOX_MEMORY_EXCEEDED'
  | 'SANDBOX_DISK_EXCEEDED'
  | 'SANDBOX_PROCESSES_EXCEEDED'
  | 'SANDBOX_OUTPUT_EXCEEDED'
  /** The caller stopped it. */
  | 'SANDBOX_STOPPED';

/** A sandbox that was not opened. */
export class SandboxError extends codedError<SandboxCode>('SandboxError') {}
