import { LRUCache } from 'lru-cache';
import { Problem } from '../problems/problem.ts';

/** Commands in memory; each takes some hundred bytes. */
const SENT_MAX = 10_000;

interface SentCommand {
  readonly requestDigest: string;
  readonly appended: Promise<unknown>;
}

/** Returns Problem IDEMPOTENCY_KEY_REUSED. */
export const keyReused = (): Problem =>
  new Problem('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another request before');

/** Repeatable commands that this process has sent, at most 10,000: each is appended once, even when it is sent several times. */
export class SentCommands {
  readonly #sent = new LRUCache<string, SentCommand>({ max: SENT_MAX });

  /** Throws Problem IDEMPOTENCY_KEY_REUSED when this process sent the command for another request. */
  check(commandId: string, requestDigest: string): void {
    const sent = this.#sent.get(commandId);
    if (sent !== undefined && sent.requestDigest !== requestDigest) throw keyReused();
  }

  /**
   * Resolves when the log has the command; joins an append of the same command that is in flight or done. A failed append is
   * forgotten, so that the next call appends again. Rejects as `append` does.
   */
  async append(commandId: string, requestDigest: string, append: () => Promise<unknown>): Promise<void> {
    this.check(commandId, requestDigest);
    const sent = this.#sent.get(commandId) ?? this.#begin(commandId, { requestDigest, appended: append() });
    await sent.appended;
  }

  #begin(commandId: string, sent: SentCommand): SentCommand {
    this.#sent.set(commandId, sent);
    sent.appended.catch(() => this.#sent.delete(commandId));
    return sent;
  }
}
