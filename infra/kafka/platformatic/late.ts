import type { Log } from '../port.ts';
import type { PlatformaticLogOptions } from './log.ts';

/**
 * The second driver, loaded at the first use. Importing its client takes ten times as long as importing kafkajs (every
 * version of every request, schema registries, a validator); processes that use the first driver are spared that time.
 */
export class LatePlatformaticLog implements Log {
  readonly #options: PlatformaticLogOptions;
  #loading: Promise<Log> | null = null;

  constructor(options: PlatformaticLogOptions) {
    this.#options = options;
  }

  async appender(options?: Parameters<Log['appender']>[0]) {
    return (await this.#log()).appender(options);
  }

  async transactor(id: string) {
    return (await this.#log()).transactor(id);
  }

  async join(options: Parameters<Log['join']>[0]) {
    return (await this.#log()).join(options);
  }

  async committed(group: string, topics: readonly string[]) {
    return (await this.#log()).committed(group, topics);
  }

  async members(group: string) {
    return (await this.#log()).members(group);
  }

  async tail(options: Parameters<Log['tail']>[0]) {
    return (await this.#log()).tail(options);
  }

  async readTo(options: Parameters<Log['readTo']>[0]) {
    return (await this.#log()).readTo(options);
  }

  async watermarks(topics: readonly string[]) {
    return (await this.#log()).watermarks(topics);
  }

  async offsetsAt(topics: readonly string[], timeMs: number) {
    return (await this.#log()).offsetsAt(topics, timeMs);
  }

  async partitionCounts(topics: readonly string[]) {
    return (await this.#log()).partitionCounts(topics);
  }

  async createTopics(topics: Parameters<Log['createTopics']>[0]) {
    return (await this.#log()).createTopics(topics);
  }

  async ping(timeoutMs: number) {
    return (await this.#log()).ping(timeoutMs);
  }

  async close(): Promise<void> {
    await (await this.#loading)?.close();
  }

  #log(): Promise<Log> {
    this.#loading ??= import('./log.ts').then(({ PlatformaticLog }) => new PlatformaticLog(this.#options));
    return this.#loading;
  }
}
