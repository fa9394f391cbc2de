import type { Log } from '../../kafka/port.ts';
import type { Logger } from '../../kit/logger.ts';
import type { Decoder } from './decode-once.ts';
import type { ProjectionMetrics } from './metrics.ts';

/** The services that views need. */
export interface ViewDependencies {
  readonly log: Log;
  readonly decoder: Decoder;
  readonly metrics: ProjectionMetrics;
  readonly logger: Logger;
  /** Wall clock, ms since 1970. For metrics and expiry only. */
  readonly now: () => number;
  readonly onFatal: (error: unknown) => void;
  readonly batchRecordsMax?: number;
}
