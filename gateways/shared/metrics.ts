import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Bounds in seconds: the aims are 25 ms (201 p50) and 60 ms (p95). */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.06, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** What the gateways measure. One set a process, on the registry that `/metrics` shows. */
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
      help: 'From the request to the end of its answer, by route; streams are left out',
      labelNames: ['method', 'route', 'status'],
      buckets: SECONDS,
      registers,
    });
    this.problems = new Counter({
      name: 'khipu_http_problems_total',
      help: 'Requests that were answered with a problem, by code',
      labelNames: ['code'],
      registers,
    });
    this.commands = new Counter({
      name: 'khipu_gateway_commands_appended_total',
      help: 'Commands that the log has taken',
      labelNames: ['record'],
      registers,
    });
    this.refused = new Counter({
      name: 'khipu_gateway_refused_total',
      help: 'New work that this gateway refused at once, by why: kill_switch',
      labelNames: ['record', 'outcome'],
      registers,
    });
    this.outcomeWait = new Histogram({
      name: 'khipu_gateway_outcome_wait_seconds',
      help: 'From the append of a command to its outcome, or to the end of the wait',
      labelNames: ['record', 'result'],
      buckets: SECONDS,
      registers,
    });
    this.streamsOpen = new Gauge({ name: 'khipu_sse_streams_open', help: 'Streams that are open', registers });
    this.streamEvents = new Counter({ name: 'khipu_sse_events_sent_total', help: 'Events sent on streams', registers });
    this.streamsCut = new Counter({
      name: 'khipu_sse_streams_cut_total',
      help: 'Streams that this side ended before their turn did',
      labelNames: ['reason'],
      registers,
    });
  }

  /** Shows a value that stands elsewhere, such as the lag of the tail. */
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

declare module 'fastify' {
  interface FastifyContextConfig {
    /** A stream's length says nothing about this gateway's speed. */
    streams?: boolean;
  }
}

export function measureRequests(app: FastifyInstance, metrics: GatewayMetrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    if (request.routeOptions.config.streams === true && reply.statusCode === 200) return done();
    const route = request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown');
    metrics.requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });
}
