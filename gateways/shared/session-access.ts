import type { Caller, SessionCaller } from './auth/caller.ts';
import type { Outcomes } from './log/outcomes.ts';
import { Problem } from './problems/problem.ts';
import type { ReadModel } from './read-model.ts';

/** The latest half of them is always remembered, the half before it for a while. */
const PENDING_MAX = 10_000;

/**
 * Sessions that were asked for here and have no outcome yet: they exist for the one who asked. Forgotten by halves: to
 * drop the oldest entry of a map at each step makes it look at all that were dropped before.
 */
export class PendingSessions {
  #tenants = new Map<string, string>();
  #former = new Map<string, string>();

  add(sessionId: string, tenantId: string): void {
    if (this.#tenants.size >= PENDING_MAX / 2) {
      this.#former = this.#tenants;
      this.#tenants = new Map();
    }
    this.#tenants.set(sessionId, tenantId);
  }

  has(sessionId: string, tenantId: string): boolean {
    return (this.#tenants.get(sessionId) ?? this.#former.get(sessionId)) === tenantId;
  }
}

export interface SessionAccessParts {
  readonly outcomes: Outcomes;
  readonly readModel: Pick<ReadModel, 'session'>;
  readonly pending: PendingSessions;
}

export const sessionUnknown = (sessionId: string): Problem =>
  new Problem('SESSION_UNKNOWN', `This caller has no session ${sessionId}`);

/** The caller, when it holds a token of this session; throws Problem SESSION_UNKNOWN when not. */
export function ownSession(caller: Caller, sessionId: string): SessionCaller {
  if (caller.kind !== 'session' || caller.sessionId !== sessionId) throw sessionUnknown(sessionId);
  return caller;
}

/** Says whether a caller may see a session. One of another tenant is not there at all. */
export class SessionAccess {
  readonly #parts: SessionAccessParts;

  constructor(parts: SessionAccessParts) {
    this.#parts = parts;
  }

  /** Throws Problem SESSION_UNKNOWN. A token is bound to its session; a key sees those of its tenant. */
  async check(caller: Caller, sessionId: string): Promise<void> {
    if (caller.kind === 'session') {
      ownSession(caller, sessionId);
      return;
    }
    const { outcomes, readModel, pending } = this.#parts;
    const recent = outcomes.recent(sessionId);
    if (recent?.record.type === 'SessionStarted' && recent.meta.tenantId === caller.tenantId) return;
    if (recent === undefined && pending.has(sessionId, caller.tenantId)) return;
    const session = await readModel.session(caller.tenantId, sessionId);
    if (session?.status !== 'started') throw sessionUnknown(sessionId);
  }
}
