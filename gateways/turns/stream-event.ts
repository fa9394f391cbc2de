import type { Decoded } from '../../infra/kafka/envelope.ts';
import type { ConversationEvent as StoredEvent } from '../../projections/events/queries.ts';
import { fullNames, type RecordName, type RecordOf } from '../../schemas/generated/records.ts';
import { isoOf } from '../../schemas/instant.ts';
import { decisionBody, decisionFromWire } from '../shared/schemas.ts';

/** Names of conversation events as streams show them. `ConversationOpened` is no part of a turn and is not shown. */
export const streamNames = {
  ConversationOpened: null,
  TurnQueued: 'turn.queued',
  TurnStarted: 'turn.started',
  TurnDelta: 'turn.delta',
  TurnCompleted: 'turn.completed',
  TurnFailed: 'turn.failed',
  TurnRefused: 'turn.refused',
} as const satisfies Partial<Record<RecordName, string | null>>;

export type ConversationRecord = RecordOf<keyof typeof streamNames>;
export type StreamName = NonNullable<(typeof streamNames)[keyof typeof streamNames]>;

/** One event of a session's conversation, from the log or from the read model alike: as much as streams need to know. */
export interface StreamEvent {
  readonly sessionId: string;
  /** Null for `ConversationOpened`, as are `name` and `frame`. */
  readonly turnId: string | null;
  readonly name: StreamName | null;
  /** Dense from 1 within the session. */
  readonly sequence: number;
  /** Its text on the wire. Thousands of events are kept, and a text is what the garbage collector has least to do with. */
  readonly frame: string | null;
}

interface Told extends Omit<StreamEvent, 'frame'> {
  readonly eventId: string;
  /** RFC 3339. */
  readonly at: string;
  /** What else it says, in the names of the wire. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A Server-Sent Event, as the HTML standard describes its text. JSON has no raw line breaks, so one data line is enough. */
export function streamEvent({ eventId, sessionId, turnId, name, sequence, at, payload }: Told): StreamEvent {
  const data = { event_id: eventId, session_id: sessionId, turn_id: turnId, sequence, at, ...payload };
  const frame = name === null ? null : `id: ${sequence}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
  return { sessionId, turnId, name, sequence, frame };
}

export const endings: ReadonlySet<string | null> = new Set(['turn.completed', 'turn.failed', 'turn.refused']);

export const isConversation = (event: Decoded): event is Decoded & { readonly record: ConversationRecord } =>
  Object.hasOwn(streamNames, event.record.type);

/** Drift of the records fails to compile here. */
function payloadOf(record: ConversationRecord): Readonly<Record<string, unknown>> {
  switch (record.type) {
    case 'ConversationOpened':
      return {};
    case 'TurnQueued': {
      const { position, prompt, model } = record.data;
      return { position, prompt, model };
    }
    case 'TurnStarted': {
      const { prompt, model } = record.data;
      return { prompt, model };
    }
    case 'TurnDelta': {
      const { attempt, index, text } = record.data;
      return { attempt, index, text };
    }
    case 'TurnCompleted': {
      const { text, modelId, finishReason, tokensConsumed, latencyMs } = record.data;
      return {
        text,
        model_id: modelId,
        finish_reason: finishReason,
        tokens_consumed: tokensConsumed,
        latency_ms: latencyMs,
      };
    }
    case 'TurnFailed': {
      const { code, detail } = record.data;
      return { code, detail };
    }
    case 'TurnRefused': {
      const { code, detail, decision } = record.data;
      return { code, detail, decision: decisionBody(decision) };
    }
  }
}

export function fromLog({
  record,
  meta,
}: {
  readonly record: ConversationRecord;
  readonly meta: Decoded['meta'];
}): StreamEvent {
  return streamEvent({
    eventId: meta.id,
    sessionId: record.data.sessionId,
    turnId: 'turnId' in record.data ? record.data.turnId : null,
    name: streamNames[record.type],
    sequence: record.data.sequence,
    at: isoOf(meta.timeMs),
    payload: payloadOf(record),
  });
}

/** Fields of each event that a stream shows beside the common ones; the same as `payloadOf` gives. */
const shown: Readonly<Record<StreamName, readonly string[]>> = {
  'turn.queued': ['position', 'prompt', 'model'],
  'turn.started': ['prompt', 'model'],
  'turn.delta': ['attempt', 'index', 'text'],
  'turn.completed': ['text', 'model_id', 'finish_reason', 'tokens_consumed', 'latency_ms'],
  'turn.failed': ['code', 'detail'],
  'turn.refused': ['code', 'detail', 'decision'],
};

const namesByFullName = new Map<string, StreamName | null>(
  Object.entries(streamNames).map(([record, name]) => [fullNames[record as keyof typeof streamNames], name]),
);

export function fromReadModel(event: StoredEvent): StreamEvent {
  const { data } = event;
  const name = namesByFullName.get(event.type) ?? null;
  const payload = Object.fromEntries((name === null ? [] : shown[name]).map((field) => [field, data[field]]));
  if (name === 'turn.refused') payload['decision'] = decisionFromWire(data['decision']);
  return streamEvent({
    eventId: event.eventId,
    sessionId: String(data['session_id']),
    turnId: name === null ? null : String(data['turn_id']),
    name,
    sequence: event.sequence,
    at: event.at.toISOString(),
    payload,
  });
}
