/** The part of kafkajs's own modules that coordinators.ts changes; kafkajs is pinned to the version this was read from. */
declare module 'kafkajs/src/cluster/index.js' {
  export interface Broker {
    readonly nodeId: string;
  }
  export default class Cluster {
    findGroupCoordinator(question: { readonly groupId: string; readonly coordinatorType?: number }): Promise<Broker>;
    findBroker(question: { readonly nodeId: string }): Promise<Broker>;
  }
}

/** The part that stopped-runners.ts changes, and a test. */
declare module 'kafkajs/src/consumer/runner.js' {
  export default class Runner {
    readonly running: boolean;
    fetch(nodeId: number): Promise<unknown[]>;
    heartbeat(): Promise<void>;
  }
}
