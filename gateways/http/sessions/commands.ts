import type { z } from 'zod';
import { governs } from '../../../schemas/capabilities.ts';
import { policyRefusals } from '../../../schemas/contexts/policy/refusals.ts';
import { SESSION_MS_MAX } from '../../../schemas/contexts/sessions.ts';
import { continuedTurn } from '../../../schemas/contexts/slm/messages.ts';
import { startSession, submitTurn } from '../../../schemas/generated/records.ts';
import { credentialOf, type Holder } from '../../shared/auth/caller.ts';
import { requireGranted } from '../../shared/auth/require-granted.ts';
import { accepted } from '../../shared/command/outcome.ts';
import type { Identity } from '../../shared/idempotency.ts';
import type { KnownOutcome } from '../../shared/log/outcomes.ts';
import { defaultsOf, type PersonaTables, sessionRefusal } from '../../shared/personas.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import { decisionBody, sessionFields } from '../../shared/schemas.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { ownSession } from '../../shared/session-access.ts';
import { recallIn } from '../../shared/turn-recall.ts';
import { acceptedTurn, pendingSession, sessionStartedBody, startSessionBody, submitTurnBody } from './schemas.ts';
import { turnUrl } from './views.ts';

const { command } = declare<Pick<GatewayServices, 'tokens' | 'access' | 'tables'>>();

/** Returns the end of a session, ms since 1970: a day after its start. Throws Problem SESSION_EXPIRED after that. */
function notAfter(startedAtMs: number, sessionId: string): number {
  const notAfterMs = startedAtMs + SESSION_MS_MAX;
  if (Date.now() < notAfterMs) return notAfterMs;
  throw new Problem('SESSION_EXPIRED', 'A session accepts commands for a day; start another one', {
    extensions: { session_id: sessionId },
  });
}

/** Returns the place of a session that has started. Throws when its start has none: `sessions.events` is partitioned by it. */
function placeOfStart({ place, eventId }: KnownOutcome): string {
  if (place === null) throw new Error(`the start ${eventId} has no place`);
  return place;
}

interface StartRequest {
  readonly caller: Holder;
  readonly identity: Identity;
  readonly body: z.output<typeof startSessionBody>;
  readonly requestDigest: string;
  readonly services: { readonly tables: PersonaTables };
}

/** Returns the command of a start request. */
export function startRecord({ caller, body, identity, requestDigest, services }: StartRequest) {
  const defaults = defaultsOf(services.tables, caller.tenantId, body.persona);
  return startSession({
    sessionId: identity.subjectId,
    principal: caller.principal,
    persona: body.persona,
    // Sessions do not get the governing capabilities of their key.
    capabilities: body.capabilities ?? caller.capabilities.filter((capability) => !governs(capability)),
    model: body.model ?? defaults.model,
    metadata: body.metadata ?? {},
    turnId: body.prompt === undefined ? null : identity.partId('turn'),
    prompt: body.prompt ?? null,
    maxTokens: body.max_tokens ?? defaults.maxTokens,
    requestDigest,
    labels: body.labels ?? [],
    ...continuedTurn,
    recall: recallIn(body, identity.subjectId),
  });
}

/** Route that starts a session. */
export const startSessionRoute = command({
  operationId: 'startSession',
  tag: 'sessions',
  summary: 'Start a session, with a first turn when `prompt` is set',
  description:
    'Answers with the outcome in the log: 201 with the session and its token, 403 when the policy denies it, 202 when there is no outcome in time or with `Prefer: respond-async`.',
  method: 'POST',
  url: '/v1/sessions/start',
  // Checked here because the command carries only the requested capabilities; the policy never sees those of the key.
  takes: ({ caller, body }) => requireGranted(caller.capabilities, body.capabilities ?? [], 'The caller'),
  body: startSessionBody,
  appends: ['StartSession'],
  command: startRecord,
  location: ({ identity }) => `/v1/sessions/${identity.subjectId}`,
  pending: {
    ...pendingSession,
    of: ({ identity, body }) => ({
      session_id: identity.subjectId,
      ...(body.prompt === undefined ? {} : { turn_id: identity.partId('turn') }),
    }),
  },
  whenPending: ({ identity, tenantId, services }) => services.access.expect(identity.subjectId, tenantId),
  problems: ['SESSION_EXPIRED'],
  outcomes: {
    SessionRefused: {
      kind: 'refusal',
      problems: policyRefusals,
      problem: (refused, { services: { tables }, tenantId, body: { persona } }) =>
        sessionRefusal(refused, { tables, tenantId, persona }),
    },
    SessionStarted: {
      status: 201,
      schema: sessionStartedBody,
      answer: async (
        { sessionId, principal, capabilities, persona, model, turnId, decision },
        { services, tenantId, outcome },
      ) => {
        const { token, expiresAt } = await services.tokens.mint(
          { sessionId, tenantId, place: placeOfStart(outcome), principal, capabilities, persona, model },
          { notAfterMs: notAfter(outcome.timeMs, sessionId) },
        );
        return {
          session_id: sessionId,
          ...(turnId === null ? {} : { turn_id: turnId }),
          ...{ token, token_type: 'Bearer' as const, expires_at: expiresAt },
          capabilities: [...capabilities],
          turn_url: turnUrl(sessionId, turnId),
          decision: decisionBody(decision),
        };
      },
    },
  },
});

/** Route that submits a turn. */
export const submitTurnRoute = command({
  operationId: 'submitTurn',
  tag: 'sessions',
  summary: 'Submit a turn in a session',
  description:
    'Requires the token of the session. 202 when the command is in the log; the stream at `turn_url` shows the progress and the result of the turn.',
  method: 'POST',
  url: '/v1/sessions/:session_id/turns',
  auth: 'session',
  check: ({ caller, params }) => void ownSession(caller, params.session_id),
  params: sessionFields,
  body: submitTurnBody,
  appends: ['SubmitTurn'],
  command: ({ caller, params, body, identity, services }) => {
    const { principal, capabilities, model, persona } = ownSession(caller, params.session_id);
    return submitTurn({
      sessionId: params.session_id,
      turnId: identity.subjectId,
      ...{ principal, capabilities, model, persona },
      prompt: body.prompt,
      maxTokens: body.max_tokens ?? defaultsOf(services.tables, caller.tenantId, persona).maxTokens,
      credential: credentialOf(caller),
      labels: body.labels ?? [],
      ...continuedTurn,
      recall: recallIn(body, params.session_id),
    });
  },
  // The stream reports the outcome of the turn.
  waits: 'never',
  location: ({ params, identity }) => turnUrl(params.session_id, identity.subjectId),
  pending: {
    ...acceptedTurn,
    of: ({ params, identity }) => ({
      session_id: params.session_id,
      turn_id: identity.subjectId,
      turn_url: turnUrl(params.session_id, identity.subjectId),
    }),
  },
  problems: ['SESSION_UNKNOWN'],
  outcomes: { TurnQueued: accepted, TurnStarted: accepted, TurnRefused: accepted },
});
