import { z } from 'zod';
import { minus, nothing, plus } from '../../schemas/amount.ts';
import type { BudgetLimit } from '../../schemas/generated/records.ts';
import { type App, security } from '../shared/app-type.ts';
import { callerOf } from '../shared/auth/authenticate.ts';
import { awaitPosition, positionHeaders, positionQuery } from '../shared/position.ts';
import { credentialProblems, problemResponses } from '../shared/problems/openapi.ts';
import type { BudgetAccountView } from '../shared/read-model.ts';
import type { GatewayServices } from '../shared/services.ts';

const decimal = z.string().meta({ description: 'Money, nine digits behind the point', examples: ['0.000246800'] });

const amountBody = z.object({ tokens: z.int(), cost: decimal }).meta({ id: 'Amount' });

const windowBody = z
  .object({
    window: z.enum(['session', 'day', 'total']),
    tokens_max: z.int().nullable().meta({ description: 'Null for no limit' }),
    cost_max: decimal.nullable(),
    spent: amountBody
      .nullable()
      .meta({ description: 'By requests that have ended; null for `session`, which each session has for itself' }),
    left: z
      .object({ tokens: z.int().nullable(), cost: decimal.nullable() })
      .nullable()
      .meta({ description: 'What a further request may take now; null for what has no limit, and for `session`' }),
  })
  .meta({ id: 'BudgetWindow' });

const budgetsBody = z
  .object({
    day: z.string().meta({ description: 'Today in UTC', examples: ['2026-11-25'] }),
    held: amountBody.meta({ description: 'Reserved for requests that have not ended' }),
    requests_open: z.int(),
    windows: z.array(windowBody).meta({ description: 'One for each limit of the tenant; empty without any' }),
  })
  .meta({ id: 'Budgets' });

type Account = Pick<z.infer<typeof budgetsBody>, 'held'> & { readonly spent: typeof nothing };

function windowOf({ window, tokensMax, costMax }: BudgetLimit, { spent, held }: Account): z.infer<typeof windowBody> {
  const limits = { window, tokens_max: tokensMax, cost_max: costMax };
  if (window === 'session') return { ...limits, spent: null, left: null };
  const taken = plus(spent, held);
  const left = minus({ tokens: tokensMax ?? 0, cost: costMax ?? nothing.cost }, taken);
  return {
    ...limits,
    spent,
    left: {
      tokens: tokensMax === null ? null : Math.max(0, left.tokens),
      cost: costMax === null ? null : left.cost.startsWith('-') ? nothing.cost : left.cost,
    },
  };
}

function budgetsOf(day: string, limits: readonly BudgetLimit[], account: BudgetAccountView) {
  const { tokensHeld, costHeld, requestsOpen, tokensSpent, costSpent, today } = account;
  const held = { tokens: tokensHeld, cost: costHeld };
  const spentIn = {
    session: nothing,
    day: { tokens: today.tokensSpent, cost: today.costSpent },
    total: { tokens: tokensSpent, cost: costSpent },
  };
  const windows = limits.map((limit) => windowOf(limit, { held, spent: spentIn[limit.window] }));
  return { day, held, requests_open: requestsOpen, windows };
}

/** `GET /v1/budgets`: what the caller's tenant may still use. Limits are set with the tenant's settings. */
export function budgetRoute(app: App, { readModel, directory }: GatewayServices): void {
  app.route({
    method: 'GET',
    url: '/v1/budgets',
    config: { auth: 'any' },
    schema: {
      operationId: 'getBudgets',
      summary: 'The budgets of the tenant: limits, what was spent, what is left',
      description:
        'What is reserved for requests that have not ended counts as taken. Spent since the tenant first had a budget. A moment behind what decides.',
      tags: ['operations'],
      security: security.any,
      querystring: z.object(positionQuery),
      headers: positionHeaders,
      response: {
        200: budgetsBody,
        ...problemResponses(
          ...credentialProblems,
          'REQUEST_INVALID',
          'CREDENTIAL_NOT_ALLOWED',
          'READ_MODEL_UNAVAILABLE',
          'READ_MODEL_BEHIND',
        ),
      },
    },
    handler: async (request) => {
      const { tenantId } = callerOf(request);
      await awaitPosition(request, readModel, ['budgets']);
      const day = new Date().toISOString().slice(0, 10);
      const limits = directory.tenant(tenantId)?.settings.budgets ?? [];
      return budgetsOf(day, limits, await readModel.budget(tenantId, day));
    },
  });
}
