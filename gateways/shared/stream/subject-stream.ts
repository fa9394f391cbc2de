import { Problem } from '../problems/problem.ts';
import type { ReadModel, StoredEvent } from '../read-model.ts';
import type { SubjectEvents } from '../subject-events.ts';
import { FeedSource } from './feed-source.ts';
import type { GapReader } from './gap-reader.ts';
import type { Demand } from './live-feed.ts';

const PAGE = 500;

/** Parts that the stream of a subject reads from. */
export interface SubjectStreamParts {
  readonly subjects: Pick<SubjectEvents, 'topic' | 'open' | 'close' | 'recent' | 'covers' | 'whole'>;
  readonly readModel: Pick<ReadModel, 'stream' | 'event'>;
  readonly gapReader: Pick<GapReader<StoredEvent>, 'read'>;
}

/** The subject to read. */
export interface SubjectStreamRequest {
  readonly tenantId: string;
  readonly subjectId: string;
  /** Id of the last event that the client has; null for none. */
  readonly lastEventId: string | null;
  readonly signal: AbortSignal;
  /** Receives the last event of the client, when it is found. */
  readonly onLast: (event: StoredEvent) => void;
}

/**
 * The events of a subject, such as a job: first past events, then live ones, and past ones again when the live feed overflowed before it was
 * read. Each event comes once, in the order of the log; a repeat is recognized by its offset.
 *
 * Past events are those of this process when it has all of them, else those of the read model, and behind its positions
 * the recent ones of this process, or those of the log. A client resumes after any event for as long as the log or the
 * eventstore has it.
 */
export class SubjectStream extends FeedSource<StoredEvent> {
  readonly #parts: SubjectStreamParts;
  readonly #request: SubjectStreamRequest;
  /** Next offset per partition: earlier events were yielded, or the client has them. */
  readonly #next = new Map<number, number>();
  /** Last event of the client, until it was passed. */
  #skipTo: string | null;
  #version = 0;

  constructor(parts: SubjectStreamParts, request: SubjectStreamRequest) {
    const { tenantId, subjectId, signal, lastEventId } = request;
    const feed = parts.subjects.open(tenantId, subjectId);
    super(feed, () => parts.subjects.close(tenantId, subjectId, feed), signal);
    this.#parts = parts;
    this.#request = request;
    this.#skipTo = lastEventId;
  }

  take(event: StoredEvent): Demand {
    if (this.reader === null) return 'gap';
    return this.#passes(event) ? this.reader.take(event) : 'more';
  }

  protected async *read(): AsyncGenerator<StoredEvent, void, undefined> {
    const { subjects } = this.#parts;
    const { tenantId, subjectId } = this.#request;
    const whole = subjects.whole(tenantId, subjectId);
    if (whole === undefined) yield* this.#stored();
    else yield* this.#new(whole);
    // The events of a subject never leave the log and the eventstore before its stream has read them.
    if (this.#skipTo !== null)
      throw new Problem('REQUEST_INVALID', `${this.#skipTo} is no event of this stream`, {
        errors: [{ in: 'header', pointer: '#/last-event-id', detail: 'Expected the id of an event of this stream' }],
      });
  }

  async *#stored(): AsyncGenerator<StoredEvent, void, undefined> {
    const { subjects, gapReader } = this.#parts;
    const { tenantId, subjectId, signal } = this.#request;
    await this.#seek();
    while (!signal.aborted) {
      const { events, positions } = await this.#page();
      yield* this.#new(events);
      this.#version = events.at(-1)?.streamVersion ?? this.#version;
      if (events.length === PAGE) continue;
      const isHere = subjects.covers(positions);
      const lacks = ({ partition, offset }: StoredEvent) => offset >= (this.#next.get(partition) ?? 0);
      yield* this.#new(
        isHere
          ? subjects.recent(tenantId, subjectId)
          : await gapReader.read({ key: subjectId, tenantId, positions, lacks }),
      );
      return;
    }
  }

  #page() {
    const { tenantId, subjectId } = this.#request;
    const query = { topic: this.#parts.subjects.topic, key: subjectId, afterVersion: this.#version, limit: PAGE };
    return this.#parts.readModel.stream(tenantId, query);
  }

  /** Begins behind the last event of the client, when the eventstore has it. */
  async #seek(): Promise<void> {
    if (this.#skipTo === null) return;
    const { tenantId, subjectId } = this.#request;
    const last = await this.#parts.readModel.event(tenantId, this.#skipTo);
    if (last === undefined || last.subjectId !== subjectId || last.topic !== this.#parts.subjects.topic) return;
    this.#version = last.streamVersion;
    this.#next.set(last.partition, last.offset + 1);
    this.#skipTo = null;
    this.#request.onLast(last);
  }

  *#new(events: readonly StoredEvent[]): Generator<StoredEvent, void, undefined> {
    for (const event of events) if (this.#passes(event)) yield event;
  }

  /** Returns true for an event that the client lacks, once. */
  #passes(event: StoredEvent): boolean {
    const { eventId, partition, offset } = event;
    if (offset < (this.#next.get(partition) ?? 0)) return false;
    this.#next.set(partition, offset + 1);
    if (this.#skipTo === null) return true;
    if (this.#skipTo !== eventId) return false;
    this.#skipTo = null;
    this.#request.onLast(event);
    return false;
  }
}
