import { type StartSession, startSession } from '../../schemas/generated/records.ts';
import type { CommandEnvelope } from '../shared/log/command-appender.ts';
import type { Outcome } from '../shared/log/outcomes.ts';
import { Problem } from '../shared/problems/problem.ts';
import type { GatewayServices } from '../shared/services.ts';
import { within } from '../shared/within.ts';
import { commandOf, type StartRequest } from './start-command.ts';
import { fromOutcome, fromReadModel, isStopped, type StartResult } from './start-result.ts';

const POLL_FIRST_MS = 100;
/** The read model is asked as a help, never as a condition. */
const READ_MODEL_TIMEOUT_MS = 500;

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
    const stopped = known !== null && isStopped(known) ? known.decision.decision_id : null;
    // What a kill switch refused is asked again as a command of its own: the first one was decided, and stays so.
    const id = stopped === null ? identity.commandId : identity.partId(`after/${stopped}`);
    const result =
      known !== null && stopped === null
        ? known
        : await this.#ask(command, request, { id, tenantId: caller.tenantId, traceparent }, waitMs, stopped);
    if (result !== null && result.requestDigest !== command.requestDigest)
      throw new Problem('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key came with another body before');
    return result;
  }

  async #ask(
    data: StartSession,
    { identity, caller }: StartRequest,
    envelope: CommandEnvelope,
    waitMs: number,
    stopped: string | null,
  ): Promise<StartResult | null> {
    const { outcomes, commands, pending, metrics } = this.#services;
    if (waitMs === 0) {
      await commands.append(startSession(data), envelope);
      pending.add(data.sessionId, caller.tenantId);
      return null;
    }
    const waiting = outcomes.expect(data.sessionId, waitMs);
    try {
      await commands.append(startSession(data), envelope);
      const since = performance.now();
      const told = identity.repeatable
        ? await this.#either(waiting.outcome, caller.tenantId, data.sessionId, waitMs, stopped)
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
    stopped: string | null,
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
      if (told !== null && told.decision.decision_id !== stopped) return told;
    }
    return heard === undefined || heard === null ? null : fromOutcome(heard);
  }

  async #known(tenantId: string, sessionId: string): Promise<StartResult | null> {
    const recent = this.#services.outcomes.recent(sessionId);
    if (recent !== undefined) return fromOutcome(recent);
    // Without its read model a gateway still starts sessions; the log tells a repeated command from a new one.
    const asking = this.#services.readModel.session(tenantId, sessionId);
    const view = await within(asking, READ_MODEL_TIMEOUT_MS, () => new Error('late')).catch(() => undefined);
    return view === undefined ? null : fromReadModel(view);
  }
}
