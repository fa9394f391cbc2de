import { CREDIT_MAX, creditPlace } from '../../schemas/contexts/billing/credit.ts';
import { moneyOf, NO_MONEY, total, unitsOf } from '../../schemas/contexts/billing/money.ts';
import { mayTopUp, REASON_CHARS_MAX, topUpCapability } from '../../schemas/contexts/billing.ts';
import { creditRefused, creditToppedUp, type TopUpCredit, tenantCredit } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type Processor, processor, type RecordOf } from '../kernel.ts';

type CreditEvent = RecordOf<'CreditToppedUp' | 'CreditRefused'>;

/** Top-ups whose ids are remembered: one that is sent again among them is added once. About 40 bytes each. */
export const TOP_UPS_REMEMBERED = 1_000;

/** What a tenant was given. */
export interface CreditState {
  /** Sum of all top-ups. */
  readonly total: string;
  /** Ids of the last TOP_UPS_REMEMBERED, the oldest first. */
  readonly topUps: readonly string[];
}

const initial: CreditState = { total: NO_MONEY, topUps: [] };

/** Returns why a top-up changes nothing, or null. */
function refusalOf({ total: before }: CreditState, command: TopUpCredit, currency: string) {
  const { tenantId, capabilities, amount, reason } = command;
  const invalid = (detail: string) => ({ code: 'CREDIT_INVALID', detail });
  if (!mayTopUp(capabilities, tenantId))
    return { code: 'CAPABILITY_MISSING', detail: `This requires ${topUpCapability(tenantId)}.` };
  if (command.currency !== currency) return invalid(`Credit is in ${currency}, the currency of the platform.`);
  if (unitsOf(amount) <= 0n) return invalid('A top-up is above zero.');
  if (unitsOf(before) + unitsOf(amount) > unitsOf(CREDIT_MAX)) return invalid(`All top-ups are at most ${CREDIT_MAX}.`);
  if (reason.length > REASON_CHARS_MAX) return invalid(`A reason has at most ${REASON_CHARS_MAX} characters.`);
  return null;
}

/** Decides on a top-up. One that was added already emits nothing. */
export const decideIn =
  (currency: string) =>
  (state: CreditState, { data }: RecordOf<'TopUpCredit'>): readonly (CreditEvent | RecordOf<'TenantCredit'>)[] => {
    const { tenantId, topUpId, principal, principalTenant, reason } = data;
    if (state.topUps.includes(topUpId)) return [];
    const refused = refusalOf(state, data, currency);
    if (refused !== null) return [creditRefused({ tenantId, topUpId, principal, ...refused })];
    const amount = moneyOf(unitsOf(data.amount));
    const sum = total([state.total, amount]);
    return [
      creditToppedUp({
        tenantId,
        topUpId,
        amount,
        total: sum,
        currency,
        by: principal,
        byTenant: principalTenant,
        reason,
      }),
      tenantCredit({ tenantId, total: sum, currency }),
    ];
  };

/** Folds one event into the state of its tenant. */
export function evolve(state: CreditState, event: CreditEvent | RecordOf<'TenantCredit'>): CreditState {
  switch (event.type) {
    case 'CreditToppedUp':
      return { total: event.data.total, topUps: [...state.topUps, event.data.topUpId].slice(-TOP_UPS_REMEMBERED) };
    case 'CreditRefused':
    case 'TenantCredit':
      return state;
    default:
      return assertNever(event);
  }
}

/**
 * Adds up the prepaid credit of each tenant, in `currency`. Draws are kept by the ledger of budgets, which leases it to
 * places as it leases every budget. Source: ADR 0055.
 */
export const credit = (currency: string): Processor =>
  processor({
    name: 'credit',
    inputs: [topics.billingCreditControls],
    outputs: [topics.billingCredits, topics.billingPrepaid],
    state: topics.creditState,
    initial,
    finished: ({ topUps }) => topUps.length === 0,
    // A record in another place is in the partition of another task, which would add up a second sum.
    key: ({ data }, { place }) => (place === creditPlace(data.tenantId) ? data.tenantId : null),
    decide: decideIn(currency),
    evolve,
  });
