import { hash, randomBytes } from 'node:crypto';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { JwtKeys } from '../../../infra/security/load-keys.ts';
import type { SingleUseStore } from '../../../infra/stores/single-use/port.ts';
import { Problem } from '../problems/problem.ts';
import { type Caller, expiryOf } from './caller.ts';
import { ALGORITHM, CLOCK_TOLERANCE_S } from './session-tokens.ts';

/** Time to open a stream with a ticket. The stream itself may last longer. */
const TICKET_MS_MAX = 30_000;
const TICKET_BYTES = 32;
/** Other than the audience of session tokens, so that neither is accepted for the other. */
const AUDIENCE = 'khipu-stream-ticket';

/** Form of a ticket: a prefix that secret scanners find, and 256 random bits. */
const TICKET = /^kst_[\w-]{43}$/;

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
const claims = z.object({ jti: z.string(), session: z.string(), caller: callers });

/** Parts of the tickets. */
export interface StreamTicketParts {
  readonly store: SingleUseStore;
  readonly keys: Pick<JwtKeys, 'signing'>;
  /** Public keys of all gateways. */
  readonly jwks: JSONWebKeySet;
  /** `iss` of this platform. */
  readonly issuer: string;
}

/**
 * Single-use tickets that open the stream of one session in the name of their caller: for `EventSource`, which sends no
 * headers. A ticket is random. The store has its hash and, signed by the gateway, whom it stands for, so that reading the
 * store gives no ticket and writing to it gives no identity.
 */
export class StreamTickets {
  readonly #parts: StreamTicketParts;
  readonly #resolve: ReturnType<typeof createLocalJWKSet>;

  constructor(parts: StreamTicketParts) {
    this.#parts = parts;
    this.#resolve = createLocalJWKSet(parts.jwks);
  }

  /**
   * Resolves with a ticket that expires after 30 s, or with the credentials of the caller. `expiresAt` is RFC 3339. The
   * caller must be allowed to see the session. Rejects with Problem TICKETS_UNAVAILABLE.
   */
  async issue(caller: Caller, sessionId: string): Promise<{ readonly ticket: string; readonly expiresAt: string }> {
    const ticket = `kst_${randomBytes(TICKET_BYTES).toString('base64url')}`;
    const key = keyOf(ticket);
    const nowMs = Date.now();
    const endMs = Math.min(nowMs + TICKET_MS_MAX, expiryOf(caller));
    const value = await new SignJWT({ session: sessionId, caller })
      .setProtectedHeader({ alg: ALGORITHM, kid: this.#parts.keys.signing.keyId, typ: 'JWT' })
      .setIssuer(this.#parts.issuer)
      .setAudience(AUDIENCE)
      .setExpirationTime(Math.ceil(endMs / 1000))
      .setJti(key)
      .sign(this.#parts.keys.signing.privateKey);
    await answered(this.#parts.store.put(key, value, Math.max(1, endMs - nowMs)));
    return { ticket, expiresAt: new Date(endMs).toISOString() };
  }

  /**
   * Uses up a ticket, at any gateway, and resolves with its caller; with null for a ticket that is unknown, used, expired or
   * of another session. Rejects with Problem TICKETS_UNAVAILABLE.
   */
  async redeem(ticket: string, sessionId: string): Promise<Caller | null> {
    if (!TICKET.test(ticket)) return null;
    const key = keyOf(ticket);
    const value = await answered(this.#parts.store.take(key));
    if (value === null) return null;
    const { jti, session, caller } = (await this.#verified(value)) ?? {};
    return caller !== undefined && jti === key && session === sessionId ? caller : null;
  }

  async #verified(value: string): Promise<z.infer<typeof claims> | null> {
    try {
      const { payload } = await jwtVerify(value, this.#resolve, {
        algorithms: [ALGORITHM],
        issuer: this.#parts.issuer,
        audience: AUDIENCE,
        requiredClaims: ['exp', 'jti'],
        // The store ends a ticket to the millisecond.
        clockTolerance: CLOCK_TOLERANCE_S,
      });
      return claims.parse(payload);
    } catch {
      return null;
    }
  }
}

const keyOf = (ticket: string): string => hash('sha256', ticket, 'hex');

/** Resolves as the store does; rejects with Problem TICKETS_UNAVAILABLE. */
const answered = <T>(asked: Promise<T>): Promise<T> =>
  asked.catch((error: unknown) => {
    throw new Problem('TICKETS_UNAVAILABLE', 'Redis does not answer; try again, or send Authorization instead', {
      cause: error,
    });
  });
