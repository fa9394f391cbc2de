import type { RecordName } from '../../../schemas/generated/records.ts';
import { codedError } from '../../kit/coded-error.ts';

/** The committed state of one key in a processor, for diagnosis; no decision reads it. */
export interface Inspection {
  readonly processor: string;
  readonly key: string;
  readonly partition: number;
  /** Next offset of each input topic: the state contains all earlier records. */
  readonly positions: readonly { readonly topic: string; readonly offset: number }[];
  readonly version: number;
  readonly state: unknown;
  readonly timers: readonly {
    readonly id: string;
    readonly type: RecordName;
    readonly at: string;
    readonly fired: boolean;
  }[];
  /** Input topics in which the key is parked behind a dead letter. */
  readonly parked: readonly string[];
}

const statuses = { STATE_UNKNOWN_KEY: 404, STATE_NOT_HERE: 421 } as const;

/** The refusal of an inspection. */
export class StateError extends codedError<keyof typeof statuses>('StateError') {
  /**
   * HTTP status: 404 when the owner does not know the key, 421 when another process may own it (Misdirected Request,
   * RFC 9110, 15.5.20).
   */
  get status(): number {
    return statuses[this.code];
  }
}
