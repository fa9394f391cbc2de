import { topics } from '../../schemas/topics.ts';
import { cursorInstant, decodeCursor, type Page, pageOf, type Sql } from '../sql.ts';

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

/** The next offset that a read model has not applied. */
export interface ReadPosition {
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: number;
}

/**
 * All streams of a session (or of an inference request), in the order in which the log took them. Events of other topics
 * that reach the read model late may come to stand before a cursor: read again once the session is at rest.
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

export interface ConversationSlice {
  /** In order of `sequence`; at most `limit`. */
  readonly events: readonly ConversationEvent[];
  /**
   * How far the eventstore has read `conversation.events`, one a partition, in the same snapshot: an event of the session
   * that is not in the read model stands at `nextOffset` or behind it.
   */
  readonly positions: readonly ReadPosition[];
}

/** The conversation of a session behind `afterSequence`, for a stream that resumes: what stands here, then the log from `positions`. */
export async function listConversationEvents(
  sql: Sql,
  tenantId: string,
  sessionId: string,
  { afterSequence, limit }: { readonly afterSequence: number; readonly limit: number },
): Promise<ConversationSlice> {
  const streamId = `conversation-${sessionId}`;
  // One statement, hence one snapshot, whatever the transaction around it: a left join keeps the positions when no event matches.
  const rows = await sql<(ReadPosition & { readonly events: readonly ConversationEventJson[] | null })[]>`
    WITH slice AS (
      SELECT event_id, stream_id, stream_version, subject_id, type, sequence, data, metadata, topic, partition, "offset",
             at, appended_at
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

interface ConversationEventJson {
  readonly event_id: string;
  readonly stream_id: string;
  readonly stream_version: number;
  readonly subject_id: string;
  readonly type: string;
  readonly sequence: number;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly at: string;
  readonly appended_at: string;
}

const fromJson = (json: ConversationEventJson): ConversationEvent => ({
  eventId: json.event_id,
  streamId: json.stream_id,
  streamVersion: json.stream_version,
  subjectId: json.subject_id,
  type: json.type,
  sequence: json.sequence,
  data: json.data,
  metadata: json.metadata,
  topic: json.topic,
  partition: json.partition,
  offset: json.offset,
  at: new Date(json.at),
  appendedAt: new Date(json.appended_at),
});
