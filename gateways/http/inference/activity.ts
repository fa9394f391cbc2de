import type { Log } from '../../../infra/kafka/port.ts';
import type { SlmMetered } from '../../../schemas/generated/records.ts';
import { topics } from '../../../schemas/topics.ts';
import type { EventTail } from '../../shared/log/event-tail.ts';

/** Consumer group of the worker that calls the models. */
const WORKER_GROUP = 'khipu.slm';
/** Maximum age of the cached backlog, so that frequent health checks do not load the broker. */
const BACKLOG_CACHE_MS = 1_000;
/** A local model answers within some seconds; a backlog without an answer for this time is stuck. */
const STUCK_MS = 30_000;

/** Health of the language model. */
export interface SlmHealth {
  /** `idle`: no request was answered since this gateway started. */
  readonly status: 'ok' | 'idle' | 'failing' | 'stuck';
  readonly detail: string;
  /** Requests that no worker has finished. */
  readonly backlog: number;
  readonly last: { readonly at: string; readonly answer: SlmMetered } | null;
}

/**
 * Derives the health of the model from the log, without a request to the model: from the latest record of the metrics topic,
 * and from the lag of the worker's consumer group.
 */
export class SlmActivity {
  readonly #log: Pick<Log, 'committed' | 'watermarks'>;
  #last: { atMs: number; answer: SlmMetered } | null = null;
  #waitingSinceMs: number | null = null;
  #backlog: Promise<number> | null = null;
  #backlogAtMs = 0;

  constructor(log: Pick<Log, 'committed' | 'watermarks'>, tail: EventTail) {
    this.#log = log;
    tail.listen(({ record }) => {
      if (record.type === 'SlmMetered') this.#last = { atMs: Date.now(), answer: record.data };
    });
  }

  /** Resolves with the health at `nowMs`, ms since 1970. Rejects with LogError when the log is unavailable. */
  async health(nowMs = Date.now()): Promise<SlmHealth> {
    const backlog = await this.#backlogNow(nowMs);
    this.#waitingSinceMs = backlog === 0 ? null : (this.#waitingSinceMs ?? nowMs);
    const last =
      this.#last === null ? null : { at: new Date(this.#last.atMs).toISOString(), answer: this.#last.answer };
    const quietSinceMs = Math.max(this.#waitingSinceMs ?? nowMs, this.#last?.atMs ?? 0);
    if (backlog > 0 && nowMs - quietSinceMs > STUCK_MS)
      return {
        status: 'stuck',
        detail: `${backlog} requests wait, and no request was answered for 30 s`,
        backlog,
        last,
      };
    if (last === null)
      return { status: 'idle', detail: 'no request was answered since this gateway started', backlog, last };
    return last.answer.outcome === 'completed'
      ? { status: 'ok', detail: 'the last request was answered', backlog, last }
      : { status: 'failing', detail: 'the last request failed', backlog, last };
  }

  #backlogNow(nowMs: number): Promise<number> {
    if (this.#backlog === null || nowMs - this.#backlogAtMs > BACKLOG_CACHE_MS) {
      this.#backlogAtMs = nowMs;
      this.#backlog = this.#readBacklog();
      this.#backlog.catch(() => {
        this.#backlog = null;
      });
    }
    return this.#backlog;
  }

  async #readBacklog(): Promise<number> {
    const names = [topics.slmRequests.name];
    const [committed, ends] = await Promise.all([
      this.#log.committed(WORKER_GROUP, names),
      this.#log.watermarks(names),
    ]);
    const done = new Map(committed.map(({ partition, offset }) => [partition, offset]));
    return ends.reduce((sum, { partition, low, high }) => sum + high - Math.max(done.get(partition) ?? low, low), 0);
  }
}
