import { signal } from '@preact/signals';
import type { TurnEvent } from '../../../../infra/client/turn-events.ts';
import { frameBatch } from './frame-batch.ts';
import { LiveTurns } from './live-turns.ts';
import { Rates } from './rates.ts';

/** `syncing`: the stream is open and the page reads what was before it. */
export type FeedState = 'connecting' | 'syncing' | 'live' | 'reconnecting';

/** What a feed reads: events from now on, and the latest turns before them. */
export interface FeedSource {
  /** Opens a stream. Rejects when the gateway refuses or does not answer; the events reject when it breaks off. */
  readonly open: (signal: AbortSignal) => Promise<AsyncIterable<TurnEvent>>;
  /** Resolves with events of earlier turns, the oldest first. */
  readonly before: () => Promise<readonly TurnEvent[]>;
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

const RETRY_MS = 1_000;
const RETRY_MS_MAX = 15_000;
const SECONDS = 120;

/**
 * The turns of a tenant as they happen. The stream begins at the end of the log, so each connection first reads the latest
 * turns: events that arrive meanwhile wait, and a turn takes each event once. The page is updated once a frame.
 */
export class LiveFeed {
  readonly turns = new LiveTurns();
  readonly rates: Rates;
  /** Changes once a frame in which something happened. */
  readonly frame = signal(0);
  readonly state = signal<FeedState>('connecting');
  /** Why the latest connection failed; null while it is open. */
  readonly failure = signal<unknown>(null);
  readonly #mark: () => void;
  readonly #now: () => number;

  constructor(schedule?: (callback: () => void) => void, now: () => number = () => Date.now() / 1_000) {
    this.#now = now;
    this.rates = new Rates(SECONDS, now());
    this.#mark = frameBatch(() => {
      this.frame.value += 1;
    }, schedule);
  }

  /** Reads until `signal` aborts, over as many connections as it takes. Never rejects. */
  async run(source: FeedSource, abort: AbortSignal): Promise<void> {
    for (let failures = 0; !abort.aborted; failures += 1) {
      try {
        const events = await source.open(abort);
        failures = 0;
        this.failure.value = null;
        await this.#readAll(events, source);
      } catch (error) {
        if (abort.aborted) return;
        this.failure.value = error;
      }
      this.state.value = 'reconnecting';
      await source.pause(Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** failures), abort).catch(() => undefined);
    }
  }

  async #readAll(events: AsyncIterable<TurnEvent>, source: FeedSource): Promise<void> {
    let waiting: TurnEvent[] | null = [];
    this.state.value = 'syncing';
    const sync = source
      .before()
      .catch(() => [])
      .then((earlier) => {
        for (const event of [...earlier, ...(waiting ?? [])]) this.#take(event);
        waiting = null;
        this.state.value = 'live';
      });
    for await (const event of events) {
      this.rates.count(this.#now());
      if (waiting === null) this.#take(event);
      else waiting.push(event);
    }
    await sync;
  }

  #take(event: TurnEvent): void {
    this.turns.take(event);
    this.#mark();
  }
}
