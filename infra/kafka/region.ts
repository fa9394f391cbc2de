import { codedError } from '../kit/coded-error.ts';
import { readLayoutTopic } from './layout.ts';
import type { Log } from './port.ts';

/** The region that may write to a log, and what was cut off when it took over. In the layout topic. */
export interface Region {
  /** KHIPU_REGION of the processes that may start; null while none may. */
  readonly active: string | null;
  /** From 1; each change of the active region raises it. */
  readonly term: number;
  /** The promotion under way; null when there is none. */
  readonly promoting: string | null;
  readonly cuts: readonly Cut[];
}

/** Offsets that no reader of the platform sees: the torn end of a mirrored partition (ADR 0057). */
export interface Cut {
  readonly topic: string;
  readonly partition: number;
  /** First offset that is cut off. */
  readonly from: number;
  /** Offset after the last one. */
  readonly to: number;
}

/** Key of the region in the layout topic. */
export const REGION_KEY = 'region';

/** The codes of RegionError. */
export type RegionErrorCode =
  | 'REGION_UNSET'
  | 'REGION_NOT_ACTIVE'
  | 'REGION_ACTIVE'
  | 'REGION_NOT_FENCED'
  | 'REGION_OTHER'
  | 'MIRROR_RUNNING';

/** The reason why a process must not start in a region, or why a region does not change. */
export class RegionError extends codedError<RegionErrorCode>('RegionError') {}

/** Returns the region of a log; null where none was ever set. Rejects with LogError. */
export const readRegion = async (log: Log): Promise<Region | null> =>
  ((await readLayoutTopic(log)).get(REGION_KEY) as Region | undefined) ?? null;

/**
 * Checks that a process of `region` may start. A process without a region is not checked. Rejects with RegionError
 * REGION_NOT_ACTIVE, and with LogError.
 */
export async function expectActive(log: Log, region: string | null): Promise<void> {
  if (region === null) return;
  const known = await readRegion(log);
  if (known === null || (known.active === region && known.promoting === null)) return;
  throw new RegionError(
    'REGION_NOT_ACTIVE',
    `KHIPU_REGION is ${region}, and this log belongs to ${known.active ?? 'no region'} in term ${known.term}; ` +
      'khipu region promote takes it over',
  );
}
