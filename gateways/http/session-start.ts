import { type StartSession, startSession } from '../../schemas/generated/records.ts';
import { type ApiKeyCaller, covers } from '../shared/auth/caller.ts';
import { digestOf, type Identity } from '../shared/idempotency.ts';
import type { Outcome } from '../shared/log/outcomes.ts';
import { Problem } from '../shared/problems/problem.ts';
import type { SessionView } from '../shared/read-model.ts';
import { type DecisionBody, decisionBody, decisionFromWire } from '../shared/schemas.ts';
import type { GatewayServices } from '../shared/services.ts';
import type { StartSessionBody } from './schemas.ts';

/** What became of a start, whether the log or the read model told. */
export type StartResult =
  | {
      readonly outcome: 'started';
      readonly requestDigest: string;
      readonly principal: string;
      readonly persona: string;
      readonly model: string | null;
      readonly capabilities: readonly string[];
      readonly decision: DecisionBody;
      /** Where the event stands; null when the read model told. */
      readonly place: Outcome['meta'] | null;
    }
  | {
      readonly outcome: 'refused';
      readonly requestDigest: string;
      readonly code: string;
      readonly detail: string;
      readonly decision: DecisionBody;
    };

export interface StartRequest {
  readonly caller: ApiKeyCaller;
  readonly identity: Identity;
  readonly body: StartSessionBody;
  readonly traceparent: string;
  readonly waitMs: number;
}

const POLL_FIRST_MS = 100;

/** The record that a request means. Drift of the contract fails to compile here. */
export function commandOf({ caller, identity, body }: StartRequest): StartSession {
  const missing = (body.capabilities ?? []).filter((capability) => !covers(caller.capabilities, capability));
  // Only the gateway knows what the key may do: the policy is shown what is in force, and this never would be.
  if (missing.length > 0)
    throw new Problem('CAPABILITY_MISSING', `The API key does not have ${missing.join(', ')}`, {
      errors: missing.map((capability) => ({
        in: 'body',
        pointer: `#/capabilities/${body.capabilities?.indexOf(capability)}`,
        detail: `The API key does not have ${capability}`,
      })),
    });
  return {
    sessionId: identity.subjectId,
    principal: caller.principal,
    persona: body.persona,
    capabilities: body.capabilities ?? caller.capabilities,
    model: body.model ?? null,
    metadata: body.metadata ?? {},
    turnId: body.prompt === undefined ? null : identity.partId('turn'),
    prompt: body.prompt ?? null,
    maxTokens: body.max_tokens ?? null,
    requestDigest: digestOf(body),
  };
}

function fromOutcome({ record, meta }: Outcome): StartResult | null {
  if (record.type === 'SessionStarted') {
    const { requestDigest, principal, persona, model, capabilities, decision } = record.data;
    const body = decisionBody(decision);
    return { outcome: 'started', requestDigest, principal, persona, model, capabilities, decision: body, place: meta };
  }
  if (record.type !== 'SessionRefused') return null;
  const { requestDigest, code, detail, decision } = record.data;
  return { outcome: 'refused', requestDigest, code, detail, decision: decisionBody(decision) };
}

function fromReadModel(view: SessionView): StartResult {
  const { requestDigest, principal, capabilities } = view;
  const decision = decisionFromWire(view.decision);
  if (view.status === 'refused')
    return { outcome: 'refused', requestDigest, code: view.code ?? '', detail: view.detail ?? '', decision };
  return {
    outcome: 'started',
    requestDigest,
    principal,
    persona: view.persona ?? '',
    model: view.model,
    capabilities: capabilities ?? [],
    decision,
    place: null,
  };
}

/** Appends StartSession and waits for what the log says. */
export class SessionStarts {
  readonly #services: GatewayServices;

  constructor(services: GatewayServices) {
    this.#services = services;
  }

  /** Null when there is no outcome yet. Throws Problem and LogError. */
  async start(request: StartRequest): Promise<StartResult | null> {
    const { identity, caller, traceparent, waitMs } = request;
    const command = commandOf(request);
    const known = identity.repeatable ? await this.#known(caller.tenantId, identity.subjectId) : null;
    const result =
      known ??
      (await this.#ask(command, request, { id: identity.commandId, tenantId: caller.tenantId, traceparent }, waitMs));
    if (result !== null && result.requestDigest !== command.requestDigest)
      throw new Problem('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key came with another body before');
    return result;
  }

  async #ask(
    data: StartSession,
    { identity, caller }: StartRequest,
    envelope: { id: string; tenantId: string; traceparent: string },
    waitMs: number,
  ): Promise<StartResult | null> {
    const { outcomes, commands, pending, metrics } = this.#services;
    const waiting = outcomes.expect(data.sessionId, waitMs);
    try {
      await commands.append(startSession(data), envelope);
      const since = performance.now();
      if (waitMs === 0) waiting.cancel();
      const told = identity.repeatable
        ? await this.#either(waiting.outcome, caller.tenantId, data.sessionId, waitMs)
        : await waiting.outcome.then((outcome) => (outcome === null ? null : fromOutcome(outcome)));
      const result = told === null ? 'none' : told.outcome;
      metrics.outcomeWait.observe({ record: 'StartSession', result }, (performance.now() - since) / 1000);
      if (told === null) pending.add(data.sessionId, caller.tenantId);
      return told;
    } finally {
      waiting.cancel();
    }
  }

  /** A repeated command has no outcome of its own, and the first one's may have passed before this process listened: then the read model tells. */
  async #either(
    outcome: Promise<Outcome | null>,
    tenantId: string,
    sessionId: string,
    waitMs: number,
  ): Promise<StartResult | null> {
    const stop = performance.now() + waitMs;
    let heard: Outcome | null | undefined;
    const listening = outcome.then((value) => {
      heard = value;
    });
    for (let pauseMs = POLL_FIRST_MS; heard === undefined; pauseMs *= 2) {
      await Promise.race([listening, new Promise((resolve) => setTimeout(resolve, pauseMs))]);
      if (heard !== undefined || performance.now() >= stop) break;
      const told = await this.#known(tenantId, sessionId);
      if (told !== null) return told;
    }
    return heard === undefined || heard === null ? null : fromOutcome(heard);
  }

  async #known(tenantId: string, sessionId: string): Promise<StartResult | null> {
    const recent = this.#services.outcomes.recent(sessionId);
    if (recent !== undefined) return fromOutcome(recent);
    // Without its read model a gateway still starts sessions; the log tells a repeated command from a new one.
    const view = await this.#services.readModel.session(tenantId, sessionId).catch(() => undefined);
    return view === undefined ? null : fromReadModel(view);
  }
}
