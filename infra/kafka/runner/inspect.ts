import type { RecordName } from '../../../schemas/generated/records.ts';

/** What a processor holds of one key, as committed. For people who look for a fault; nothing is decided by it. */
export interface Inspection {
  readonly processor: string;
  readonly key: string;
  readonly partition: number;
  /** Offset of each input topic up to which its records are in the state. */
  readonly positions: readonly { readonly topic: string; readonly offset: number }[];
  readonly version: number;
  readonly state: unknown;
  readonly timers: readonly {
    readonly id: string;
    readonly type: RecordName;
    readonly at: string;
    readonly fired: boolean;
  }[];
  /** Input topics in which the key waits behind a dead letter. */
  readonly parked: readonly string[];
}

const statuses = { STATE_UNKNOWN_KEY: 404, STATE_NOT_HERE: 421 } as const;

export class StateError extends Error {
  override readonly name = 'StateError';
  readonly code: keyof typeof statuses;

  constructor(code: keyof typeof statuses, message: string) {
    super(message);
    this.code = code;
  }

  /** Of HTTP: nobody has such a key, or another process may (Misdirected Request, RFC 9110, 15.5.20). */
  get status(): number {
    return statuses[this.code];
  }
}
