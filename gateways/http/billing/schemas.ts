import { z } from 'zod';
import {
  METERS,
  NOTE_CHARS_MAX,
  PRICES_MAX,
  RESOURCE_CHARS_MAX,
  STEPS_MAX,
} from '../../../schemas/contexts/billing/prices.ts';
import { TIER_MODES } from '../../../schemas/contexts/billing/tiers.ts';
import { REASON_CHARS_MAX } from '../../../schemas/contexts/billing.ts';
import { page, pageQuery } from '../../shared/paging.ts';
import { tenantId } from '../../shared/resource/scope.ts';

const AT = '2026-11-25T10:00:00.000Z';
const money = z.string().meta({ description: 'Decimal with nine digits behind the point', examples: ['0.000246800'] });
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'Expected three upper-case letters')
  .meta({ description: 'ISO 4217', examples: ['USD'] });
const time = z.string().meta({ description: 'RFC 3339', examples: [AT] });
const resource = z
  .string()
  .min(1)
  .max(RESOURCE_CHARS_MAX)
  .meta({
    description: 'Model or tool, `<tenant>/<name>`; `*` for every one without a price of its own',
    examples: ['*'],
  });

/** Query field of every read of money. */
export const payerField = {
  payer: tenantId.optional().meta({
    description: "Tenant that pays; the caller's own by default. Another one requires `billing:read:<tenant>`",
    examples: ['demo'],
  }),
};
export const asOfField = {
  as_of: z.string().min(1).max(2_048).optional().meta({
    description: 'Time in the log, RFC 3339, or the `position` of a transaction; default: now',
  }),
};

const account = z
  .string()
  .min(1)
  .max(200)
  .meta({
    description:
      'Account: `tenant:<id>:payable`, `tenant:<id>:credit`, `platform:revenue`, `platform:cash` or `publisher:<id>:payable`',
    examples: ['platform:revenue'],
  });
export const accountFields = { account };
export const transactionFields = { transaction_id: z.uuid().meta({ description: 'The transaction' }) };
export const periodFields = {
  period: z
    .string()
    .min(1)
    .max(20)
    .meta({ description: 'Month in UTC', examples: ['2026-11'] }),
};

const balanceBody = z
  .object({
    currency,
    balance: money.meta({ description: 'Posted: debit above zero, credit below' }),
    pending: money.meta({ description: 'Reserved: part of no balance yet' }),
  })
  .meta({ id: 'LedgerBalance' });
export const accountBody = z
  .object({ account, as_of: time, balances: z.array(balanceBody).meta({ description: 'One balance a currency' }) })
  .meta({ id: 'LedgerAccount' });
export const accountsBody = z.object({ as_of: time, items: z.array(accountBody) }).meta({ id: 'LedgerAccounts' });

const legBody = z.object({ account, currency, amount: money }).meta({ id: 'LedgerLeg' });
const lineBody = z
  .object({
    meter: z.string().meta({ description: 'Meter', examples: ['prompt_tokens'] }),
    resource: z.string().meta({ description: 'Model or tool; `*` for steps of jobs' }),
    quantity: z.int().meta({ description: 'Units of the meter; below zero where a correction takes them back' }),
    unit_price: money
      .nullable()
      .meta({ description: 'Of a million tokens, or of a call or step; null where the cost was metered' }),
    currency,
    amount: money,
  })
  .meta({ id: 'LedgerLine' });
export const transactionBody = z
  .object({
    transaction_id: z.string(),
    charge_id: z.string().meta({
      description: 'Request, call, step, install or run that is charged; a top-up, or what a request draws from credit',
    }),
    kind: z.string().meta({
      description:
        '`reserve`, `charge`, `adjustment`, `reversal`, `install`, `run`, `tier`, `top_up`, `draw` or `void`',
    }),
    legs: z.array(legBody).meta({ description: 'They add up to zero in each currency' }),
    lines: z.array(lineBody),
    price_version: z.int().nullable().meta({ description: 'Version of the prices; 0 where the cost was metered' }),
    settles: z.string().nullable().meta({ description: 'Pending transaction that ends with it' }),
    corrects: z.string().nullable().meta({ description: 'Transaction before it on the charge' }),
    cause_id: z.string().meta({ description: 'Id of the record that caused it' }),
    session_id: z.string().nullable(),
    by: z.string().nullable().meta({ description: 'Principal of a correction' }),
    reason: z.string().nullable(),
    used_at: time,
    recorded_at: time.meta({ description: 'Time at which the log took it' }),
    position: z
      .string()
      .meta({ description: 'Its place in the log, for `as_of`', examples: ['WyJiaWxsaW5nLmxlZGdlciIsMCw0Ml0'] }),
  })
  .meta({ id: 'LedgerTransaction' });
export const transactionPage = page(transactionBody, 'LedgerTransactionPage');
export const transactionsQuery = {
  ...payerField,
  ...asOfField,
  account: account.optional(),
  charge_id: z.string().min(1).max(500).optional().meta({ description: 'Only transactions of this charge' }),
  ...pageQuery,
};

const invoiceLineBody = z
  .object({
    ...lineBody.shape,
    price_version: z.int(),
    first_day: z.string().meta({ description: 'First day of use', examples: ['2026-11-01'] }),
    last_day: z.string().meta({ description: 'Last day of use', examples: ['2026-11-30'] }),
  })
  .meta({ id: 'InvoiceLine' });
export const invoiceBody = z
  .object({
    tenant: z.string(),
    period: periodFields.period,
    status: z.enum(['open', 'final']).meta({ description: '`final`: it never changes again' }),
    from: time,
    as_of: time.meta({ description: 'It has what the log took before this time' }),
    lines: z.array(invoiceLineBody),
    totals: z.array(
      z
        .object({
          currency,
          exact: money,
          amount: z.string().meta({ description: 'Sum of the lines, rounded once, half to even', examples: ['0.25'] }),
          prepaid: money.meta({ description: 'Part that prepaid credit has paid' }),
          due: z
            .string()
            .meta({ description: 'Amount to pay: what is left of the sum, rounded once', examples: ['0.25'] }),
        })
        .meta({ id: 'InvoiceTotal' }),
    ),
  })
  .meta({ id: 'Invoice' });

const unitPrice = z.string().regex(/^\d{1,7}(\.\d{1,9})?$/, 'Expected a decimal');
const tiersBody = z
  .object({
    mode: z.enum(TIER_MODES).meta({
      description:
        '`graduated`: each unit has the price of its own step. `volume`: all units have the price of the step that the month reaches',
    }),
    steps: z
      .array(
        z
          .object({
            above: z
              .int()
              .min(1)
              .max(1_000_000_000_000)
              .meta({ description: 'Units of the month above which it holds' }),
            unit_price: unitPrice.meta({ description: 'Price from there on', examples: ['0.200'] }),
          })
          .meta({ id: 'PriceStep' }),
      )
      .min(1)
      .max(STEPS_MAX)
      .meta({ description: 'Ascending' }),
  })
  .meta({
    id: 'PriceTiers',
    examples: [{ mode: 'graduated', steps: [{ above: 1_000_000, unit_price: '0.800' }] }],
  });
const priceBody = z
  .object({
    meter: z.enum(METERS).meta({ description: 'Meter' }),
    resource,
    unit_price: unitPrice.meta({
      description:
        'Of a million tokens, with at most three digits behind the point; of a call or step. With tiers, that of the first units of a month',
      examples: ['0.250'],
    }),
    tiers: tiersBody.nullable().default(null).meta({
      description: 'Prices of further units of a month in UTC, counted over all use of this price; null for one price',
    }),
  })
  .meta({ id: 'Price' });
const note = z.string().max(NOTE_CHARS_MAX).default('').meta({ description: 'Why the prices change' });
export const setPricesBody = z
  .strictObject({
    currency,
    prices: z
      .array(priceBody)
      .max(PRICES_MAX)
      .meta({ description: 'All prices; use without one costs what was metered' }),
    effective_from: z.iso.datetime({ offset: true }).optional().meta({
      description:
        'Use from this time on; default, and at the earliest: a minute from now. Of versions in effect, the last one holds',
    }),
    note,
    expected_version: z.int().min(0).max(1_000_000).optional().meta({
      description: 'Version that it follows, 0 for none; omitted: the last one, whichever that is',
    }),
  })
  .meta({
    id: 'SetPrices',
    examples: [
      {
        currency: 'USD',
        prices: [
          { meter: 'prompt_tokens', resource: '*', unit_price: '0.250' },
          {
            ...{ meter: 'completion_tokens', resource: '*', unit_price: '1.000' },
            tiers: { mode: 'graduated', steps: [{ above: 1_000_000, unit_price: '0.800' }] },
          },
          { meter: 'tool_calls', resource: '*', unit_price: '0.001' },
        ],
        effective_from: '2099-01-01T00:00:00Z',
        note: 'Prices of the year 2099',
      },
    ],
  });
export const pricesBody = z
  .object({
    version: z.int().meta({ description: 'From 1' }),
    effective_from: time,
    currency,
    prices: z.array(priceBody),
    note: z.string(),
  })
  .meta({ id: 'PriceVersion' });
export const pricesList = z
  .object({
    in_force: z.int().meta({ description: 'Version for use now; 0 when use costs what was metered' }),
    items: z.array(pricesBody).meta({ description: 'Every version, the last first' }),
  })
  .meta({ id: 'Prices' });

const count = z.int().min(0).max(1_000_000_000_000).optional();
export const correctionBody = z
  .strictObject({
    charge_id: z.string().min(1).max(500).meta({ description: 'The charge' }),
    payer: payerField.payer,
    reverse: z.boolean().default(false).meta({ description: 'Reverse the charge whole' }),
    prompt_tokens: count.meta({ description: 'Tokens of prompts that were used; omitted: as before' }),
    completion_tokens: count.meta({ description: 'Tokens of answers that were used; omitted: as before' }),
    calls: count.meta({ description: 'Calls or steps; omitted: as before' }),
    cost: z
      .string()
      .regex(/^\d{1,7}(\.\d{1,9})?$/, 'Expected a decimal')
      .optional()
      .meta({ description: 'Cost of use without a price; omitted: as before', examples: ['0.000100000'] }),
    reason: z
      .string()
      .min(1)
      .max(REASON_CHARS_MAX)
      .meta({ description: 'Why', examples: ['The provider reported too many tokens'] }),
  })
  .meta({
    id: 'CorrectCharge',
    examples: [
      {
        charge_id: '6b1f8ad3-5a0e-4b43-a6de-6a9b4b2f7a10',
        cost: '0.000100000',
        reason: 'The provider reported too many tokens',
      },
    ],
  });
export const correctedBody = z
  .object({
    charge_id: z.string(),
    transaction_id: z.string(),
    kind: z.string(),
    legs: z.array(legBody),
    lines: z.array(lineBody),
  })
  .meta({ id: 'CorrectedCharge' });

export const creditBody = z
  .object({
    tenant: z.string().meta({ description: 'Tenant that pays', examples: ['demo'] }),
    prepaid: z.boolean().meta({ description: 'True from the first top-up on; without it, use is paid later' }),
    currency: z.string().nullable().meta({ description: 'ISO 4217; null for a tenant that pays later' }),
    topped_up: money.meta({ description: 'Sum of all top-ups' }),
    drawn: money.meta({ description: 'Use that the credit has paid' }),
    held: money.meta({ description: 'Reserved for requests that have not ended' }),
    left: money.meta({ description: 'Neither drawn nor held' }),
  })
  .meta({ id: 'Credit' });
export const topUpBody = z
  .strictObject({
    payer: payerField.payer,
    amount: z
      .string()
      .regex(/^\d{1,9}(\.\d{1,9})?$/, 'Expected a decimal')
      .meta({ description: 'Amount to add; above zero', examples: ['25.00'] }),
    currency,
    reason: z
      .string()
      .min(1)
      .max(REASON_CHARS_MAX)
      .meta({ description: 'Why, such as the number of a payment', examples: ['Payment 2026-1187'] }),
  })
  .meta({ id: 'TopUpCredit', examples: [{ amount: '25.00', currency: 'USD', reason: 'Payment 2026-1187' }] });
export const toppedUpBody = z
  .object({
    top_up_id: z.string(),
    tenant: z.string(),
    amount: money,
    total: money.meta({ description: 'Sum of all top-ups, this one included' }),
    currency,
    reason: z.string(),
  })
  .meta({ id: 'ToppedUpCredit' });

const day = z.iso.date().meta({ description: 'Day in UTC' });
const shownDay = z.iso.date().meta({ description: 'Day in UTC', examples: ['2026-11-25'] });
export const rangeQuery = {
  ...payerField,
  from: day.optional().meta({ description: 'First day, in UTC; default: the first of the month' }),
  until: day.optional().meta({ description: 'Last day, in UTC; default: today' }),
};
export const usageBody = z
  .object({
    from: shownDay,
    until: shownDay,
    items: z.array(
      z
        .object({
          day: shownDay,
          model: z.string(),
          currency: z.string(),
          requests: z.int(),
          failures: z.int(),
          prompt_tokens: z.int(),
          completion_tokens: z.int(),
          cost: money.meta({ description: 'Cost as it was metered' }),
        })
        .meta({ id: 'DailyUsage' }),
    ),
  })
  .meta({ id: 'Usage' });

export const whatIfBody = z
  .strictObject({
    ...payerField,
    from: shownDay.optional(),
    until: shownDay.optional(),
    currency,
    prices: setPricesBody.shape.prices,
  })
  .meta({
    id: 'BillingWhatIf',
    examples: [{ currency: 'USD', prices: [{ meter: 'prompt_tokens', resource: '*', unit_price: '0.250' }] }],
  });
export const whatIfResult = z
  .object({
    from: shownDay,
    until: shownDay,
    lines: z.array(lineBody),
    totals: z.array(
      z
        .object({ currency: z.string(), metered: money, priced: money.meta({ description: 'What it would cost' }) })
        .meta({ id: 'WhatIfTotal' }),
    ),
  })
  .meta({ id: 'BillingWhatIfResult' });

export type Invoice = z.infer<typeof invoiceBody>;
