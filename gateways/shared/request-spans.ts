import { ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { attributes as a } from '../../infra/tracing/conventions.ts';
import { tracerInUse } from '../../infra/tracing/start.ts';
import { spanContextOf, traceparentOf } from '../../infra/tracing/traceparent.ts';
import { keepTraceparent } from './trace.ts';

/** Probes: they come every few seconds and cause nothing. */
const PROBES = '/health';

const spans = new WeakMap<FastifyRequest, Span>();

function begin(request: FastifyRequest): void {
  const tracer = tracerInUse();
  if (tracer === null || request.url.startsWith(PROBES)) return;
  const { method, headers } = request;
  const given = headers['traceparent'];
  const client = typeof given === 'string' ? spanContextOf(given) : undefined;
  const route = request.is404 ? undefined : request.routeOptions.url;
  const span = tracer.startSpan(
    route === undefined ? method : `${method} ${route}`,
    {
      kind: SpanKind.SERVER,
      startTime: Date.now(),
      attributes: {
        [a.httpMethod]: method,
        ...(route !== undefined && { [a.httpRoute]: route }),
        // Without the query, which may have a ticket.
        [a.urlPath]: request.url.split('?', 1)[0] ?? '',
        [a.urlScheme]: request.protocol,
      },
    },
    client === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, client),
  );
  spans.set(request, span);
  keepTraceparent(request.raw, traceparentOf(span.spanContext()));
}

function end(request: FastifyRequest, status: number): void {
  const span = spans.get(request);
  if (span === undefined) return;
  span.setAttribute(a.httpStatus, status);
  if (status >= 500) span.setAttribute(a.errorType, String(status)).setStatus({ code: SpanStatusCode.ERROR });
  span.end(Date.now());
}

/**
 * Adds hooks that give each request a span, to the end of its response, streams too. The span is the parent of the commands
 * that the request appends; the sampler decides here for all that follows from them.
 */
export function traceRequests(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    begin(request);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    end(request, reply.statusCode);
    done();
  });
}
