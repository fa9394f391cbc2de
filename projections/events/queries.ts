import { type AnyRecord, fullNames, type RecordName } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import type { Meta } from '../../streams/kernel.ts';
import { cursorInstant, decodeCursor, type Page, pageOf, type Sql } from '../sql.ts';
import { recordFromWire, wireData } from '../wire.ts';
import { streamIdOf } from './projection.ts';

export interface StoredEvent {
  readonly eventId: string;
  readonly streamId: string;
  readonly streamVersion: number;
  readonly subjectId: string;
  /** Full name of the record, such as `khipu.sessions.SessionStarted`. */
  readonly type: string;
  /** Field names as on the wire. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly at: Date;
  readonly appendedAt: Date;
}

export interface ConversationEvent extends StoredEvent {
  readonly sequence: number;
}

/** The next offset that a read model has not applied yet. */
export interface ReadPosition {
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: number;
}

/**
 * Returns all streams of a session (or of an inference request) in log order. Events of other topics that reach the
 * read model late may be inserted before a cursor: read again once the session is idle. Throws CursorError.
 */
export async function listEvents(
  sql: Sql,
  tenantId: string,
  subjectId: string,
  { limit, cursor }: { readonly limit: number; readonly cursor: string | null },
): Promise<Page<StoredEvent>> {
  const [at, topic, partition, offset] = cursor === null ? [0, '', 0, 0] : decodeCursor(cursor, [0, '', 0, 0]);
  const rows = await sql<StoredEvent[]>`
    SELECT event_id AS "eventId", stream_id AS "streamId", stream_version::float8 AS "streamVersion",
           subject_id AS "subjectId", type, data, metadata, topic, partition, "offset"::float8 AS "offset", at,
           appended_at AS "appendedAt"
    FROM khipu.events
    WHERE tenant_id = ${tenantId} AND subject_id = ${subjectId}
      AND (appended_at, topic, partition, "offset") > (${cursorInstant(at)}::timestamptz, ${topic}, ${partition}::bigint, ${offset}::bigint)
    ORDER BY appended_at, topic, partition, "offset"
    LIMIT ${limit + 1}`;
  return pageOf(rows, limit, (event) => [event.appendedAt.getTime(), event.topic, event.partition, event.offset]);
}

/** Returns the stored events among these ids, in no order. An event outside of the eventstore is left out. */
export async function eventsByIds(sql: Sql, tenantId: string, ids: readonly string[]): Promise<readonly StoredEvent[]> {
  return sql<StoredEvent[]>`
    SELECT event_id AS "eventId", stream_id AS "streamId", stream_version::float8 AS "streamVersion",
           subject_id AS "subjectId", type, data, metadata, topic, partition, "offset"::float8 AS "offset", at,
           appended_at AS "appendedAt"
    FROM khipu.events
    WHERE tenant_id = ${tenantId} AND event_id = ANY(${[...ids]}::uuid[])`;
}

/** A record of the log with its metadata, as a gateway reads it. */
interface LiveEvent {
  readonly record: AnyRecord;
  readonly meta: Pick<
    Meta,
    | 'id'
    | 'key'
    | 'topic'
    | 'partition'
    | 'offset'
    | 'timeMs'
    | 'place'
    | 'correlationId'
    | 'causationId'
    | 'simulation'
  >;
}

/** Returns a record of the log as the event that the eventstore will have; its version is 0, as the log has none. */
export const liveEvent = ({ record, meta }: LiveEvent): StoredEvent => ({
  ...{ eventId: meta.id, streamId: streamIdOf(meta.topic, meta.key), streamVersion: 0, subjectId: meta.key },
  ...{ type: fullNames[record.type], data: wireData(record) },
  metadata: {
    ce_correlationid: meta.correlationId,
    ce_causationid: meta.causationId,
    ...(meta.place !== null && { khipu_place: meta.place }),
    ...(meta.simulation !== undefined && { ce_simulation: meta.simulation }),
  },
  ...{ topic: meta.topic, partition: meta.partition, offset: meta.offset },
  ...{ at: new Date(meta.timeMs), appendedAt: new Date(meta.timeMs) },
});

/** The events of one key of a topic, in the order of their partition. */
export interface StreamSlice {
  /** In order of `streamVersion`; at most `limit`. */
  readonly events: readonly StoredEvent[];
  /** Read position of the eventstore in the topic, one per partition, taken in the same snapshot. */
  readonly positions: readonly ReadPosition[];
}

/** Returns the events of a key of a topic after version `afterVersion`, and the read positions in that topic. */
export async function listStream(
  sql: Sql,
  tenantId: string,
  { topic, key, afterVersion, limit }: { topic: string; key: string; afterVersion: number; limit: number },
): Promise<StreamSlice> {
  // One statement is one snapshot, in any transaction. The left join keeps the positions when no event matches.
  const rows = await sql<(ReadPosition & { readonly events: readonly EventJson[] | null })[]>`
    WITH slice AS (
      SELECT event_id AS "eventId", stream_id AS "streamId", stream_version AS "streamVersion",
             subject_id AS "subjectId", type, data, metadata, topic, partition, "offset", at, appended_at AS "appendedAt"
      FROM khipu.events
      WHERE tenant_id = ${tenantId} AND stream_id = ${streamIdOf(topic, key)} AND stream_version > ${afterVersion}::bigint
      ORDER BY stream_version
      LIMIT ${limit}
    )
    SELECT p.topic, p.partition, p.next_offset::float8 AS "nextOffset",
           (SELECT json_agg(s.* ORDER BY s."streamVersion") FROM slice s WHERE s.partition = p.partition) AS events
    FROM khipu.projection_positions p
    WHERE p.view = 'events' AND p.topic = ${topic}
    ORDER BY p.partition`;
  const events = rows.flatMap(({ events }) => events ?? []).map(fromJson);
  return {
    events: events.sort((a, b) => a.streamVersion - b.streamVersion),
    positions: rows.map(({ topic, partition, nextOffset }) => ({ topic, partition, nextOffset })),
  };
}

/** An event that a command led to, read back as the record that it was. */
export interface StoredOutcome {
  readonly record: AnyRecord;
  readonly eventId: string;
  /** `khipu_place`; null outside of sessions and requests. */
  readonly place: string | null;
  /** `ce_requestdigest`; null for a command of no HTTP request. */
  readonly requestDigest: string | null;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Time of the command, ms since 1970. */
  readonly timeMs: number;
}

/**
 * Returns the first event of one of the types in the chain that a command began, or undefined while the eventstore has
 * none.
 */
export async function firstOutcome(
  sql: Sql,
  tenantId: string,
  { commandId, types }: { readonly commandId: string; readonly types: readonly RecordName[] },
): Promise<StoredOutcome | undefined> {
  const [row] = await sql<StoredEvent[]>`
    SELECT event_id AS "eventId", type, data, metadata, topic, partition, "offset"::float8 AS "offset", at
    FROM khipu.events
    WHERE metadata ->> 'ce_correlationid' = ${commandId} AND tenant_id = ${tenantId}
      AND type = ANY(${types.map((type) => fullNames[type])}::text[])
    ORDER BY appended_at, topic, partition, "offset"
    LIMIT 1`;
  return row === undefined ? undefined : outcomeOf(row);
}

/** Reads a stored event back as an outcome. */
export const outcomeOf = ({
  type,
  data,
  eventId,
  metadata,
  topic,
  partition,
  offset,
  at,
}: StoredEvent): StoredOutcome => ({
  record: recordFromWire(type, data),
  eventId,
  place: metadata['khipu_place'] ?? null,
  requestDigest: metadata['ce_requestdigest'] ?? null,
  ...{ topic, partition, offset },
  timeMs: at.getTime(),
});

export interface ConversationSlice {
  /** In order of `sequence`; at most `limit`. */
  readonly events: readonly ConversationEvent[];
  /**
   * Read position of the eventstore in `conversation.events`, one per partition, taken in the same snapshot: an event
   * of the session that is not in the read model has an offset of `nextOffset` or higher.
   */
  readonly positions: readonly ReadPosition[];
}

/**
 * Returns the conversation of a session after `afterSequence`, for a stream that resumes: first these events, then the
 * log from `positions`.
 */
export async function listConversationEvents(
  sql: Sql,
  tenantId: string,
  sessionId: string,
  { afterSequence, limit }: { readonly afterSequence: number; readonly limit: number },
): Promise<ConversationSlice> {
  const streamId = `conversation-${sessionId}`;
  // One statement is one snapshot, in any transaction. The left join keeps the positions when no event matches.
  const rows = await sql<(ReadPosition & { readonly events: readonly EventJson<ConversationEvent>[] | null })[]>`
    WITH slice AS (
      SELECT event_id AS "eventId", stream_id AS "streamId", stream_version AS "streamVersion",
             subject_id AS "subjectId", type, sequence, data, metadata, topic, partition, "offset", at,
             appended_at AS "appendedAt"
      FROM khipu.events
      WHERE tenant_id = ${tenantId} AND stream_id = ${streamId} AND sequence > ${afterSequence}::bigint
      ORDER BY sequence
      LIMIT ${limit}
    )
    SELECT p.topic, p.partition, p.next_offset::float8 AS "nextOffset",
           (SELECT json_agg(s.* ORDER BY s.sequence) FROM slice s WHERE s.partition = p.partition) AS events
    FROM khipu.projection_positions p
    WHERE p.view = 'events' AND p.topic = ${topics.conversationEvents.name}
    ORDER BY p.partition`;
  return {
    events: rows.flatMap(({ events }) => events ?? []).map(fromJson),
    positions: rows.map(({ topic, partition, nextOffset }) => ({ topic, partition, nextOffset })),
  };
}

/** An event in JSON: its times are texts. */
type EventJson<Event extends StoredEvent = StoredEvent> = Omit<Event, 'at' | 'appendedAt'> & {
  readonly at: string;
  readonly appendedAt: string;
};

const fromJson = <Event extends StoredEvent>({ at, appendedAt, ...event }: EventJson<Event>): Event =>
  ({ ...event, at: new Date(at), appendedAt: new Date(appendedAt) }) as unknown as Event;
