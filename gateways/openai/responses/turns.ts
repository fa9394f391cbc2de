import { codeOf, messageOf } from '../../../infra/kit/errors.ts';
import { responseRows } from '../../../projections/responses/queries.ts';
import { cancelTurn, type FinishReason } from '../../../schemas/generated/records.ts';
import type { Caller } from '../../shared/auth/caller.ts';
import { placeOfCommand } from '../../shared/command/place.ts';
import { identityOf } from '../../shared/idempotency.ts';
import type { KnownOutcome } from '../../shared/log/outcomes.ts';
import { defaultsOf, sessionRefusal } from '../../shared/personas.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { policyProblem } from '../../shared/problems/shortfall.ts';
import type { GatewayServices } from '../../shared/services.ts';
import type { LiveTexts } from '../../turns/live-texts.ts';
import { completionOf } from '../completion.ts';
import { TurnWatch, type WatchedTurn } from '../turn-watch.ts';
import { type AskedResponse, personaOf, responseCommand, shownParameters } from './command.ts';
import { endOfRow, type ResponseEnd, type ResponseView } from './view.ts';

/** Services of the routes. */
export type ResponseServices = Pick<
  GatewayServices,
  | 'sender'
  | 'tail'
  | 'tables'
  | 'models'
  | 'partitions'
  | 'metrics'
  | 'credentialStatus'
  | 'streamLimits'
  | 'logger'
  | 'readModel'
  | 'config'
>;

/** Longest wait for a response. A turn ends by itself before: five minutes after its start. */
const RESPONSE_MS_MAX = 330_000;
/** Time between two looks at the read model, for a turn that ended before it was watched. */
const LOOK_MS = 1_000;
/** Longest wait for the read model to show an end, and time between two looks. */
const SHOWN_MS_MAX = 3_000;
const SHOWN_LOOK_MS = 25;

/** A response whose turn runs, or has ended. */
export interface RunningResponse {
  readonly view: ResponseView;
  /** Yields the text, then the end. Rejects with the Problem of a request that was ended from outside. */
  parts(): AsyncGenerator<string | ResponseEnd>;
  close(): void;
}

/** Starts the turns of responses, follows and cancels them. */
export class ResponseTurns {
  readonly #services: ResponseServices;
  readonly #watch: TurnWatch;
  readonly #texts: LiveTexts;

  /** @param texts answers of running turns so far, for a stream that begins in the middle of one. */
  constructor(services: ResponseServices, texts: LiveTexts) {
    this.#services = services;
    this.#watch = new TurnWatch(services.tail);
    this.#texts = texts;
  }

  /** Resolves with the response when its turn was accepted. Rejects with the Problem of a refusal. */
  async start(asked: AskedResponse, gone: AbortSignal): Promise<RunningResponse> {
    const { caller, identity, requestDigest, traceparent, conversation } = asked;
    const { tenantId } = caller;
    const { sender, tables, partitions } = this.#services;
    const named = { tables, tenantId, persona: personaOf(asked) };
    const turnId = identity.partId('turn');
    const turn = this.#watch.begin(turnId);
    try {
      const { outcome } = await sender.send({
        ...{ tenantId, identity, requestDigest, traceparent, waitMs: RESPONSE_MS_MAX },
        outcomes: conversation === null ? ['SessionStarted', 'SessionRefused'] : ['TurnQueued', 'TurnRefused'],
        make: () => responseCommand(asked, defaultsOf(tables, tenantId, named.persona)),
        place: (command) => conversation?.place ?? placeOfCommand(command, caller, tenantId, partitions),
      });
      const view = startedView(asked, acceptedOf(outcome, named));
      const running = this.#follow(view, turn, gone);
      const isForeground = !view.background;
      return {
        ...running,
        close: () => {
          running.close();
          if (isForeground && !turn.hasEnded)
            void this.cancel(caller, view, outcome?.place ?? null, 'CLIENT_GONE', traceparent);
        },
      };
    } catch (error) {
      this.#watch.end(turnId, turn);
      throw error;
    }
  }

  /** Follows the turn of a response that was started elsewhere. Its text so far comes first. */
  follow(tenantId: string, view: ResponseView, gone: AbortSignal): RunningResponse {
    if (view.end !== null) return endedResponse(view, view.end);
    const turn = this.#watch.begin(view.turnId);
    const known = this.#texts.of(view.sessionId)?.facts;
    if (known?.turnId === view.turnId) turn.push({ kind: 'text', ...known });
    const look = setInterval(() => void this.#look(tenantId, view, turn), LOOK_MS);
    const running = this.#follow(view, turn, gone);
    return {
      ...running,
      close: () => {
        clearInterval(look);
        running.close();
      },
    };
  }

  /** Cancels the turn of a response; its model stops, and what it has used is metered. */
  async cancel(
    caller: Caller,
    { sessionId, turnId }: Pick<ResponseView, 'sessionId' | 'turnId'>,
    place: string | null,
    reason: string,
    traceparent: string,
  ): Promise<void> {
    const { sender, logger } = this.#services;
    const { tenantId, principal } = caller;
    try {
      await sender.send({
        ...{ tenantId, requestDigest: '', traceparent, outcomes: [], waitMs: 0 },
        identity: identityOf(caller, { operationId: 'cancelTurn', tenantId, params: { turnId } }, undefined),
        make: () => cancelTurn({ sessionId, turnId, principal, reason }),
        place: () => place,
      });
    } catch (error) {
      logger.warn({ code: codeOf(error), err: messageOf(error), turnId }, 'a response could not be cancelled');
    }
  }

  /** Resolves once the read model shows the end of a response, so that the next request can continue it; after 3 s at the latest. */
  async shownEnd(tenantId: string, turnId: string): Promise<ResponseEnd | null> {
    const until = performance.now() + SHOWN_MS_MAX;
    for (;;) {
      const row = await this.#services.readModel.row(tenantId, responseRows, turnId).catch(() => undefined);
      const end = row === undefined ? null : endOfRow(row);
      if (end !== null || performance.now() > until) return end;
      await new Promise((resolve) => setTimeout(resolve, SHOWN_LOOK_MS));
    }
  }

  #follow(view: ResponseView, turn: WatchedTurn, gone: AbortSignal): RunningResponse {
    const signal = AbortSignal.any([gone, AbortSignal.timeout(RESPONSE_MS_MAX)]);
    const ended = (): Problem =>
      gone.aborted
        ? new Problem('SHUTTING_DOWN', 'The request was ended before its answer was complete')
        : new Problem('SLM_TIMEOUT', 'The answer was not complete in time');
    async function* parts(): AsyncGenerator<string | ResponseEnd> {
      try {
        for await (const part of completionOf(turn, signal, ended))
          yield part.kind === 'text' ? part.text : { ...part.data, kind: 'completed' };
      } catch (error) {
        const failed = turn.failure;
        if (failed === null) throw error;
        yield { kind: 'failed', code: failed.code, detail: failed.detail };
      }
    }
    return { view, parts, close: () => this.#watch.end(view.turnId, turn) };
  }

  async #look(tenantId: string, view: ResponseView, turn: WatchedTurn): Promise<void> {
    const row = await this.#services.readModel.row(tenantId, responseRows, view.turnId).catch(() => undefined);
    const end = row === undefined ? null : endOfRow(row);
    if (end === null || turn.hasEnded) return;
    if (end.kind === 'failed') turn.push(end);
    else if (end.refusal !== null)
      turn.push({ kind: 'refused', detail: end.refusal, tokensConsumed: end.tokensConsumed });
    else turn.push({ kind: 'completed', data: { ...end, finishReason: end.finishReason as FinishReason } });
  }
}

/** Returns a response that has ended already. */
const endedResponse = (view: ResponseView, end: ResponseEnd): RunningResponse => ({
  view,
  async *parts() {
    if (end.kind === 'completed' && end.text !== '') yield end.text;
    yield end;
  },
  close: () => undefined,
});

/** Returns the outcome of a turn that was accepted. Throws the Problem of any other outcome. */
function acceptedOf(outcome: KnownOutcome | null, named: Parameters<typeof sessionRefusal>[1]): KnownOutcome {
  switch (outcome?.record.type) {
    case undefined:
      throw new Problem('SLM_TIMEOUT', 'The request was not decided in time');
    case 'SessionRefused':
      throw sessionRefusal(outcome.record.data, named);
    case 'TurnRefused':
      throw policyProblem(outcome.record.data, { session_id: outcome.record.data.sessionId });
    default:
      return outcome as KnownOutcome;
  }
}

const startedView = (asked: AskedResponse, { timeMs }: KnownOutcome): ResponseView => ({
  turnId: asked.identity.partId('turn'),
  sessionId: asked.conversation?.session_id ?? asked.identity.subjectId,
  createdAt: Math.floor(timeMs / 1_000),
  completedAt: null,
  status: asked.body.background === true ? 'queued' : 'in_progress',
  previousTurnId: asked.previousTurnId,
  inConversation: asked.conversation !== null,
  stored: asked.body.store !== false,
  background: asked.body.background === true,
  items: asked.items,
  parameters: shownParameters(asked),
  end: null,
});
