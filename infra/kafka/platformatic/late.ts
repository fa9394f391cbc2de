import type { Log } from '../log.ts';
import type { PlatformaticLogOptions } from './log.ts';

/**
 * The second driver, loaded when it is first used. To import its client takes ten times as long as to import kafkajs
 * (every version of every request, schema registries, a validator), which processes that use the first need not pay.
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

  async tail(options: Parameters<Log['tail']>[0]) {
    return (await this.#log()).tail(options);
  }

  async readTo(options: Parameters<Log['readTo']>[0]) {
    return (await this.#log()).readTo(options);
  }

  async watermarks(topics: readonly string[]) {
    return (await this.#log()).watermarks(topics);
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
