import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { ExpiringStore } from '../../../infra/stores/expiring/port.ts';
import { Problem } from '../problems/problem.ts';
import { type SecretKeys, StoredSecrets } from './stored-secrets.ts';

/** A session ends after this time without a request. */
export const IDLE_MS_MAX = 30 * 60_000;
/** Longest session of an API key. */
const KEY_MS_MAX = 8 * 3_600_000;
/** Longest session of a user of the identity provider, whose roles are those of the sign-in. */
const USER_MS_MAX = 3_600_000;
/** A gateway with open streams looks for sessions that ended elsewhere this often. */
const WATCH_MS = 1_000;

const identities = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('api_key'), prefix: z.string(), hash: z.string() }),
  z.object({ kind: z.literal('user'), tenantId: z.string(), principal: z.string(), roles: z.array(z.string()) }),
]);
const claims = z.object({ identity: identities });

/** Whom a session stands for. What it may do is looked up at each request. */
export type ConsoleIdentity = z.infer<typeof identities>;

/** A session of the console. */
export interface ConsoleSession {
  /** Hash of its secret, which names it in the store. */
  readonly id: string;
  readonly identity: ConsoleIdentity;
  /** Its latest end, ms since 1970. */
  readonly endsAtMs: number;
}

/** Parts of the sessions. */
export interface ConsoleSessionParts extends SecretKeys {
  readonly store: ExpiringStore;
}

interface Watched {
  streams: number;
  /** Time until which the session may live without another answer of the store, ms since 1970. */
  untilMs: number;
  ended: boolean;
}

/** Sessions of the console, known to every gateway. A browser has a secret: see StoredSecrets. */
export class ConsoleSessions {
  readonly #store: ExpiringStore;
  readonly #secrets: StoredSecrets<typeof claims>;
  /** Sessions with open streams at this gateway, by id. */
  readonly #watched = new Map<string, Watched>();
  readonly #listeners = new Set<() => void>();
  #watching: NodeJS.Timeout | undefined;

  constructor({ store, ...keys }: ConsoleSessionParts) {
    this.#store = store;
    this.#secrets = new StoredSecrets(keys, { prefix: 'kcs', audience: 'khipu-console-session', claims });
  }

  /** Begins a session. Resolves with it and the secret for its cookie. Rejects with Problem CONSOLE_UNAVAILABLE. */
  async begin(identity: ConsoleIdentity): Promise<{ readonly secret: string; readonly session: ConsoleSession }> {
    const { secret, id } = this.#secrets.make();
    const endsAtS = Math.floor((Date.now() + (identity.kind === 'user' ? USER_MS_MAX : KEY_MS_MAX)) / 1000);
    const value = await this.#secrets.seal(id, { identity }, endsAtS);
    await answered(this.#store.put(id, value, IDLE_MS_MAX));
    return { secret, session: { id, identity, endsAtMs: endsAtS * 1000 } };
  }

  /**
   * Resolves with the session of a secret, and begins its idle time again; with null when it has ended or the secret is
   * unknown. Rejects with Problem CONSOLE_UNAVAILABLE.
   */
  async find(secret: string): Promise<ConsoleSession | null> {
    const id = this.#secrets.idOf(secret);
    if (id === null) return null;
    const value = await answered(this.#store.touch(id, IDLE_MS_MAX));
    const found = value === null ? null : await this.#secrets.open(id, value);
    return found === null ? null : { id, identity: found.claims.identity, endsAtMs: found.endsAtS * 1000 };
  }

  /** Ends a session at every gateway. Rejects with Problem CONSOLE_UNAVAILABLE. */
  async end(id: string): Promise<void> {
    await answered(this.#store.remove(id));
    this.#ended([id]);
  }

  /** Returns true for a session that is being watched and has ended. */
  hasEnded(id: string): boolean {
    return this.#watched.get(id)?.ended === true;
  }

  /**
   * Watches a session for an open stream, which does not count as use: when it ends at another gateway, the listeners are
   * called within a second. While the store does not answer, a session lives as long as it could without any request.
   * Returns a function that ends the watch; a second call has no effect.
   */
  watch(id: string): () => void {
    const entry = this.#watched.get(id) ?? { streams: 0, untilMs: Date.now() + IDLE_MS_MAX, ended: false };
    entry.streams += 1;
    this.#watched.set(id, entry);
    this.#watching ??= setInterval(() => void this.#look(), WATCH_MS).unref();
    let isWatching = true;
    return () => {
      if (!isWatching) return;
      isWatching = false;
      entry.streams -= 1;
      if (entry.streams === 0) this.#watched.delete(id);
      if (this.#watched.size === 0) this.close();
    };
  }

  /** Calls `listener` when a watched session has ended. Returns a function that removes the listener. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    clearInterval(this.#watching);
    this.#watching = undefined;
  }

  async #look(): Promise<void> {
    const ids = [...this.#watched.keys()];
    const nowMs = Date.now();
    try {
      const missing = new Set(await this.#store.missing(ids));
      for (const id of ids) {
        const entry = this.#watched.get(id);
        if (entry !== undefined && !missing.has(id)) entry.untilMs = nowMs + IDLE_MS_MAX;
      }
      this.#ended([...missing]);
    } catch {
      this.#ended(ids.filter((id) => (this.#watched.get(id)?.untilMs ?? 0) <= nowMs));
    }
  }

  #ended(ids: readonly string[]): void {
    const entries = ids.map((id) => this.#watched.get(id)).filter((entry) => entry !== undefined);
    if (entries.length === 0) return;
    for (const entry of entries) entry.ended = true;
    for (const listener of this.#listeners) listener();
  }
}

/** Returns the CSRF token of a session: derived from its secret, so that only its own page knows it. */
export const csrfTokenOf = (secret: string): string =>
  createHmac('sha256', secret).update('khipu-csrf').digest('base64url');

/** Resolves as the store does; rejects with Problem CONSOLE_UNAVAILABLE. */
const answered = <T>(asked: Promise<T>): Promise<T> =>
  asked.catch((error: unknown) => {
    throw new Problem('CONSOLE_UNAVAILABLE', 'Redis, which keeps the sessions of the console, does not answer', {
      cause: error,
    });
  });
