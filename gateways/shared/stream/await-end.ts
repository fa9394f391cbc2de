import type { FastifyReply, FastifyRequest } from 'fastify';
import { preferenceOf } from '../prefer.ts';
import type { StoredEvent } from '../read-model.ts';
import type { GatewayServices } from '../services.ts';
import type { SubjectEvents } from '../subject-events.ts';

/** Longest wait for an end, in seconds. */
export const END_WAIT_S_MAX = 60;

/** A subject whose end is waited for, such as a job. */
export interface Ending<End> {
  readonly tenantId: string;
  readonly subjectId: string;
  /** Returns the end that an event is; null for any other event. */
  readonly endIn: (event: StoredEvent) => End | null;
  /** Resolves with the end that is known by now; null for none. It is asked once, with the events that follow already read. */
  readonly known: () => Promise<End | null>;
}

interface Waiting {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly streamLimits: GatewayServices['streamLimits'];
}

/**
 * Resolves with the end of a subject: at once when it is known, else as soon as this process reads it, at most for the seconds
 * of `Prefer: wait`; null when there is none by then, and when the client leaves. A wait counts as a stream of the tenant.
 * Rejects with Problem STREAMS_EXHAUSTED, and as `known` does.
 */
export async function awaitEnd<End>(
  events: SubjectEvents,
  { tenantId, subjectId, endIn, known }: Ending<End>,
  { request, reply, streamLimits }: Waiting,
): Promise<End | null> {
  const { waitS } = preferenceOf(request.headers['prefer']);
  const seconds = waitS === null ? 0 : Math.min(waitS, END_WAIT_S_MAX);
  if (waitS !== null && waitS <= END_WAIT_S_MAX) reply.header('preference-applied', `wait=${waitS}`);
  const release = seconds === 0 ? () => undefined : streamLimits.enter(tenantId);
  // The feed is open before the look: an end that the look does not find comes through it.
  const feed = events.open(tenantId, subjectId);
  const close = (): void => events.close(tenantId, subjectId, feed);
  reply.raw.once('close', close);
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const found = await known();
    if (found !== null || seconds === 0) return found;
    timer = setTimeout(close, seconds * 1_000);
    let end: End | null = null;
    const reader = {
      take: (event: StoredEvent) => {
        end = endIn(event);
        return end === null ? ('more' as const) : ('end' as const);
      },
      idle: () => 'more' as const,
    };
    // An overflow before the wait says nothing about the end: the events behind it do.
    while ((await feed.flow(reader)) === 'gap');
    return end;
  } finally {
    clearTimeout(timer);
    close();
    release();
  }
}
