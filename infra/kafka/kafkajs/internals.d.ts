/** The part of kafkajs's modules that coordinators.ts patches; kafkajs is pinned to the version that this was read from. */
declare module 'kafkajs/src/cluster/index.js' {
  export interface Broker {
    readonly nodeId: string;
  }
  export default class Cluster {
    findGroupCoordinator(question: { readonly groupId: string; readonly coordinatorType?: number }): Promise<Broker>;
    findBroker(question: { readonly nodeId: string }): Promise<Broker>;
  }
}

/** The part that stopped-runners.ts and its test patch. */
declare module 'kafkajs/src/consumer/runner.js' {
  export default class Runner {
    readonly running: boolean;
    fetch(nodeId: number): Promise<unknown[]>;
    heartbeat(): Promise<void>;
  }
}

/** The part that idle-fetches.ts and its test patch. */
declare module 'kafkajs/src/consumer/consumerGroup.js' {
  export default class ConsumerGroup {
    /** ms; how long a fetch waits, and how long one without partitions sleeps. */
    maxWaitTime: number;
    minBytes: number;
    paused(): readonly unknown[];
    fetch(nodeId: number): Promise<readonly { readonly rawMessages: readonly unknown[] }[]>;
  }
}

/** The part that request-timeouts.ts, pending-requests.ts and their tests use. */
declare module 'kafkajs/src/network/requestQueue/index.js' {
  export interface SocketRequest {
    readonly sentAt: number;
    readonly requestTimeout: number;
    timeoutRequest(): void;
  }
  export default class RequestQueue {
    constructor(options: Readonly<Record<string, unknown>>);
    readonly enforceRequestTimeout: boolean;
    readonly inflight: Map<number, SocketRequest>;
    readonly pending: readonly unknown[];
    isConnected(): boolean;
    push(request: {
      readonly entry: { readonly correlationId: number; resolve(answer: unknown): void; reject(error: unknown): void };
      readonly expectResponse: boolean;
      sendRequest(): void;
    }): void;
    fulfillRequest(answer: { readonly correlationId: number; readonly size: number; readonly payload: unknown }): void;
    maybeThrottle(ms: number): void;
    scheduleCheckPendingRequests(): void;
    scheduleRequestTimeoutCheck(): void;
    destroy(): void;
  }
}

/** The part that aborted-records.ts patches. */
declare module 'kafkajs/src/broker/index.js' {
  export interface FetchedMessage {
    readonly offset: string;
    readonly key: Buffer | null;
    isControlRecord?: boolean;
    /** Absent in the message formats before transactions. */
    readonly batchContext?: { readonly producerId: string; readonly inTransaction: boolean };
  }
  export interface FetchedPartition {
    abortedTransactions?: readonly { readonly producerId: string; readonly firstOffset: string }[] | null;
    readonly messages: readonly FetchedMessage[];
  }
  export default class Broker {
    syncGroup(request: { readonly memberId: string }): Promise<unknown>;
    fetch(request: unknown): Promise<{
      readonly responses: readonly { readonly partitions: readonly FetchedPartition[] }[];
    }>;
  }
}
