import type { z } from 'zod';
import type { StoredEvent } from '../../shared/read-model.ts';
import type { eventBody } from './schemas.ts';

/** Returns the body of a stored event. */
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
