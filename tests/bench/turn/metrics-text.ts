/**
 * Returns the sum of a metric over all of its label sets in a page of the Prometheus text format; 0 when it is not there.
 * A histogram is asked for by one of its series: `khipu_transaction_seconds_count`.
 */
export function sumOf(page: string, metric: string): number {
  let sum = 0;
  for (const line of page.split('\n')) {
    if (!line.startsWith(metric)) continue;
    const rest = line.slice(metric.length);
    if (!rest.startsWith('{') && !rest.startsWith(' ')) continue;
    // A label may hold spaces and braces; the value follows the last brace.
    const [value] = rest
      .slice(rest.lastIndexOf('}') + 1)
      .trim()
      .split(' ');
    sum += Number(value);
  }
  return sum;
}

/** Work that the roles report of themselves, since their start. */
export interface Reported {
  readonly transactions: number;
  /** Requests to brokers, those of idle readers included. */
  readonly requests: number;
  /** Records that processors and workers wrote. */
  readonly records: number;
}

/** Reads and sums the metrics of processes by their admin ports. Rejects when one does not answer. */
export async function readReported(adminPorts: readonly number[]): Promise<Reported> {
  const pages = await Promise.all(
    adminPorts.map(async (port) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()),
  );
  const total = (metric: string): number => pages.reduce((sum, page) => sum + sumOf(page, metric), 0);
  return {
    transactions: total('khipu_transaction_seconds_count'),
    requests: total('khipu_kafka_requests_total'),
    records: total('khipu_records_out_total'),
  };
}
