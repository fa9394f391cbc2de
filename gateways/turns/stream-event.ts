import type { Decoded } from '../../infra/kafka/envelope.ts';
import { type TracedRecord, tracedOf } from '../../infra/tracing/read-spans.ts';
import type { ConversationEvent as StoredEvent } from '../../projections/events/queries.ts';
import {
  type ContentRefusal,
  fullNames,
  type RecordName,
  type RecordOf,
  type SessionRefused,
} from '../../schemas/generated/records.ts';
import { isoOf } from '../../schemas/instant.ts';
import { shortfallBody, shortfallFromWire } from '../shared/problems/shortfall.ts';
import { decisionBody, decisionFromWire } from '../shared/schemas.ts';
import { frameBody } from '../shared/stream/frame.ts';
import type { AnswerText } from './answer-text.ts';

/**
 * Stream names of the records of conversation.events. `ConversationOpened` is not part of a turn and is not shown. A turn
 * whose answer a rule cut is `turn.refused`, though its record is TurnFailed: see `nameOf`.
 */
export const streamNames = {
  ConversationOpened: null,
  TurnQueued: 'turn.queued',
  TurnStarted: 'turn.started',
  TurnCompleted: 'turn.completed',
  TurnFailed: 'turn.failed',
  TurnRefused: 'turn.refused',
} as const satisfies Partial<Record<RecordName, string | null>>;

/** A record of conversation.events. */
export type ConversationRecord = RecordOf<keyof typeof streamNames>;
/** The name of an event in a stream. */
export type StreamName = NonNullable<(typeof streamNames)[keyof typeof streamNames]>;

/** The whole answer of a completed turn, with the id and the time of its event. */
export interface WholeAnswer {
  readonly attempt: number;
  readonly text: string;
  readonly eventId: string;
  readonly at: string;
}

/** An event of a session's conversation, from the log or from the read model, with the fields that streams need. */
export interface StreamEvent {
  readonly kind: 'event';
  readonly sessionId: string;
  /** Null for `ConversationOpened`, as are `name` and `body`. */
  readonly turnId: string | null;
  readonly name: StreamName | null;
  /** Dense from 1 within the session. */
  readonly sequence: number;
  /** Text on the wire, without the id. Thousands of events are kept in memory; strings cost the garbage collector least. */
  readonly body: string | null;
  /** Only of `turn.completed`. */
  readonly answer: WholeAnswer | null;
  /** True when it ends the answer that flows: a turn that was refused before it began had none. */
  readonly endsAnswer: boolean;
  /** The record in a trace that is sampled; only of an event that this process has read from the log. */
  readonly trace?: TracedRecord;
}

/** What a stream receives of a session: events in the order of their sequence, and text between them. */
export type StreamItem = StreamEvent | AnswerText;

interface EventFacts extends Pick<StreamEvent, 'sessionId' | 'turnId' | 'name' | 'sequence'> {
  readonly eventId: string;
  /** RFC 3339. */
  readonly at: string;
  /** Further fields, with their names on the wire. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Returns an event with its Server-Sent Events frame. */
export function streamEvent({ eventId, sessionId, turnId, name, sequence, at, payload }: EventFacts): StreamEvent {
  const data = { event_id: eventId, session_id: sessionId, turn_id: turnId, sequence, at, ...payload };
  const body = name === null ? null : frameBody(name, data);
  const { attempt, text } = payload;
  const answer = name === 'turn.completed' ? { attempt: Number(attempt), text: String(text), eventId, at } : null;
  const endsAnswer = name === 'turn.completed' || name === 'turn.failed' || payload['refusal'] !== undefined;
  return { kind: 'event', sessionId, turnId, name, sequence, body, answer, endsAnswer };
}

/** Events that end a turn. */
export const endings: ReadonlySet<string | null> = new Set(['turn.completed', 'turn.failed', 'turn.refused']);

/** Returns the stream name of a record. */
const nameOf = (record: ConversationRecord): StreamName | null =>
  record.type === 'TurnFailed' && record.data.refusal !== null ? 'turn.refused' : streamNames[record.type];

/** Returns the rule that cut an answer, as a field of `turn.refused`; no field for null. */
const refusalBody = (refusal: ContentRefusal | null): Readonly<Record<string, unknown>> =>
  refusal === null
    ? {}
    : {
        refusal: {
          constitution_version: refusal.constitutionVersion,
          constitution_digest: refusal.constitutionDigest,
          finding: { ...refusal.finding },
          chars: refusal.chars,
          tokens_consumed: refusal.tokensConsumed,
        },
      };

/** Returns true for a record of conversation.events. */
export const isConversation = (event: Decoded): event is Decoded & { readonly record: ConversationRecord } =>
  Object.hasOwn(streamNames, event.record.type);

/** Returns the further fields of a record. A changed record fails to compile here. */
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
    case 'TurnCompleted': {
      const { attempt, text, modelId, finishReason, tokensConsumed, latencyMs } = record.data;
      return {
        attempt,
        text,
        model_id: modelId,
        finish_reason: finishReason,
        tokens_consumed: tokensConsumed,
        latency_ms: latencyMs,
      };
    }
    case 'TurnFailed': {
      const { code, detail, refusal } = record.data;
      return { code, detail, ...refusalBody(refusal) };
    }
    case 'TurnRefused': {
      const { code, detail, decision, shortfall } = record.data;
      return { code, detail, decision: decisionBody(decision), ...shortfallBody(shortfall) };
    }
  }
}

/** Returns the stream event of a record in the log. */
export function fromLog({
  record,
  meta,
}: {
  readonly record: ConversationRecord;
  readonly meta: Decoded['meta'];
}): StreamEvent {
  const event = streamEvent({
    eventId: meta.id,
    sessionId: record.data.sessionId,
    turnId: 'turnId' in record.data ? record.data.turnId : null,
    name: nameOf(record),
    sequence: record.data.sequence,
    at: isoOf(meta.timeMs),
    payload: payloadOf(record),
  });
  return { ...event, ...tracedOf(meta) };
}

/** Returns the event of a start that was refused. It has no turn, and only the stream of its tenant shows it. */
export function refusedStart(
  { sessionId, code, detail, decision }: SessionRefused,
  { id, timeMs }: Decoded['meta'],
): StreamEvent {
  const data = {
    ...{ event_id: id, session_id: sessionId, at: isoOf(timeMs), code, detail },
    decision: decisionBody(decision),
  };
  const body = frameBody('session.refused', data);
  return { kind: 'event', sessionId, turnId: null, name: null, sequence: 0, body, answer: null, endsAnswer: false };
}

/** Further fields of each event; the same as those of `payloadOf`. */
const shown: Readonly<Record<StreamName, readonly string[]>> = {
  'turn.queued': ['position', 'prompt', 'model'],
  'turn.started': ['prompt', 'model'],
  'turn.completed': ['attempt', 'text', 'model_id', 'finish_reason', 'tokens_consumed', 'latency_ms'],
  'turn.failed': ['code', 'detail'],
  'turn.refused': ['code', 'detail', 'decision'],
};

const namesByFullName = new Map<string, StreamName | null>(
  Object.entries(streamNames).map(([record, name]) => [fullNames[record as keyof typeof streamNames], name]),
);

/** Returns the stream event of a stored event; equal to `fromLog` of its record. */
export function fromReadModel(event: StoredEvent): StreamEvent {
  const { data } = event;
  const recorded = namesByFullName.get(event.type) ?? null;
  const isCut = recorded === 'turn.failed' && (data['refusal'] ?? null) !== null;
  const name = isCut ? 'turn.refused' : recorded;
  const payload = Object.fromEntries((recorded === null ? [] : shown[recorded]).map((field) => [field, data[field]]));
  if (isCut) Object.assign(payload, { refusal: data['refusal'] });
  else if (name === 'turn.refused')
    Object.assign(payload, { decision: decisionFromWire(data['decision']) }, shortfallFromWire(data['shortfall']));
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
