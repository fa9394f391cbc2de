import type { JobSlotQueued } from '../../../schemas/generated/records.ts';

/** A request of a job for a slot. A job asks again after it was held or has failed: with the next number. */
export interface SlotRequest {
  readonly jobId: string;
  readonly request: number;
}

/** A job with a slot. */
export interface Holder extends SlotRequest {
  readonly place: string;
}

/** A job that waits for a slot. */
export type Waiting = Holder & Pick<JobSlotQueued, 'lane' | 'notBefore' | 'chain' | 'batch'>;
