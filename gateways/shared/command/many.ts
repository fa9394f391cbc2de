import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../auth/caller.ts';
import { digestOf, type Identity, identityOf } from '../idempotency.ts';
import { preferenceOf } from '../prefer.ts';
import { BODY_BYTES_MAX } from '../problems/from-error.ts';
import { Problem } from '../problems/problem.ts';
import { traceparentOf } from '../trace.ts';
import { successHeaders, writeHeaders } from './responses.ts';

/** Requests for many commands that this process reads and appends at once: their bodies are large. */
const MANY_MAX = 4;

/** Request headers of a route that appends many commands. */
export const manyHeaders = writeHeaders(undefined);
/** Response headers of its 202, for the OpenAPI document. */
export const manyAnswerHeaders = successHeaders([]);

/** Ids and digest of a request for many commands. */
export interface ManyRequest {
  readonly identity: Identity;
  readonly requestDigest: string;
  readonly traceparent: string;
}

/** Returns the ids and the digest of a request. */
export function manyRequest(request: FastifyRequest, caller: Caller, operationId: string): ManyRequest {
  const { tenantId } = caller;
  const key = request.headers['idempotency-key'] as string | undefined;
  return {
    identity: identityOf(caller, { operationId, tenantId, params: {} }, key),
    requestDigest: digestOf({ query: request.query, body: request.body }),
    traceparent: traceparentOf(request.raw),
  };
}

/** Names the preference that a 202 without a wait fulfils. */
export function applyPreference(request: FastifyRequest, reply: FastifyReply): void {
  const { respondAsync, waitS } = preferenceOf(request.headers['prefer']);
  if (respondAsync) reply.header('preference-applied', 'respond-async');
  else if (waitS === 0) reply.header('preference-applied', 'wait=0');
}

/** Returns a hook that bounds the requests of a route in this process, from before their body is read to their answer. */
export function boundedMany(max = MANY_MAX, what = 'requests for many commands') {
  let open = 0;
  return async (_request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (open >= max) throw new Problem('LOG_OVERLOADED', `${open} ${what} are under way`);
    open += 1;
    reply.raw.once('close', () => {
      open -= 1;
    });
  };
}

/** Returns a hook like `boundedMany` for the requests of a route whose body is longer than others may be, or of unknown length. */
export function boundedLarge() {
  const bounded = boundedMany(MANY_MAX, 'requests with large bodies');
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (!(Number(request.headers['content-length']) <= BODY_BYTES_MAX)) await bounded(request, reply);
  };
}

/** Yields what each item gives, one at a time: many commands are never in memory at once. */
export function* lazily<Item, Made>(items: Iterable<Item>, make: (item: Item, nth: number) => Made): Generator<Made> {
  let nth = 0;
  for (const item of items) {
    yield make(item, nth);
    nth += 1;
  }
}
