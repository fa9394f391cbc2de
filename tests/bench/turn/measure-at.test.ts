import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { measureAt, type Subject } from './measure-at.ts';

let transactions = 0;
const server = createServer((_, response) =>
  response.end(`khipu_transaction_seconds_count{processor="p"} ${transactions}\n`),
);

beforeEach(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterEach(() => new Promise<void>((resolve) => void server.close(() => resolve())));

const subject = (request: Subject['request']): Subject => ({
  processes: new Map([['self', process.pid]]),
  adminPorts: [(server.address() as AddressInfo).port],
  request,
});

const usedMs = (since: NodeJS.CpuUsage): number => process.cpuUsage(since).user / 1_000;

it('divides what the processes report and take by the requests', async () => {
  const samples = await measureAt(
    subject(async () => {
      transactions += 3;
      const before = process.cpuUsage();
      while (usedMs(before) < 20);
      return { createdMs: 4, firstEventMs: 5 };
    }),
    40,
    10,
  );
  expect(samples).toMatchObject({
    '40/s created p50': 4,
    '40/s first event p95': 5,
    '40/s failed': 0,
    '40/s transactions': 3,
    '40/s requests': 0,
  });
  expect(samples['40/s cpu']).toBe(samples['40/s cpu of self']);
  // 20 ms are taken at each request; ticks of 10 ms are all that /proc has.
  expect(samples['40/s cpu']).toBeGreaterThan(10);
});

it('counts a failed request as one that was never answered', async () => {
  let sent = 0;
  const samples = await measureAt(
    subject(async () => {
      sent += 1;
      if (sent === 1) throw new Error('refused');
      return { createdMs: 4 };
    }),
    200,
    10,
  );
  expect(samples).toMatchObject({
    '200/s failed': 1,
    '200/s created p50': 4,
    '200/s created p95': Number.POSITIVE_INFINITY,
  });
});
