import { Counter, Histogram, type Registry } from 'prom-client';

/** The metrics of the external policy engine. */
export interface EngineMetrics {
  readonly requests: Counter<'outcome'>;
  readonly seconds: Histogram;
}

/** Creates and registers the metrics. */
export function createEngineMetrics(register: Registry): EngineMetrics {
  const registers = [register];
  return {
    requests: new Counter({
      name: 'khipu_policy_engine_requests_total',
      help: 'Requests to the external policy engine: allow, deny, invalid, unavailable; circuit-open for requests that were not sent',
      labelNames: ['outcome'],
      registers,
    }),
    seconds: new Histogram({
      name: 'khipu_policy_engine_seconds',
      help: 'Time of a request to the external policy engine',
      buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
  };
}
