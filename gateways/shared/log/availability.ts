import type { Log } from '../../../infra/kafka/log.ts';

const PROBE_EVERY_MS = 1_000;
/** While it is away clients wait for it to come back. */
const PROBE_WHILE_DOWN_MS = 200;
const PROBE_TIMEOUT_MS = 1_000;

/** Knows whether the log answers, so that a request need not wait to learn that it does not. One probe a second, more while it is away. */
export class LogAvailability {
  readonly #log: Pick<Log, 'ping'>;
  #timer: NodeJS.Timeout | undefined;
  #up = true;
  #closed = false;

  constructor(log: Pick<Log, 'ping'>) {
    this.#log = log;
    this.#schedule();
  }

  get up(): boolean {
    return this.#up;
  }

  /** An append has just failed; the next probe that succeeds takes it back. */
  reportDown(): void {
    this.#up = false;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#probe(), this.#up ? PROBE_EVERY_MS : PROBE_WHILE_DOWN_MS);
    this.#timer.unref();
  }

  async #probe(): Promise<void> {
    this.#up = await this.#log.ping(PROBE_TIMEOUT_MS).then(
      () => true,
      () => false,
    );
    this.#schedule();
  }
}
