import { creditAccount, PLATFORM_CASH } from '../../../schemas/contexts/billing/accounts.ts';
import { creditPlace } from '../../../schemas/contexts/billing/credit.ts';
import { mayTopUp, topUpCapability } from '../../../schemas/contexts/billing.ts';
import { topUpCredit } from '../../../schemas/generated/records.ts';
import { refusalProblem } from '../../shared/problems/problem.ts';
import { declare } from '../../shared/route/declare.ts';
import { requireCapability } from '../../shared/route/request.ts';
import { creditBody, payerField, toppedUpBody, topUpBody } from './schemas.ts';
import { type BillingServices, payer, requireReader } from './scope.ts';
import { creditOf } from './views.ts';

const { command, endpoint } = declare<BillingServices>();

const getCredit = endpoint({
  operationId: 'getCredit',
  tag: 'billing',
  summary: 'Get the prepaid credit of a tenant: topped up, drawn, held and left',
  description:
    'Requires `billing:read`; of another tenant `billing:read:<tenant>`. A tenant is prepaid from its first top-up on; use of any other tenant is paid later. The read model may lag the ledger that decides by a moment.',
  url: '/v1/credit',
  query: payerField,
  takes: requireReader,
  views: ['ledger'],
  response: creditBody,
  answer: async ({ caller, query, services: { readModel } }) => {
    const tenantId = payer({ caller, query });
    const of = (account: string) => readModel.ledger.balances(tenantId, { account, asOf: null });
    const [credit, paid] = await Promise.all([of(creditAccount(tenantId)), of(PLATFORM_CASH)]);
    return creditOf(tenantId, credit[0], paid[0]);
  },
});

const topUp = command({
  operationId: 'topUpCredit',
  tag: 'billing',
  summary: 'Add to the prepaid credit of a tenant',
  description:
    'Requires `billing:top-up:<tenant>`, also for the own tenant. The first top-up makes the tenant prepaid: from then on its requests are refused with 402 `CREDIT_SPENT` when they could cost more than is left. Send it again with its `Idempotency-Key`: it is added once.',
  method: 'POST',
  url: '/v1/credit/top-ups',
  body: topUpBody,
  takes: ({ caller, body }) => {
    const tenantId = body.payer ?? caller.tenantId;
    requireCapability(mayTopUp(caller.capabilities, tenantId), topUpCapability(tenantId));
  },
  tenant: ({ caller, body }) => body.payer ?? caller.tenantId,
  appends: ['TopUpCredit'],
  command: ({ body, caller, tenantId, identity }) =>
    topUpCredit({
      ...{ tenantId, topUpId: identity.commandId, principal: caller.principal, principalTenant: caller.tenantId },
      ...{ capabilities: caller.capabilities, amount: body.amount, currency: body.currency, reason: body.reason },
    }),
  place: async ({ tenantId }) => creditPlace(tenantId),
  location: ({ tenantId }) => `/v1/credit?payer=${encodeURIComponent(tenantId)}`,
  problems: ['CREDIT_INVALID'],
  outcomes: {
    CreditRefused: {
      kind: 'refusal' as const,
      problems: ['CREDIT_INVALID', 'CAPABILITY_MISSING'],
      problem: ({ code, detail }) => refusalProblem(code, detail, {}),
    },
    CreditToppedUp: {
      status: 201,
      schema: toppedUpBody,
      answer: ({ topUpId, tenantId: tenant, amount, total, currency, reason }) => ({
        ...{ top_up_id: topUpId, tenant, amount, total, currency, reason },
      }),
    },
  },
});

/** Routes of prepaid credit. */
export const creditRoutes = [getCredit, topUp];
