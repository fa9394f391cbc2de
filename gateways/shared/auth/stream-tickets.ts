import { z } from 'zod';
import type { SingleUseStore } from '../../../infra/stores/single-use/port.ts';
import { Problem } from '../problems/problem.ts';
import { type Caller, expiryOf } from './caller.ts';
import { type SecretKeys, StoredSecrets } from './stored-secrets.ts';

/** Time to open a stream with a ticket. The stream itself may last longer. */
const TICKET_MS_MAX = 30_000;

const consoleSession = z.exactOptional(z.object({ id: z.string(), endsAtMs: z.number() }));
const holder = { tenantId: z.string(), principal: z.string(), capabilities: z.array(z.string()) };
const callers = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('api_key'),
    ...holder,
    key: z.object({ prefix: z.string(), hash: z.string() }),
    consoleSession,
  }),
  z.object({ kind: z.literal('user'), ...holder, expiresAtMs: z.number(), consoleSession }),
  z.object({
    kind: z.literal('session'),
    ...holder,
    sessionId: z.string(),
    place: z.string(),
    persona: z.string(),
    model: z.string().nullable(),
    issuedAtMs: z.number(),
    expiresAtMs: z.number(),
    tokenId: z.string(),
  }),
]) satisfies z.ZodType<Caller>;
const claims = z.object({ session: z.string(), caller: callers });

/** Parts of the tickets. */
export interface StreamTicketParts extends SecretKeys {
  readonly store: SingleUseStore;
}

/**
 * Single-use tickets that open the stream of one session in the name of their caller: for `EventSource`, which sends no
 * headers. See StoredSecrets for what the store has of them.
 */
export class StreamTickets {
  readonly #store: SingleUseStore;
  readonly #secrets: StoredSecrets<typeof claims>;

  constructor({ store, ...keys }: StreamTicketParts) {
    this.#store = store;
    this.#secrets = new StoredSecrets(keys, { prefix: 'kst', audience: 'khipu-stream-ticket', claims });
  }

  /**
   * Resolves with a ticket that expires after 30 s, or with the credentials of the caller. `expiresAt` is RFC 3339. The
   * caller must be allowed to see the session. Rejects with Problem TICKETS_UNAVAILABLE.
   */
  async issue(caller: Caller, sessionId: string): Promise<{ readonly ticket: string; readonly expiresAt: string }> {
    const { secret: ticket, id } = this.#secrets.make();
    const nowMs = Date.now();
    const endMs = Math.min(nowMs + TICKET_MS_MAX, expiryOf(caller));
    const value = await this.#secrets.seal(id, { session: sessionId, caller }, Math.ceil(endMs / 1000));
    await answered(this.#store.put(id, value, Math.max(1, endMs - nowMs)));
    return { ticket, expiresAt: new Date(endMs).toISOString() };
  }

  /**
   * Uses up a ticket, at any gateway, and resolves with its caller; with null for a ticket that is unknown, used, expired or
   * of another session. Rejects with Problem TICKETS_UNAVAILABLE.
   */
  async redeem(ticket: string, sessionId: string): Promise<Caller | null> {
    const id = this.#secrets.idOf(ticket);
    if (id === null) return null;
    const value = await answered(this.#store.take(id));
    const found = value === null ? null : await this.#secrets.open(id, value);
    return found?.claims.session === sessionId ? found.claims.caller : null;
  }
}

/** Resolves as the store does; rejects with Problem TICKETS_UNAVAILABLE. */
const answered = <T>(asked: Promise<T>): Promise<T> =>
  asked.catch((error: unknown) => {
    throw new Problem('TICKETS_UNAVAILABLE', 'Redis does not answer; try again, or send Authorization instead', {
      cause: error,
    });
  });
