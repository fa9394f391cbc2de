import { randomFillSync, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const REQUEST_ID = /^[\w.:-]{1,128}$/;
const RANDOM_BYTES = 24;
/** Random bytes for 256 requests at a time, as Node does for its UUIDs. */
const pool = Buffer.alloc(256 * RANDOM_BYTES);
let used = pool.length;

/** Returns 24 fresh random bytes, hex. */
function randomHex(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += RANDOM_BYTES;
  return pool.toString('hex', used - RANDOM_BYTES, used);
}

const zeros = (hex: string): boolean => /^0+$/.test(hex);

const TRACE = Symbol('traceparent');
type Headed = Pick<IncomingMessage, 'headers'> & { [TRACE]?: string };

/** Sets the `traceparent` of a request: that of its span. */
export function keepTraceparent(request: Headed, traceparent: string): void {
  request[TRACE] = traceparent;
}

/**
 * Returns the `traceparent` of a request, each time the same: a new span of the client's trace, or the root of a new trace
 * without a valid one. Source: W3C Trace Context, 3.2.
 */
export function traceparentOf(request: Headed): string {
  request[TRACE] ??= newTraceparent(request);
  return request[TRACE];
}

function newTraceparent({ headers }: Headed): string {
  const random = randomHex();
  const span = random.slice(0, 16);
  const given = headers['traceparent'];
  const [, traceId, parentId, flags] = TRACEPARENT.exec(typeof given === 'string' ? given : '') ?? [];
  if (traceId === undefined || parentId === undefined || zeros(traceId) || zeros(parentId))
    return `00-${random.slice(16)}-${span}-01`;
  return `00-${traceId}-${span}-${flags}`;
}

/** Returns the client's `X-Request-Id` when it is safe to log (1 to 128 characters of `[A-Za-z0-9_.:-]`), else a new UUID. */
export function requestIdOf(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}
