import type { z } from 'zod';
import type { SessionDetail, SessionView, TurnView } from '../../shared/read-model.ts';
import { decisionFromWire } from '../../shared/schemas.ts';
import type { sessionBody, sessionSummary } from './schemas.ts';

const instant = (date: Date | null): string | null => date?.toISOString() ?? null;

/** Returns the body of a session without its turns. */
export const sessionSummaryOf = (view: SessionView): z.infer<typeof sessionSummary> => ({
  session_id: view.sessionId,
  status: view.status,
  persona: view.persona,
  capabilities: view.capabilities === null ? null : [...view.capabilities],
  model: view.model,
  metadata: view.metadata,
  turn_count: view.turns,
  tokens_consumed: { prompt: view.tokensPrompt, completion: view.tokensCompletion },
  code: view.code,
  detail: view.detail,
  decision: decisionFromWire(view.decision),
  created_at: instant(view.createdAt),
  updated_at: instant(view.updatedAt),
});

type TurnBody = z.infer<typeof sessionBody>['turns'][number];

const turnOf = (view: TurnView): TurnBody => ({
  turn_id: view.turnId,
  status: view.status,
  prompt: view.prompt,
  text: view.text,
  model_id: view.modelId,
  finish_reason: view.finishReason,
  tokens_consumed:
    view.tokensPrompt === null || view.tokensCompletion === null
      ? null
      : { prompt: view.tokensPrompt, completion: view.tokensCompletion },
  latency_ms: view.latencyMs,
  code: view.code,
  detail: view.detail,
  decision: view.decision === null ? null : decisionFromWire(view.decision),
  recalled: view.recalled as TurnBody['recalled'],
  moderation: view.moderation as TurnBody['moderation'],
  queued_at: instant(view.queuedAt),
  started_at: instant(view.startedAt),
  ended_at: instant(view.endedAt),
});

/** Returns the body of a session with its turns and its usage. */
export const sessionOf = ({ session, turns, usage }: SessionDetail): z.infer<typeof sessionBody> => ({
  ...sessionSummaryOf(session),
  turns: turns.map(turnOf),
  usage: usage.map(({ modelId, requests, failures, tokensPrompt, tokensCompletion, cost, currency }) => ({
    model_id: modelId,
    requests,
    failures,
    tokens_consumed: { prompt: tokensPrompt, completion: tokensCompletion },
    cost,
    currency,
  })),
});

/** Returns the body of a requested session that has no outcome yet. */
export const pendingSessionOf = (sessionId: string): z.infer<typeof sessionBody> => ({
  session_id: sessionId,
  status: 'pending',
  persona: null,
  capabilities: null,
  model: null,
  metadata: null,
  turn_count: 0,
  tokens_consumed: { prompt: 0, completion: 0 },
  code: null,
  detail: null,
  decision: null,
  created_at: null,
  updated_at: null,
  turns: [],
  usage: [],
});

/** Returns the URL of the stream of a session, or of one of its turns. */
export const turnUrl = (sessionId: string, turnId: string | null): string =>
  `/v1/turn/${sessionId}${turnId === null ? '' : `?turn_id=${turnId}`}`;
