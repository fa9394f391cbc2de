import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from '../app-type.ts';
import { callerOf } from '../auth/authenticate.ts';
import type { StoredEvent } from '../read-model.ts';
import type { GatewayServices } from '../services.ts';
import { liveEventOf, type SubjectEvents } from '../subject-events.ts';
import { GapReader } from './gap-reader.ts';
import { openStream, type StreamView, writeStream } from './stream.ts';
import { StreamEnds } from './stream-end.ts';
import { SubjectStream } from './subject-stream.ts';

/** Services that the stream of a subject reads from. */
export type SubjectStreamServices = Pick<
  GatewayServices,
  'log' | 'decoder' | 'readModel' | 'metrics' | 'credentialStatus' | 'streamLimits'
>;

/** The stream of one request. */
export interface ServedSubject {
  readonly subjectId: string;
  /** Id of the last event that the client has; null for none. */
  readonly lastEventId: string | null;
  readonly view: StreamView<StoredEvent> & { note(event: StoredEvent): void };
}

/**
 * Returns what answers a request with the events of a subject of its tenant as Server-Sent Events; with 204 when the client has
 * all of them. The streams end with the credential of their caller, and with the gateway.
 */
export function subjectStreams(
  app: App,
  { log, decoder, readModel, metrics, credentialStatus, streamLimits }: SubjectStreamServices,
  subjects: SubjectEvents,
) {
  const { topic } = subjects;
  const gapReader = new GapReader<StoredEvent>(log, decoder, {
    topic,
    itemOf: liveEventOf(topic),
    orderOf: ({ offset }) => offset,
  });
  const ends = new StreamEnds(credentialStatus);
  app.addHook('preClose', async () => ends.close());

  return async (request: FastifyRequest, reply: FastifyReply, { view, ...asked }: ServedSubject) => {
    const caller = callerOf(request);
    const { tenantId } = caller;
    const release = streamLimits.enter(tenantId);
    const signal = ends.of(reply.raw, caller, release);
    const source = new SubjectStream(
      { subjects, readModel, gapReader },
      { tenantId, ...asked, signal, onLast: (event) => view.note(event) },
    );
    const giveUp = (): void => {
      source.close();
      release();
    };
    const stream = await openStream(source, view).catch((error: unknown) => {
      giveUp();
      throw error;
    });
    if (stream === null) {
      giveUp();
      return reply.code(204).send();
    }
    reply
      .header('cache-control', 'no-store, no-transform')
      .header('x-accel-buffering', 'no')
      .type('text/event-stream')
      .hijack();
    void writeStream(stream, reply.raw, reply.getHeaders() as OutgoingHttpHeaders, metrics);
    return undefined;
  };
}
