import { codeOf, messageOf } from '../../infra/kit/errors.ts';
import { cancelTurn } from '../../schemas/generated/records.ts';
import { placeOfCommand } from '../shared/command/place.ts';
import { identityOf } from '../shared/idempotency.ts';
import type { KnownOutcome } from '../shared/log/outcomes.ts';
import { defaultsOf, sessionRefusal } from '../shared/personas.ts';
import { Problem } from '../shared/problems/problem.ts';
import type { GatewayServices } from '../shared/services.ts';
import { type ChatRequest, chatCommand, personaIn } from './chat-command.ts';
import type { ChunkHead } from './chunks.ts';
import { type CompletionEnd, type CompletionPart, completionOf, endOf } from './completion.ts';
import { TurnWatch, type WatchedTurn } from './turn-watch.ts';

/** Services of the route. */
export type ChatServices = Pick<
  GatewayServices,
  'sender' | 'tail' | 'tables' | 'models' | 'partitions' | 'metrics' | 'credentialStatus' | 'streamLimits' | 'logger'
>;

/** Longest wait for a completion. A turn ends by itself before: five minutes after its start. */
const COMPLETION_MS_MAX = 330_000;

/** A request for a completion, with its trace. */
export interface ChatAsked extends ChatRequest {
  readonly traceparent: string;
}

/** The running turn of a completion. `close` must be called: it cancels a turn that has not ended. */
export interface StartedTurn {
  readonly head: ChunkHead;
  /** Yields the answer. Rejects with the Problem of a failure, and of a completion that was cut from outside. */
  parts(): AsyncGenerator<CompletionPart>;
  /** Resolves with the end of the answer, of any attempt of the model. Rejects like `parts`. Call only one of the two. */
  whole(): Promise<CompletionEnd>;
  close(): void;
}

/** Starts sessions of one turn, and watches and cancels their turns. */
export class ChatTurns {
  readonly #services: ChatServices;
  readonly #watch: TurnWatch;

  constructor(services: ChatServices) {
    this.#services = services;
    this.#watch = new TurnWatch(services.tail);
  }

  /**
   * Resolves with the turn when its session has started. Rejects with the Problem of a refusal, and with SLM_TIMEOUT when
   * nothing is known of it for five minutes. `gone` aborts when the caller no longer waits for the answer.
   */
  async start(asked: ChatAsked, gone: AbortSignal): Promise<StartedTurn> {
    const { caller, identity, model, requestDigest, traceparent } = asked;
    const turnId = identity.partId('turn');
    const { tenantId } = caller;
    const { tables } = this.#services;
    const named = { tables, tenantId, persona: personaIn(asked.body) };
    const turn = this.#watch.begin(turnId);
    try {
      const { outcome } = await this.#services.sender.send({
        ...{ tenantId, identity, requestDigest, traceparent },
        outcomes: ['SessionStarted', 'SessionRefused'],
        make: () => chatCommand(asked, defaultsOf(tables, tenantId, named.persona)),
        place: (command) => placeOfCommand(command, caller, tenantId, this.#services.partitions),
        waitMs: COMPLETION_MS_MAX,
      });
      const started = startedOf(outcome, named);
      const head = {
        ...{ id: `chatcmpl-${identity.subjectId}`, model: model.shown },
        created: Math.floor(started.timeMs / 1_000),
      };
      return this.#running(turn, asked, started, head, gone);
    } catch (error) {
      this.#watch.end(turnId, turn);
      throw error;
    }
  }

  #running(
    turn: WatchedTurn,
    asked: ChatAsked,
    started: KnownOutcome,
    head: ChunkHead,
    gone: AbortSignal,
  ): StartedTurn {
    const signal = AbortSignal.any([gone, AbortSignal.timeout(COMPLETION_MS_MAX)]);
    const ended = (): Problem =>
      gone.aborted
        ? new Problem('SHUTTING_DOWN', 'The request was ended before its answer was complete')
        : new Problem('SLM_TIMEOUT', 'The answer was not complete in time');
    return {
      head,
      parts: () => completionOf(turn, signal, ended),
      whole: () => endOf(turn, signal, ended),
      close: () => {
        this.#watch.end(asked.identity.partId('turn'), turn);
        if (!turn.hasEnded) void this.#cancel(asked, started);
      },
    };
  }

  /** Cancels a turn; its model stops, and what it has used is metered. */
  async #cancel({ caller, identity, traceparent }: ChatAsked, { place }: KnownOutcome): Promise<void> {
    const { sender, logger } = this.#services;
    const { tenantId, principal } = caller;
    const turnId = identity.partId('turn');
    try {
      await sender.send({
        ...{ tenantId, requestDigest: '', traceparent, outcomes: [], waitMs: 0 },
        identity: identityOf(caller, { operationId: 'cancelTurn', tenantId, params: { turnId } }, undefined),
        make: () => cancelTurn({ sessionId: identity.subjectId, turnId, principal, reason: 'CLIENT_GONE' }),
        place: () => place,
      });
    } catch (error) {
      logger.warn(
        { code: codeOf(error), err: messageOf(error), turnId },
        'a turn could not be cancelled; it runs to its end',
      );
    }
  }
}

/** Returns the outcome of a session that started. Throws the Problem of any other outcome. */
function startedOf(outcome: KnownOutcome | null, named: Parameters<typeof sessionRefusal>[1]): KnownOutcome {
  if (outcome === null) throw new Problem('SLM_TIMEOUT', 'The session was not decided in time');
  if (outcome.record.type !== 'SessionRefused') return outcome;
  throw sessionRefusal(outcome.record.data, named);
}
