import type { Admin } from 'kafkajs';
import { type ClientOptions, createClient } from './client.ts';
import { isUnsettled, toLogError } from './failures.ts';

/** Retries of a request during an election, which takes a second or two. */
const UNSETTLED_ATTEMPTS_MAX = 20;
const UNSETTLED_PAUSE_MS = 150;

/**
 * An admin client that runs its requests one at a time: it keeps one copy of the cluster's metadata, and each request
 * replaces it with that of its own topics; concurrent requests miss existing partitions, without an error. Opens no
 * connection before the first use.
 */
export class PatientAdmin {
  readonly #options: ClientOptions;
  #client: Promise<Admin> | null = null;
  #asked: Promise<unknown> = Promise.resolve();

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** Runs a request after the earlier ones. Rejects with LogError. */
  ask<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    const answer = this.#asked.then(() => this.#askPatiently(question));
    this.#asked = answer.catch(() => undefined);
    return answer;
  }

  /** Returns the client, for requests that read no topic metadata and must not wait for the others. */
  client(): Promise<Admin> {
    this.#client ??= (async () => {
      const admin = createClient(this.#options).admin();
      await admin.connect();
      return admin;
    })();
    this.#client.catch(() => {
      this.#client = null;
    });
    return this.#client;
  }

  async close(): Promise<void> {
    await (await this.#client?.catch(() => null))?.disconnect();
  }

  /**
   * Retries what kafkajs does not: after a leader has moved or a topic was created, a new client reads the metadata
   * again.
   */
  async #askPatiently<T>(question: (admin: Admin) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await question(await this.client());
      } catch (error) {
        if (!isUnsettled(error) || attempt === UNSETTLED_ATTEMPTS_MAX) throw toLogError(error, 'LOG_UNAVAILABLE');
        const stale = this.#client;
        this.#client = null;
        await (await stale?.catch(() => null))?.disconnect();
        await new Promise((resolve) => setTimeout(resolve, UNSETTLED_PAUSE_MS));
      }
    }
  }
}
