import type { MemoryBroker } from '../../infra/kafka/memory/broker.ts';
import type { CurrentLayout } from './layout.ts';
import type { Network } from './network.ts';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import type { Trace } from './trace.ts';

/** What all parts of a schedule share. */
export interface World {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly random: Random;
  readonly broker: MemoryBroker;
  readonly trace: Trace;
  readonly isFixed: () => boolean;
  readonly layout: CurrentLayout;
  readonly onFatal: (error: unknown) => void;
}
