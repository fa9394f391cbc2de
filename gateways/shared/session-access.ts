import { LRUCache } from 'lru-cache';
import type { Caller, SessionCaller } from './auth/caller.ts';
import type { EventTail } from './log/event-tail.ts';
import { Problem } from './problems/problem.ts';
import type { ReadModel } from './read-model.ts';

/** Sessions in memory; each takes some hundred bytes. */
const REMEMBERED_MAX = 10_000;

/** Time for which an unknown session is looked for in the log: another gateway may have answered its start just now. */
const CATCH_UP_MS = 1_000;

/** Sessions requested at this gateway that have no outcome yet: they exist for the tenant that requested them. */
export class PendingSessions {
  readonly #tenants = new LRUCache<string, string>({ max: REMEMBERED_MAX });

  add(sessionId: string, tenantId: string): void {
    this.#tenants.set(sessionId, tenantId);
  }

  has(sessionId: string, tenantId: string): boolean {
    return this.#tenants.peek(sessionId) === tenantId;
  }
}

/** A session whose start or refusal was read from the tail. */
export interface RecentSession {
  readonly tenantId: string;
  readonly isStarted: boolean;
}

/** Sessions whose start or refusal passed on the tail of this process, possibly before the read model has them. */
export class RecentSessions {
  readonly #sessions = new LRUCache<string, RecentSession>({ max: REMEMBERED_MAX });

  constructor(tail: Pick<EventTail, 'listen'>) {
    tail.listen(({ record, meta: { tenantId } }) => {
      if (record.type === 'SessionStarted' || record.type === 'SessionRefused')
        this.#sessions.set(record.data.sessionId, { tenantId, isStarted: record.type === 'SessionStarted' });
    });
  }

  get(sessionId: string): RecentSession | undefined {
    return this.#sessions.peek(sessionId);
  }
}

/** Parts that a session access check reads from. */
export interface SessionAccessParts {
  readonly recent: RecentSessions;
  readonly pending: PendingSessions;
  readonly readModel: Pick<ReadModel, 'session'>;
  readonly tail: Pick<EventTail, 'catchUp'>;
}

/** Returns Problem SESSION_UNKNOWN. */
export const sessionUnknown = (sessionId: string): Problem =>
  new Problem('SESSION_UNKNOWN', `This caller has no session ${sessionId}`);

/** Returns the caller when it has a token of this session. Throws Problem SESSION_UNKNOWN otherwise. */
export function ownSession(caller: Caller, sessionId: string): SessionCaller {
  if (caller.kind !== 'session' || caller.sessionId !== sessionId) throw sessionUnknown(sessionId);
  return caller;
}

/** Checks whether a caller may see a session. Sessions of other tenants are unknown. */
export class SessionAccess {
  readonly #parts: SessionAccessParts;

  constructor(parts: SessionAccessParts) {
    this.#parts = parts;
  }

  /**
   * Rejects with Problem SESSION_UNKNOWN when the caller may not see the session: a session token sees its own session, an
   * API key the started sessions of its tenant, also one whose start another gateway has just answered. Rejects with
   * READ_MODEL_UNAVAILABLE when only the database knows it.
   */
  async check(caller: Caller, sessionId: string): Promise<void> {
    if (caller.kind === 'session') {
      ownSession(caller, sessionId);
      return;
    }
    const { recent, readModel, pending, tail } = this.#parts;
    if (this.#hasStarted(sessionId, caller.tenantId)) return;
    if (recent.get(sessionId) === undefined && pending.has(sessionId, caller.tenantId)) return;
    const session = await readModel.session(caller.tenantId, sessionId);
    if (session?.status === 'started') return;
    if (recent.get(sessionId) === undefined) await tail.catchUp(CATCH_UP_MS);
    if (!this.#hasStarted(sessionId, caller.tenantId)) throw sessionUnknown(sessionId);
  }

  /** Returns true for a session of the tenant whose start passed on the tail. */
  #hasStarted(sessionId: string, tenantId: string): boolean {
    const known = this.#parts.recent.get(sessionId);
    return known?.isStarted === true && known.tenantId === tenantId;
  }

  /** Returns true for a session of the tenant that was requested here or passed on the tail. */
  isKnownHere(sessionId: string, tenantId: string): boolean {
    const { recent, pending } = this.#parts;
    return recent.get(sessionId)?.tenantId === tenantId || pending.has(sessionId, tenantId);
  }

  /** Returns true for a session whose start or refusal passed on the tail. */
  beganHere(sessionId: string): boolean {
    return this.#parts.recent.get(sessionId) !== undefined;
  }

  /** Adds a requested session that has no outcome yet. */
  expect(sessionId: string, tenantId: string): void {
    this.#parts.pending.add(sessionId, tenantId);
  }
}
