import type { GroupStatus, TopicAdmin } from '../admin.ts';
import type { Position } from '../port.ts';
import type { MemoryBroker } from './broker.ts';

/** The admin port in memory. `pass` is awaited before each change: it may throw, as when the process dies. */
export class MemoryAdmin implements TopicAdmin {
  readonly #broker: MemoryBroker;
  readonly #pass: () => Promise<void>;

  constructor(broker: MemoryBroker, pass: () => Promise<void> = () => Promise.resolve()) {
    this.#broker = broker;
    this.#pass = pass;
  }

  async addPartitions(topics: readonly string[], total: number): Promise<void> {
    for (const topic of topics) {
      await this.#pass();
      this.#broker.addPartitions(topic, total);
    }
  }

  async deleteBefore(positions: readonly Position[]): Promise<void> {
    for (const { topic, partition, offset } of positions) {
      await this.#pass();
      this.#broker.partition(topic, partition).deleteBefore(offset);
    }
  }

  async groups(): Promise<readonly GroupStatus[]> {
    return this.#broker.groupNames.map((name) => ({ name, subscribed: this.#broker.group(name).subscribed }));
  }

  async topicsOf(group: string): Promise<readonly string[]> {
    return this.#broker.offsetsOf(group).topics;
  }

  async close(): Promise<void> {}
}
