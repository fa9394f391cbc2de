import { BOOK, faultOf, versionAt } from '../../../schemas/contexts/billing/prices.ts';
import { SET_PRICES } from '../../../schemas/contexts/billing.ts';
import { setPrices } from '../../../schemas/generated/records.ts';
import { TAKE_EFFECT_MS } from '../../shared/command/defaults.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { versionedRefusal } from '../../shared/problems/versioned.ts';
import { declare } from '../../shared/route/declare.ts';
import { pricesBody, pricesList, setPricesBody } from './schemas.ts';
import type { BillingServices } from './scope.ts';
import { pricesIn, pricesOf } from './views.ts';

const { command, endpoint } = declare<BillingServices>();

const listPrices = endpoint({
  operationId: 'listPrices',
  tag: 'billing',
  summary: 'List every version of the prices',
  description: 'Any API key may read them. Without a price, use costs what was metered, under version 0.',
  url: '/v1/prices',
  response: pricesList,
  answer: ({ services: { tables } }) => {
    const known = tables.prices.value;
    const items = [...known.values()].sort((one, other) => other.version - one.version).map(pricesOf);
    return { in_force: versionAt(known, Date.now())?.version ?? 0, items };
  },
});

const putPrices = command({
  operationId: 'setPrices',
  tag: 'billing',
  summary: 'Set the next version of the prices',
  description:
    'Requires `billing:prices`. A version holds for use from its time on, at least a minute from now, for every tenant; what was charged before stays as it is. `expected_version` names the version that it follows.',
  method: 'PUT',
  url: '/v1/prices',
  takes: SET_PRICES,
  body: setPricesBody,
  appends: ['SetPrices'],
  command: ({ body, caller }) => {
    const prices = pricesIn(body.prices);
    const fault = faultOf(prices);
    if (fault !== null) throw new Problem('PRICES_INVALID', fault);
    return setPrices({
      ...{ bookId: BOOK, principal: caller.principal, principalTenant: caller.tenantId, prices, note: body.note },
      ...{ capabilities: caller.capabilities, currency: body.currency },
      expectedVersion: body.expected_version ?? null,
      effectiveFrom: body.effective_from === undefined ? null : Date.parse(body.effective_from),
    });
  },
  location: () => '/v1/prices',
  problems: ['PRICES_INVALID'],
  outcomes: {
    PricesRefused: versionedRefusal('PRICES_INVALID', 'PRECONDITION_FAILED'),
    PricesSet: {
      status: 200,
      schema: pricesBody,
      inEffect: ({ version }, { services }) =>
        services.tables.prices.holds((known) => known.has(version), TAKE_EFFECT_MS),
      answer: (set) => pricesOf(set),
    },
  },
});

/** Routes of prices. Reads are answered from the table of the gateway. */
export const pricesRoutes = [listPrices, putPrices];
