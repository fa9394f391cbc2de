import { monthsBefore } from '../../../gateways/console/app/state/spend.ts';
import type { Schemas } from '../../../infra/client/api.ts';
import type { Answers } from '../support/console-server.ts';

/** Answers of a tenant that used two models, with an invoice for each month. */

const day = (nth: number): string => `2026-01-${String(nth).padStart(2, '0')}`;

export const usage: Schemas['Usage'] = {
  ...{ from: day(1), until: day(20) },
  items: Array.from({ length: 30 }, (_, nth) => ({
    ...{ day: day(1 + (nth % 18)), model: nth % 3 === 0 ? 'qwen3' : 'smollm2', currency: 'USD' },
    ...{ requests: 4 + nth, failures: 0, prompt_tokens: 900 * nth, completion_tokens: 200 * nth },
    cost: (0.000_123 * nth).toFixed(9),
  })),
};

const invoiceOf = (period: string): Schemas['Invoice'] => ({
  ...{ tenant: 'demo', period, status: 'open', from: `${period}-01T00:00:00.000Z`, as_of: '2026-01-20T10:00:00.000Z' },
  lines: ['prompt_tokens', 'completion_tokens'].map((meter) => ({
    ...{ resource: 'smollm2', meter, quantity: 120_000, unit_price: '0.250000000', price_version: 1 },
    ...{ currency: 'USD', amount: '0.030000000', first_day: day(1), last_day: day(18) },
  })),
  totals: [{ currency: 'USD', exact: '0.060000000', amount: '0.06', prepaid: '0.050000000', due: '0.01' }],
});

export const credit: Schemas['Credit'] = {
  ...{ tenant: 'demo', prepaid: true, currency: 'USD', topped_up: '25.000000000' },
  ...{ drawn: '0.050000000', held: '0.000057600', left: '24.949942400' },
};

export const invoices: Answers = Object.fromEntries(
  monthsBefore(Date.now(), 12).map((period) => [`GET /v1/invoices/${period}`, { body: invoiceOf(period) }]),
);

export const figures = (subjects: readonly string[]): Schemas['Analytics'] => ({
  ...{ from: '2026-01-01T00:00:00.000Z', until: '2026-01-02T00:00:00.000Z' },
  items: subjects.map((subject, nth) => ({
    ...{ subject, window_start: null, runs: 40 - nth, successes: 36 - nth, refusals: 4, approvals: 0 },
    ...{ approval_wait_ms: null, tokens: 1_200, cost: '0.000246800', cost_per_success: '0.000006855' },
    latency_ms: { p50: 310, p95: 900, p99: 1_210 },
  })),
});
