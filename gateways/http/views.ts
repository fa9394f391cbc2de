import type { z } from 'zod';
import type { AuditView, SessionDetail, SessionView, StoredEvent, TurnView } from '../shared/read-model.ts';
import { decisionFromWire } from '../shared/schemas.ts';
import type { auditBody, eventBody, sessionBody, sessionSummary } from './schemas.ts';

const instant = (date: Date | null): string | null => date?.toISOString() ?? null;

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

const turnOf = (view: TurnView): z.infer<typeof sessionBody>['turns'][number] => ({
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
  queued_at: instant(view.queuedAt),
  started_at: instant(view.startedAt),
  ended_at: instant(view.endedAt),
});

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

export const eventOf = (event: StoredEvent): z.infer<typeof eventBody> => ({
  event_id: event.eventId,
  stream_id: event.streamId,
  stream_version: event.streamVersion,
  type: event.type,
  data: event.data,
  metadata: event.metadata,
  topic: event.topic,
  partition: event.partition,
  offset: event.offset,
  at: event.at.toISOString(),
  appended_at: event.appendedAt.toISOString(),
});

export const auditOf = (audit: AuditView): z.infer<typeof auditBody> => ({
  audit_id: audit.auditId,
  subject_id: audit.subjectId,
  event_id: audit.eventId,
  event_type: audit.eventType,
  topic: audit.topic,
  partition: audit.partition,
  offset: audit.offset,
  correlation_id: audit.correlationId,
  causation_id: audit.causationId,
  at: audit.at.toISOString(),
  value_sha256: audit.valueSha256,
  summary: audit.summary,
});

/** A session that was asked for and has no outcome yet. */
export const pendingSession = (sessionId: string): z.infer<typeof sessionBody> => ({
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
