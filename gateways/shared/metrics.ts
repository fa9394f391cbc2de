import type { FastifyInstance, FastifyReply } from 'fastify';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Buckets in seconds. The targets are 25 ms (p50 of a 201) and 60 ms (p95). */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.06, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** The metrics of the gateways: one set per process, on the registry that `/metrics` shows. */
export class GatewayMetrics {
  readonly register: Registry;
  readonly requests: Histogram<'method' | 'route' | 'status'>;
  readonly problems: Counter<'code'>;
  readonly commands: Counter<'record'>;
  readonly refused: Counter<'record' | 'outcome'>;
  readonly outcomeWait: Histogram<'record' | 'result'>;
  readonly streamsOpen: Gauge;
  readonly streamEvents: Counter;
  readonly streamsCut: Counter<'reason'>;

  constructor(register: Registry) {
    const registers = [register];
    this.register = register;
    this.requests = new Histogram({
      name: 'khipu_http_request_duration_seconds',
      help: 'Time from the request to the end of its response, by route; without streams',
      labelNames: ['method', 'route', 'status'],
      buckets: SECONDS,
      registers,
    });
    this.problems = new Counter({
      name: 'khipu_http_problems_total',
      help: 'Requests answered with a problem, by code',
      labelNames: ['code'],
      registers,
    });
    this.commands = new Counter({
      name: 'khipu_gateway_commands_appended_total',
      help: 'Commands appended to the log',
      labelNames: ['record'],
      registers,
    });
    this.refused = new Counter({
      name: 'khipu_gateway_refused_total',
      help: 'Commands that this gateway refused before the append, by reason: kill_switch',
      labelNames: ['record', 'outcome'],
      registers,
    });
    this.outcomeWait = new Histogram({
      name: 'khipu_gateway_outcome_wait_seconds',
      help: 'Time from the append of a command to its outcome, or to the end of the wait',
      labelNames: ['record', 'result'],
      buckets: SECONDS,
      registers,
    });
    this.streamsOpen = new Gauge({ name: 'khipu_sse_streams_open', help: 'Open streams', registers });
    this.streamEvents = new Counter({ name: 'khipu_sse_events_sent_total', help: 'Events sent on streams', registers });
    this.streamsCut = new Counter({
      name: 'khipu_sse_streams_cut_total',
      help: 'Streams that the gateway cut before their end',
      labelNames: ['reason'],
      registers,
    });
  }

  /** Adds a gauge whose value is read on each scrape, such as the lag of the tail. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.register],
      collect() {
        this.set(read());
      },
    });
  }
}

/** Returns true for a stream of events: its length is not a latency. */
const isStream = (reply: FastifyReply): boolean =>
  reply.statusCode === 200 && String(reply.getHeader('content-type')).startsWith('text/event-stream');

/** Adds a hook that measures the duration of each request, except of streams. */
export function measureRequests(app: FastifyInstance, metrics: GatewayMetrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    if (isStream(reply)) return done();
    const route = request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown');
    metrics.requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });
}
