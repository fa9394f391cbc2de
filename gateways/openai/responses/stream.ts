import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { problemOf } from '../../shared/problems/from-error.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { ResponseEvents } from './events.ts';
import type { RunningResponse } from './turns.ts';
import type { ResponseEnd } from './view.ts';

/** Schema of an event of a stream, as a reader of server-sent events sees it. */
export const responseEvent = z.looseObject({ event: z.string(), data: z.string() }).meta({
  description: 'An event of a response as JSON',
  examples: [
    {
      event: 'response.output_text.delta',
      data: '{"type":"response.output_text.delta","item_id":"msg_…","output_index":0,"content_index":0,"delta":"A khipu","logprobs":[],"sequence_number":10}',
    },
  ],
});

interface StreamOptions {
  /** Number of the last event that the client has; -1 for a new stream. */
  readonly after: number;
  readonly metrics: GatewayServices['metrics'];
  /** Resolves once the read model shows the end. */
  readonly shownEnd: () => Promise<unknown>;
}

const nowS = (): number => Math.floor(Date.now() / 1_000);

/** Writes the events of a response behind `after`, to its end. A failure is the event `response.failed`. */
export async function writeEvents(
  running: RunningResponse,
  request: FastifyRequest,
  reply: FastifyReply,
  { after, metrics, shownEnd }: StreamOptions,
): Promise<FastifyReply> {
  const { view } = running;
  const events = new ResponseEvents(view, after);
  reply
    .header('cache-control', 'no-store, no-transform')
    .header('x-accel-buffering', 'no')
    .type('text/event-stream; charset=utf-8')
    .hijack();
  const response = reply.raw;
  // A write after the client has left fails; the turn is cancelled by its signal.
  response.on('error', () => undefined);
  metrics.streamsOpen.inc();
  const write = (frames: string): void => void (frames !== '' && response.write(frames));
  const end = async (ending: ResponseEnd): Promise<void> => {
    if (view.stored) await shownEnd();
    write(events.end(ending, view.completedAt ?? nowS()));
  };
  try {
    response.writeHead(200, reply.getHeaders() as OutgoingHttpHeaders);
    write(events.begin());
    for await (const part of running.parts()) {
      if (typeof part === 'string') write(events.text(part));
      else await end(part);
    }
  } catch (error) {
    if (response.destroyed) return reply;
    request.log.warn({ err: error }, 'the stream of a response failed');
    const { code, message } = problemOf(error as Error);
    write(events.end({ kind: 'failed', code, detail: message }, nowS()));
  } finally {
    metrics.streamsOpen.dec();
    response.end();
  }
  return reply;
}
