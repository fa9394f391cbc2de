import { z } from 'zod';

const decimal = z
  .string()
  .meta({ description: 'Decimal amount of money with nine decimal places', examples: ['0.000246800'] });

const amountBody = z
  .object({ tokens: z.int().meta({ description: 'Number of tokens' }), cost: decimal })
  .meta({ id: 'Amount' });

/** Schema of a budget window. */
export const windowBody = z
  .object({
    window: z.enum(['session', 'day', 'total', 'unknown', 'credit']).meta({ description: 'Window of the limit' }),
    tokens_max: z.int().nullable().meta({ description: 'Maximum number of tokens; null without a limit' }),
    cost_max: decimal.nullable().meta({ description: 'Maximum cost, a decimal; null without a limit' }),
    spent: amountBody
      .nullable()
      .meta({ description: 'Amount of ended requests; null for `session`, which counts each session separately' }),
    left: z
      .object({ tokens: z.int().nullable(), cost: decimal.nullable() })
      .nullable()
      .meta({ description: 'Amount available to the next request; null without a limit, and for `session`' }),
  })
  .meta({ id: 'BudgetWindow' });

/** Schema of a tenant's budgets. */
export const budgetsBody = z
  .object({
    day: z.string().meta({ description: 'Current day in UTC', examples: ['2026-11-25'] }),
    held: amountBody.meta({ description: 'Amount reserved for open requests' }),
    requests_open: z.int().meta({ description: 'Number of open requests' }),
    windows: z.array(windowBody).meta({ description: 'One window per limit of the tenant; empty without limits' }),
  })
  .meta({ id: 'Budgets' });
