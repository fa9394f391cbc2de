import { faultOf } from '../../../schemas/contexts/billing/prices.ts';
import { whatIf } from '../../../schemas/contexts/billing/what-if.ts';
import type { MeteredUse } from '../../../schemas/generated/records.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import { rangeQuery, usageBody, whatIfBody, whatIfResult } from './schemas.ts';
import { type BillingServices, payer, requireReader } from './scope.ts';
import { lineOf, pricesIn } from './views.ts';

const { endpoint } = declare<BillingServices>();

/** Bound on the length of a range, in days. */
const DAYS_MAX = 366;
const DAY_MS = 24 * 60 * 60 * 1000;

interface Days {
  readonly from: string;
  readonly until: string;
}

/** Returns the days of a range. Throws Problem REQUEST_INVALID for an empty or a long one. */
export function daysOf({
  from,
  until,
}: {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}): Days {
  const today = new Date().toISOString().slice(0, 10);
  const last = until ?? today;
  const days = { from: from ?? `${last.slice(0, 8)}01`, until: last };
  const length = (Date.parse(days.until) - Date.parse(days.from)) / DAY_MS;
  if (length < 0 || length > DAYS_MAX)
    throw new Problem('REQUEST_INVALID', `The range has ${DAYS_MAX} days at most, and ends at its first day or later`);
  return days;
}

const getUsage = endpoint({
  operationId: 'getUsage',
  tag: 'billing',
  summary: 'Get what was metered, by day and model',
  description:
    'Requires `billing:read`; of another tenant `billing:read:<tenant>`. Days are in UTC, by the time of use.',
  url: '/v1/usage',
  query: rangeQuery,
  takes: requireReader,
  views: ['usage'],
  response: usageBody,
  answer: async ({ caller, query, services }) => {
    const days = daysOf(query);
    const found = await services.readModel.usage(payer({ caller, query }), days);
    const items = found.map(({ day, modelId: model, currency, requests, failures, cost, ...used }) => ({
      ...{ day, model, currency, requests, failures, cost },
      ...{ prompt_tokens: used.tokensPrompt, completion_tokens: used.tokensCompletion },
    }));
    return { ...days, items };
  },
});

const none = { promptTokens: 0, completionTokens: 0, calls: 0, cost: '0.000000000' } as const;

const priceOtherwise = endpoint({
  operationId: 'whatIfBilling',
  tag: 'billing',
  summary: 'Compare what was metered with what it would have cost under other prices',
  description:
    'Requires `billing:read`; of another tenant `billing:read:<tenant>`. Takes the use of models and the successful calls of tools of whole days, in UTC; tiers count all of it as that of one month. Changes nothing.',
  method: 'POST',
  url: '/v1/billing/what-if',
  body: whatIfBody,
  takes: ({ caller, body }) => requireReader({ caller, query: body }),
  views: ['usage', 'analytics'],
  response: whatIfResult,
  problems: ['PRICES_INVALID'],
  answer: async ({ caller, body, services: { readModel } }) => {
    const days = daysOf(body);
    const prices = pricesIn(body.prices);
    const fault = faultOf(prices);
    if (fault !== null) throw new Problem('PRICES_INVALID', fault);
    const tenantId = payer({ caller, query: body });
    const range = { from: new Date(days.from), until: new Date(Date.parse(days.until) + DAY_MS) };
    const called = await readModel.figures(tenantId, {
      ...{ kind: 'tools', subject: null, ...range, windowMs: null, limit: 10_000 },
    });
    const models = (await readModel.usage(tenantId, days)).map(
      (used): MeteredUse => ({
        ...{ ...none, kind: 'model', resource: used.modelId, cost: used.cost, currency: used.currency },
        ...{ promptTokens: used.tokensPrompt, completionTokens: used.tokensCompletion },
      }),
    );
    const currency = models[0]?.currency ?? body.currency;
    const tools = called.map(
      ({ subject: resource, successes: calls, cost }): MeteredUse => ({
        ...none,
        kind: 'tool',
        resource,
        calls,
        cost,
        currency,
      }),
    );
    const { lines, totals } = whatIf([...models, ...tools], { currency: body.currency, prices });
    return { ...days, lines: lines.map(lineOf), totals: [...totals] };
  },
});

/** Routes of use. */
export const usageRoutes = [getUsage, priceOtherwise];
