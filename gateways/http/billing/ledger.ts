import { transactionRows } from '../../../projections/ledger/queries.ts';
import { anyCovers } from '../../../schemas/capabilities.ts';
import { tenantAccount } from '../../../schemas/contexts/billing/accounts.ts';
import { correctCapability } from '../../../schemas/contexts/billing.ts';
import { correctCharge } from '../../../schemas/generated/records.ts';
import { pageOf } from '../../shared/paging.ts';
import { Problem, refusalProblem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import { requireCapability } from '../../shared/route/request.ts';
import {
  accountBody,
  accountFields,
  accountsBody,
  asOfField,
  correctedBody,
  correctionBody,
  payerField,
  transactionBody,
  transactionFields,
  transactionPage,
  transactionsQuery,
} from './schemas.ts';
import { asOfTime, type BillingServices, payer, requireReader } from './scope.ts';
import { accountsOf, lineOf, transactionOf } from './views.ts';

const { command, endpoint } = declare<BillingServices>();

const takes = requireReader;
const description = 'Requires `billing:read`; of another tenant `billing:read:<tenant>`.';

const listAccounts = endpoint({
  operationId: 'listLedgerAccounts',
  tag: 'billing',
  summary: 'List the accounts of the ledger with their balances',
  description: `${description} As of a time, the balances are the same whenever they are asked for.`,
  url: '/v1/ledger/accounts',
  query: { ...payerField, ...asOfField },
  takes,
  views: ['ledger'],
  response: accountsBody,
  answer: async ({ caller, query, services }) => {
    const tenantId = payer({ caller, query });
    const asOf = await asOfTime(query.as_of, tenantId, services);
    const balances = await services.readModel.ledger.balances(tenantId, { account: null, asOf });
    const at = asOf ?? new Date();
    return { as_of: at.toISOString(), items: accountsOf(balances, at) };
  },
});

const getAccount = endpoint({
  operationId: 'getLedgerAccount',
  tag: 'billing',
  summary: 'Get an account of the ledger with its balance',
  description: `${description} The account of the tenant always exists; any other one once a transaction has named it.`,
  url: '/v1/ledger/accounts/:account',
  params: accountFields,
  query: { ...payerField, ...asOfField },
  takes,
  views: ['ledger'],
  response: accountBody,
  problems: ['RESOURCE_UNKNOWN'],
  answer: async ({ caller, params: { account }, query, services }) => {
    const tenantId = payer({ caller, query });
    const asOf = await asOfTime(query.as_of, tenantId, services);
    const at = asOf ?? new Date();
    const balances = await services.readModel.ledger.balances(tenantId, { account, asOf });
    const [found] = accountsOf(balances, at);
    if (found === undefined && account !== tenantAccount(tenantId))
      throw new Problem('RESOURCE_UNKNOWN', `The ledger of ${tenantId} has no account ${account}`);
    return found ?? { account, as_of: at.toISOString(), balances: [] };
  },
});

const listTransactions = endpoint({
  operationId: 'listLedgerTransactions',
  tag: 'billing',
  summary: 'List the transactions of the ledger, the newest first',
  description,
  url: '/v1/ledger/transactions',
  query: transactionsQuery,
  takes,
  views: ['ledger'],
  response: transactionPage,
  answer: async ({ caller, query, services }) => {
    const tenantId = payer({ caller, query });
    const asOf = await asOfTime(query.as_of, tenantId, services);
    const { account, charge_id: chargeId } = query;
    const where = [
      ...(account === undefined ? [] : [{ column: 'accounts' as const, is: 'has' as const, value: account }]),
      ...(chargeId === undefined ? [] : [{ column: 'charge_id' as const, is: '=' as const, value: chargeId }]),
      // Times have whole milliseconds, so this is at or before.
      ...(asOf === null
        ? []
        : [
            {
              ...{ column: 'recorded_at' as const, is: '<' as const },
              value: new Date(asOf.getTime() + 1).toISOString(),
            },
          ]),
    ];
    const found = await services.readModel.rows(tenantId, transactionRows, { ...pageOf(query), where });
    return { items: found.items.map(transactionOf), next_cursor: found.nextCursor };
  },
});

const getTransaction = endpoint({
  operationId: 'getLedgerTransaction',
  tag: 'billing',
  summary: 'Get a transaction of the ledger with its legs and lines',
  description,
  url: '/v1/ledger/transactions/:transaction_id',
  params: transactionFields,
  query: payerField,
  takes,
  views: ['ledger'],
  response: transactionBody,
  problems: ['RESOURCE_UNKNOWN'],
  answer: async ({ caller, params, query, services }) => {
    const found = await services.readModel.row(payer({ caller, query }), transactionRows, params.transaction_id);
    if (found === undefined) throw new Problem('RESOURCE_UNKNOWN', `There is no transaction ${params.transaction_id}`);
    return transactionOf(found);
  },
});

const correct = command({
  operationId: 'correctCharge',
  tag: 'billing',
  summary: 'Correct the use of a charge, or reverse it',
  description:
    'Requires `billing:correct:<tenant>`, also for the own tenant. Posts one further transaction with the difference, which names the one before it; nothing is ever changed. A charge takes corrections for 40 days, and one that is reversed as well.',
  method: 'POST',
  url: '/v1/ledger/corrections',
  body: correctionBody,
  takes: ({ caller, body }) => {
    const needed = correctCapability(body.payer ?? caller.tenantId);
    requireCapability(anyCovers(caller.capabilities, needed), needed);
  },
  tenant: ({ caller, body }) => body.payer ?? caller.tenantId,
  appends: ['CorrectCharge'],
  command: ({ body, caller, tenantId }) =>
    correctCharge({
      ...{ chargeId: body.charge_id, principal: caller.principal, principalTenant: caller.tenantId },
      ...{ capabilities: caller.capabilities, tenantId, reverses: body.reverse, reason: body.reason },
      ...{ promptTokens: body.prompt_tokens ?? null, completionTokens: body.completion_tokens ?? null },
      ...{ calls: body.calls ?? null, cost: body.cost ?? null },
    }),
  place: async ({ body, tenantId, services }) => {
    const where = [{ column: 'charge_id' as const, is: '=' as const, value: body.charge_id }];
    const { items } = await services.readModel.rows(tenantId, transactionRows, { limit: 1, cursor: null, where });
    return items[0]?.place ?? null;
  },
  subject: ({ body }) => body.charge_id,
  location: ({ body }) => `/v1/ledger/transactions?charge_id=${encodeURIComponent(body.charge_id)}`,
  problems: ['CHARGE_UNKNOWN', 'READ_MODEL_UNAVAILABLE'],
  outcomes: {
    CorrectionRefused: {
      kind: 'refusal' as const,
      problems: ['CHARGE_UNKNOWN', 'CAPABILITY_MISSING'],
      problem: ({ chargeId, code, detail }) => refusalProblem(code, detail, { charge_id: chargeId }),
    },
    LedgerPosted: {
      status: 200,
      schema: correctedBody,
      answer: ({ chargeId, transactionId, kind, legs, lines }) => ({
        ...{ charge_id: chargeId, transaction_id: transactionId, kind, legs: [...legs], lines: lines.map(lineOf) },
      }),
    },
  },
});

/** Routes of the ledger. */
export const ledgerRoutes = [listAccounts, getAccount, listTransactions, getTransaction, correct];
