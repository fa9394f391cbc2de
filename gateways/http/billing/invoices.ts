import { z } from 'zod';
import { creditAccount, PLATFORM_CASH } from '../../../schemas/contexts/billing/accounts.ts';
import { csvOf } from '../../../schemas/contexts/billing/csv.ts';
import { focusCsv } from '../../../schemas/contexts/billing/focus.ts';
import {
  FINAL_AFTER_MS,
  invoiceLines,
  type Period,
  periodOf,
  totalsOf,
} from '../../../schemas/contexts/billing/invoice.ts';
import { isZero, opposite } from '../../../schemas/contexts/billing/money.ts';
import { isoOf } from '../../../schemas/instant.ts';
import type { App } from '../../shared/app-type.ts';
import { callerOf } from '../../shared/auth/authenticate.ts';
import type { Caller } from '../../shared/auth/caller.ts';
import { awaitPosition, positionHeaders, positionQuery } from '../../shared/position.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import type { Route } from '../../shared/route/route.ts';
import { invoicePdf } from './pdf.ts';
import { type Invoice, invoiceBody, payerField, periodFields } from './schemas.ts';
import { type BillingServices, payer, requireReader } from './scope.ts';

const { endpoint } = declare<BillingServices>();

function periodNamed(name: string): Period {
  const period = periodOf(name);
  if (period === null) throw new Problem('REQUEST_INVALID', `${name} is not a month`);
  return period;
}

const rangeOf = ({ fromMs, untilMs }: Period) => ({ from: new Date(fromMs), until: new Date(untilMs) });

/**
 * Resolves with what prepaid credit paid between two times of the log, by currency: what it lost beyond what top-ups added. Nothing
 * for a tenant that pays later.
 */
async function drawnIn({ readModel }: BillingServices, tenant: string, { fromMs, untilMs }: Period) {
  const of = (account: string, ms: number) => readModel.ledger.balances(tenant, { account, asOf: new Date(ms - 1) });
  const accounts = [creditAccount(tenant), PLATFORM_CASH];
  const [before, after] = await Promise.all(
    [fromMs, untilMs].map(async (ms) => (await Promise.all(accounts.map((each) => of(each, ms)))).flat()),
  );
  const moved = [
    ...(after ?? []).map(({ currency, posted: amount }) => ({ currency, amount })),
    ...(before ?? []).map(({ currency, posted }) => ({ currency, amount: opposite(posted) })),
  ];
  return moved.filter(({ amount }) => !isZero(amount));
}

/** Resolves with the invoice of a month: a fold of what the log took in it. Once it is final, it is the same to the last digit. */
async function invoiceOf(services: BillingServices, tenant: string, name: string): Promise<Invoice> {
  const period = periodNamed(name);
  const now = Date.now();
  const [charged, drawn] = await Promise.all([
    services.readModel.ledger.lines(tenant, rangeOf(period)),
    drawnIn(services, tenant, period),
  ]);
  const lines = invoiceLines(charged);
  return {
    ...{ tenant, period: name, status: now >= period.untilMs + FINAL_AFTER_MS ? 'final' : 'open' },
    ...{ from: isoOf(period.fromMs), as_of: isoOf(Math.min(now, period.untilMs)) },
    lines: lines.map(({ unitPrice: unit_price, priceVersion, firstDay: first_day, lastDay: last_day, ...line }) => ({
      ...{ ...line, unit_price, price_version: priceVersion, first_day, last_day },
    })),
    totals: [...totalsOf(lines, drawn)],
  };
}

const INVOICE_COLUMNS = [
  ...['resource', 'meter', 'quantity', 'unit_price', 'price_version', 'currency', 'amount', 'first_day', 'last_day'],
] as const satisfies readonly (keyof Invoice['lines'][number])[];

const invoiceCsv = ({ lines }: Invoice): string =>
  csvOf(
    INVOICE_COLUMNS,
    lines.map((line) => INVOICE_COLUMNS.map((column) => line[column])),
  );

const description = 'Requires `billing:read`; of another tenant `billing:read:<tenant>`.';

const getInvoice = endpoint({
  operationId: 'getInvoice',
  tag: 'billing',
  summary: 'Get the invoice of a month',
  description: `${description} It has what the log took in the month, so an invoice is final an hour after it; what comes later is on the next one.`,
  url: '/v1/invoices/:period',
  params: periodFields,
  query: payerField,
  takes: requireReader,
  views: ['ledger'],
  response: invoiceBody,
  answer: ({ caller, params, query, services }) => invoiceOf(services, payer({ caller, query }), params.period),
});

const monthField = {
  period: periodFields.period
    .optional()
    .meta({ description: 'Month in UTC; default: this one', examples: ['2026-11'] }),
};
const thisMonth = (): string => new Date().toISOString().slice(0, 7);

interface Document {
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly url: string;
  readonly mediaType: string;
  readonly render: (services: BillingServices, tenant: string, period: string) => Promise<string | Buffer>;
}

/** Returns a route that answers with a document of a tenant's month. */
function documentRoute({
  operationId,
  summary,
  description: text,
  url,
  mediaType,
  render,
}: Document): Route<BillingServices> {
  const ofPath = url.includes(':period');
  const query = { ...payerField, ...(ofPath ? {} : monthField), ...positionQuery };
  return {
    outcomes: [],
    follows: [],
    register: (app: App, services: BillingServices) => {
      app.route({
        method: 'GET',
        url,
        config: {
          auth: 'api_key',
          produces: mediaType,
          problems: ['CAPABILITY_MISSING', 'READ_MODEL_UNAVAILABLE', 'READ_MODEL_BEHIND'],
        },
        schema: {
          operationId,
          tags: ['billing'],
          summary,
          description: text,
          ...(ofPath && { params: z.object(periodFields) }),
          querystring: z.strictObject(query),
          headers: positionHeaders,
          response: {
            200: {
              description: 'The document',
              content: { [mediaType]: { schema: z.unknown() } },
            },
          },
        },
        handler: async (request, reply) => {
          const caller: Caller = callerOf(request);
          const asked = { ...(request.params as object), ...(request.query as object) } as {
            readonly period?: string;
            readonly payer?: string;
          };
          requireReader({ caller, query: asked });
          await awaitPosition(request, services.readModel, ['ledger']);
          const document = await render(services, payer({ caller, query: asked }), asked.period ?? thisMonth());
          return reply
            .type(mediaType)
            .header('cache-control', 'private, no-store')
            .send(document as never);
        },
      });
    },
  };
}

const getInvoiceCsv = documentRoute({
  ...{ operationId: 'getInvoiceCsv', summary: 'Get the lines of an invoice as CSV', url: '/v1/invoices/:period/csv' },
  ...{ description, mediaType: 'text/csv' },
  render: async (services, tenant, period) => invoiceCsv(await invoiceOf(services, tenant, period)),
});

const getInvoicePdf = documentRoute({
  ...{ operationId: 'getInvoicePdf', summary: 'Get an invoice as PDF', url: '/v1/invoices/:period/pdf' },
  ...{ description, mediaType: 'application/pdf' },
  render: async (services, tenant, period) => invoicePdf(await invoiceOf(services, tenant, period)),
});

const getFocusCosts = documentRoute({
  ...{
    operationId: 'getFocusCosts',
    summary: 'Get the costs of a month in the columns of FOCUS 1.2',
    url: '/v1/costs/focus.csv',
  },
  ...{ description: `${description} One row a day, resource and price.`, mediaType: 'text/csv' },
  render: async ({ readModel }, tenant, name) => {
    const period = periodNamed(name);
    return focusCsv(tenant, period, await readModel.ledger.lines(tenant, rangeOf(period)));
  },
});

/** Routes of invoices and of costs. */
export const invoiceRoutes = [getInvoice, getInvoiceCsv, getInvoicePdf, getFocusCosts];
