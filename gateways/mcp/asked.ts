import type { Caller } from '../shared/auth/caller.ts';
import type { GatewayServices } from '../shared/services.ts';

/** Services of the gateway of the Model Context Protocol. */
export type McpServices = Pick<
  GatewayServices,
  'config' | 'sender' | 'tables' | 'readModel' | 'jobs' | 'filePieces' | 'partitions' | 'logger'
>;

/** One authenticated request of the protocol. */
export interface McpAsked {
  readonly caller: Caller;
  readonly traceparent: string;
  /** URL of this gateway as the client knows it, such as `https://khipu.example.com`. Only shown. */
  readonly origin: string;
  /** `Idempotency-Key` of the request; undefined without one. */
  readonly idempotencyKey: string | undefined;
}
