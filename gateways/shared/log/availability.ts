import type { Log } from '../../../infra/kafka/port.ts';

const PROBE_EVERY_MS = 1_000;
/** More frequent while the log is unavailable, because clients wait for it. */
const PROBE_WHILE_DOWN_MS = 200;
const PROBE_TIMEOUT_MS = 1_000;

/**
 * Tracks whether the log answers, so that a request fails at once while it does not. Probes once a second, five times a
 * second while the log is unavailable.
 */
export class LogAvailability {
  readonly #log: Pick<Log, 'ping'>;
  #timer: NodeJS.Timeout | undefined;
  #up = true;
  #closed = false;

  constructor(log: Pick<Log, 'ping'>) {
    this.#log = log;
    this.#schedule();
  }

  /** True when the latest probe succeeded and no append has failed since. */
  get up(): boolean {
    return this.#up;
  }

  /** Marks the log as unavailable after a failed append; the next successful probe marks it as available. */
  reportDown(): void {
    this.#up = false;
  }

  /** Stops the probes. */
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
