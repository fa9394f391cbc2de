import type { z } from 'zod';
import type { FiguresView } from '../../../projections/analytics/queries.ts';
import { quantile } from '../../../schemas/contexts/analytics/sketch.ts';
import { KINDS, type Kind, READ_ANALYTICS, WINDOW_MS, windowOf } from '../../../schemas/contexts/analytics.ts';
import { moneyOf, unitsOf } from '../../../schemas/contexts/billing/money.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { figuresBody, figuresQuery } from './schemas.ts';

const { endpoint } = declare<Pick<GatewayServices, 'readModel'>>();

const windows = { '1m': WINDOW_MS, '5m': 300_000, '1h': 3_600_000, '1d': 86_400_000 } as const;
const DAY_MS = windows['1d'];
/** Bound on the items of an answer. */
const ITEMS_MAX = 5_000;

/** Returns the cost of a success, rounded down to a billionth. */
const costPer = (cost: string, successes: number): string | null =>
  successes === 0 ? null : moneyOf(unitsOf(cost) / BigInt(successes));

function figureOf({ at, latencies, ...figures }: FiguresView): z.infer<typeof figuresBody>['items'][number] {
  const { subject, runs, successes, refusals, approvals, approvalWaitMs, tokens, cost } = figures;
  const sketch = new Map(latencies);
  return {
    ...{ subject, window_start: at?.toISOString() ?? null, runs, successes, refusals, approvals, tokens, cost },
    approval_wait_ms: approvals === 0 ? null : approvalWaitMs / approvals,
    cost_per_success: costPer(cost, successes),
    latency_ms: { p50: quantile(sketch, 0.5), p95: quantile(sketch, 0.95), p99: quantile(sketch, 0.99) },
  };
}

const ids: Readonly<Record<Kind, string>> = {
  personas: 'getPersonaAnalytics',
  tools: 'getToolAnalytics',
  policies: 'getPolicyAnalytics',
  models: 'getModelAnalytics',
  capsules: 'getCapsuleAnalytics',
};

/** Paths beside those of this version, as the plan has them. */
const aliases: Readonly<Partial<Record<Kind, { readonly url: string; readonly operationId: string }>>> = {
  capsules: { url: '/analytics/capsules', operationId: 'getCapsuleAnalyticsAlias' },
};

const figuresRoute = (kind: Kind) =>
  endpoint({
    operationId: ids[kind],
    tag: 'analytics',
    summary: `Get figures of ${kind}, over a range or in windows`,
    description: `Requires \`${READ_ANALYTICS}\`. By the time of each record; a record that comes late is counted where it belongs. Ordered by subject and window; at most ${ITEMS_MAX} items.`,
    url: `/v1/analytics/${kind}`,
    ...(aliases[kind] !== undefined && { alias: aliases[kind] }),
    query: figuresQuery,
    takes: READ_ANALYTICS,
    views: ['analytics'],
    response: figuresBody,
    answer: async ({ caller, query, services: { readModel } }) => {
      const until = query.until === undefined ? new Date(windowOf(Date.now()) + WINDOW_MS) : new Date(query.until);
      const from = query.from === undefined ? new Date(until.getTime() - DAY_MS) : new Date(query.from);
      if (from >= until) throw new Problem('REQUEST_INVALID', '`from` must be before `until`');
      const windowMs = query.window === undefined ? null : windows[query.window];
      const asked = { kind, subject: query.subject ?? null, from, until, windowMs, limit: ITEMS_MAX };
      const found = await readModel.figures(caller.tenantId, asked);
      return { from: from.toISOString(), until: until.toISOString(), items: found.map(figureOf) };
    },
  });

/** Routes of figures, one a kind. */
export const analyticsRoutes = KINDS.map(figuresRoute);
