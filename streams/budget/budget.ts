import { multiple } from '../../schemas/amount.ts';
import { limitsWith } from '../../schemas/contexts/billing/credit.ts';
import {
  grantLease,
  leaseGranted,
  leaseRecalled,
  leaseReturned,
  leaseSettled,
  recallLease,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, processor, type RecordOf } from '../kernel.ts';
import { credits } from '../tables/credits.ts';
import { tenants } from '../tables/directory.ts';
import { requestsAhead } from './lease-ahead.ts';
import { dayOf, emptyLedger, evolve, foldLedger, type Ledger, type LedgerEvent, leaseOf } from './ledger.ts';
import { answerWaiting, ask, type Circumstances, type Output } from './questions.ts';

/**
 * Leases to a place whose unused lease runs low. When the rest of the budget is too small for that, recalls it instead:
 * its commands ask one by one from then on.
 */
function askAhead(
  ledger: Ledger,
  { data }: RecordOf<'AskLeaseAhead'>,
  circumstances: Circumstances,
): readonly Output[] {
  const { tenantId, limits, timeMs } = circumstances;
  const { place, tokens, cost } = data;
  const unit = { tokens, cost };
  const ahead = requestsAhead(ledger, limits, { place, unit, asked: { tokens: 0, cost: '0' }, timeMs });
  if (ahead === 0)
    return leaseOf(ledger, place).recalled ? [] : [leaseRecalled({ tenantId, place }), recallLease({ place })];
  const lease = multiple(unit, ahead);
  const kept = { tokensKept: lease.tokens, costKept: lease.cost };
  return [
    leaseGranted({ tenantId, place, number: null, ...lease, ...kept, day: dayOf(ledger, timeMs) }),
    grantLease({ place, ...lease, ...kept }),
  ];
}

/** Enters an event that frees a part of the budget, and answers the commands that waited for it. */
const freed = (ledger: Ledger, event: LedgerEvent, circumstances: Circumstances): readonly Output[] => [
  event,
  ...answerWaiting(foldLedger(ledger, [event]), circumstances),
];

/**
 * Keeps the ledger of each tenant with a budget: leases parts of it to places, which reserve requests from them, and
 * spends what was used. Spent and leased never exceed a limit together. A question is refused only when all of the rest
 * is reserved, or the request is larger than the rest. Source: ADR 0019.
 */
export const budget = processor({
  name: 'budget',
  inputs: [topics.budgetCommands],
  outputs: [topics.budgetEvents, topics.budgetLeases],
  state: topics.budgetState,
  initial: emptyLedger,
  tables: { tenants, credits },
  key: (_, { tenantId }) => tenantId,
  decide(ledger, record, meta, { tenants: known, credits: prepaid }): readonly Output[] {
    const { tenantId, timeMs } = meta;
    const limits = limitsWith(known.get(tenantId)?.settings.budgets ?? [], prepaid.get(tenantId));
    const circumstances = { tenantId, timeMs, limits };
    switch (record.type) {
      case 'AskLease':
        return ask(ledger, record, meta, circumstances);
      case 'AskLeaseAhead':
        return askAhead(ledger, record, circumstances);
      case 'SettleLease':
        return freed(ledger, leaseSettled({ ...record.data, tenantId, day: dayOf(ledger, timeMs) }), circumstances);
      case 'ReturnLease':
        return freed(ledger, leaseReturned({ ...record.data, tenantId }), circumstances);
      default:
        return assertNever(record);
    }
  },
  evolve: (ledger, record) =>
    record.type === 'AnswerLease' || record.type === 'GrantLease' || record.type === 'RecallLease'
      ? ledger
      : evolve(ledger, record),
});
