import { Counter, type Registry } from 'prom-client';

/** Receives the name of the API (`Fetch`, `EndTxn`) of each request to a broker, once. */
export type OnRequest = (api: string) => void;

/** Registers the counter of requests to brokers in `register`. Throws when it is registered there already. */
export function countRequests(register: Registry): OnRequest {
  const requests = new Counter({
    name: 'khipu_kafka_requests_total',
    help: 'Requests to Kafka brokers, by API; fetches of idle readers and heartbeats included.',
    labelNames: ['api'],
    registers: [register],
  });
  // A labelled child is looked up by hashing its labels: kept, since a turn is dozens of requests.
  const byApi = new Map<string, Counter.Internal>();
  return (api) => {
    const known = byApi.get(api) ?? requests.labels({ api });
    byApi.set(api, known);
    known.inc();
  };
}
