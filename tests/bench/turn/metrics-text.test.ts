import { expect, it } from 'vitest';
import { sumOf } from './metrics-text.ts';

const PAGE = `# HELP khipu_kafka_requests_total Requests to Kafka brokers.
# TYPE khipu_kafka_requests_total counter
khipu_kafka_requests_total{api="Fetch",role="gateway"} 12
khipu_kafka_requests_total{api="Produce",role="a } 7"} 3
khipu_kafka_requests_total_created 99
khipu_transaction_seconds_bucket{le="0.1"} 4
khipu_transaction_seconds_count{processor="policy"} 5
khipu_transaction_seconds_count{processor="meter"} 1.5e1
khipu_up 1
`;

it('sums a metric over its labels, and no metric with a longer name', () => {
  expect(sumOf(PAGE, 'khipu_kafka_requests_total')).toBe(15);
  expect(sumOf(PAGE, 'khipu_transaction_seconds_count')).toBe(20);
  expect(sumOf(PAGE, 'khipu_up')).toBe(1);
  expect(sumOf(PAGE, 'khipu_absent')).toBe(0);
});
