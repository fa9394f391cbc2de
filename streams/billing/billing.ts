import { legsOfPrepaidUse, legsOfUse, net } from '../../schemas/contexts/billing/accounts.ts';
import { isZero } from '../../schemas/contexts/billing/money.ts';
import { type PriceVersions, rated, takenBack, versionAt } from '../../schemas/contexts/billing/prices.ts';
import { noUse, useOfModel, useOfTool } from '../../schemas/contexts/billing/use.ts';
import { correctCapability, mayCorrect } from '../../schemas/contexts/billing.ts';
import {
  type BudgetReserved,
  type CorrectCharge,
  chargeClosed,
  correctionRefused,
  type JobStepCompleted,
  type LedgerLine,
  ledgerPosted,
  ledgerReserved,
  ledgerVoided,
  type MeteredUse,
  reviewCharge,
} from '../../schemas/generated/records.ts';
import { derivedId } from '../../schemas/ids.ts';
import { topics } from '../../schemas/topics.ts';
import { type Meta, type Processor, processor, type RecordOf, type RecordsOf, type Timer } from '../kernel.ts';
import { prices as table } from '../tables/prices.ts';
import {
  absent,
  type ChargeState,
  closesAt,
  evolve,
  isLater,
  type LedgerEvent,
  type Order,
  type Pending,
  releasedBy,
} from './charge.ts';

const NAME = 'billing';

const inputs = [
  ...[topics.policyMemory, topics.slmMetrics, topics.toolsCalls, topics.jobsEvents],
  ...[topics.billingControls, topics.billingTimers],
] as const;
type Input = RecordsOf<typeof inputs>;
type Read = Pick<Meta, 'id' | 'tenantId' | 'timeMs'>;

/** What a record reports of a charge. */
interface Report extends Order {
  readonly use: MeteredUse;
  readonly usedAt: number;
  readonly sessionId: string | null;
  readonly by: string | null;
  readonly reason: string | null;
}

/** Returns the lines of what is charged; none for nothing, such as a metered cost of zero. */
const linesOf = (prices: PriceVersions, use: MeteredUse, usedAt: number) => rated(versionAt(prices, usedAt), use);

/** Returns the transaction that makes a report hold: the difference to what is posted. Nothing for an earlier report. */
function reported(
  state: ChargeState,
  chargeId: string,
  report: Report,
  { id, tenantId }: Read,
  prices: PriceVersions,
): readonly LedgerEvent[] {
  const before = state.status === 'posted' ? state.posted : null;
  if (before !== null && !isLater(report, before)) return [];
  const usedAt = before === null ? report.usedAt : Math.min(before.usedAt, report.usedAt);
  const isReversal = report.rank === 1 && report.use === noUse;
  const { version, lines: total } = isReversal
    ? { version: before?.priceVersion ?? 0, lines: [] }
    : linesOf(prices, report.use, usedAt);
  if (before === null && state.status === 'absent' && total.length === 0) return [];
  const isSame = before !== null && JSON.stringify(before.lines) === JSON.stringify(total);
  const lines: readonly LedgerLine[] = isSame ? [] : [...takenBack(before?.lines ?? []), ...total];
  const legs = net(lines.flatMap(({ currency, amount }) => legsOfUse(tenantId, currency, amount)));
  const replaces =
    before === null ? null : { total: before.lines, priceVersion: before.priceVersion, usedAt: before.usedAt };
  const { rank, reportedAt, causeId, sessionId, by, reason } = report;
  return [
    ledgerPosted({
      ...{ chargeId, transactionId: derivedId(id, NAME, 'post'), tenantId, legs, lines, total, ...releasedBy(state) },
      ...{ kind: before === null ? 'charge' : isReversal ? 'reversal' : 'adjustment' },
      ...{ corrects: before?.transactionId ?? null, priceVersion: version, rank, reportedAt, causeId },
      ...{ use: isReversal && before !== null ? before.use : report.use, usedAt, by, reason },
      ...{ sessionId: sessionId ?? before?.sessionId ?? null, replaces },
    }),
  ];
}

/**
 * Returns the pending transaction of a reservation, on the account that it draws on. A reservation of no money, or one that
 * comes late, holds nothing.
 */
function reserved(
  state: ChargeState,
  data: BudgetReserved,
  { id, tenantId, timeMs }: Read,
  currency: string,
): readonly LedgerEvent[] {
  if (state.status !== 'absent' || isZero(data.cost)) return [];
  const { requestId: chargeId, cost } = data;
  const expiresAt = Math.max(timeMs, data.expiresAt);
  const legs = (data.prepaid ? legsOfPrepaidUse : legsOfUse)(tenantId, currency, cost);
  const transactionId = derivedId(id, NAME, 'reserve');
  return [ledgerReserved({ chargeId, transactionId, tenantId, legs, causeId: id, expiresAt })];
}

const voided = (
  { tenantId, pending }: { readonly tenantId: string; readonly pending: Pending },
  chargeId: string,
  reason: 'unused' | 'expired',
  causeId: string,
): readonly LedgerEvent[] => [
  ledgerVoided({
    ...{ chargeId, tenantId, transactionId: pending.transactionId, reason, causeId },
    legs: releasedBy({ status: 'reserved', tenantId, pending }).released,
  }),
];

/** Adding 0 makes 0 of -0, which JSON and Avro do not have. */
const atLeast0 = (amount: number): number => Math.max(0, amount) + 0;

function corrected(state: ChargeState, data: CorrectCharge, meta: Read, prices: PriceVersions): readonly LedgerEvent[] {
  const { chargeId, principal, tenantId, capabilities, reverses, reason } = data;
  const refuse = (code: string, detail: string) => [correctionRefused({ chargeId, principal, code, detail })];
  if (!mayCorrect(capabilities, tenantId))
    return refuse('CAPABILITY_MISSING', `This requires ${correctCapability(tenantId)}.`);
  // Installs and runs of capsules have no state here: their price was shared with the publisher.
  if (state.status !== 'posted' || state.tenantId !== tenantId)
    return refuse('CHARGE_UNKNOWN', 'There is no charge of this id that takes corrections.');
  const { use, usedAt, sessionId } = state.posted;
  const quantities = {
    promptTokens: atLeast0(data.promptTokens ?? use.promptTokens),
    completionTokens: atLeast0(data.completionTokens ?? use.completionTokens),
    calls: atLeast0(data.calls ?? use.calls),
  };
  const cost = data.cost ?? use.cost;
  const report = {
    ...{ use: reverses ? noUse : { ...use, ...quantities, cost }, usedAt, sessionId, by: principal, reason },
    ...{ rank: 1, reportedAt: meta.timeMs, causeId: meta.id },
  };
  return reported(state, chargeId, report, { ...meta, tenantId }, prices);
}

const byReport = { rank: 0, by: null, reason: null } as const;

/**
 * Decides on a reservation or its end, on use that was metered, on a correction, or on a timer. Reports may come in any
 * order and more than once: the charge ends at the same lines. Simulated records report nothing that happened; they have
 * no key here.
 */
export const decideIn =
  (currency: string) =>
  (
    state: ChargeState,
    input: Input,
    meta: Read,
    { prices }: { readonly prices: PriceVersions },
  ): readonly LedgerEvent[] => {
    const { id: causeId, timeMs } = meta;
    const times = { causeId, usedAt: timeMs, reportedAt: timeMs };
    switch (input.type) {
      case 'BudgetReserved':
        return reserved(state, input.data, meta, currency);
      case 'BudgetSettled':
        return state.status === 'reserved' && input.data.outcome === 'unused'
          ? voided(state, input.data.requestId, 'unused', causeId)
          : [];
      case 'SlmMetered': {
        const { requestId, sessionId } = input.data;
        return reported(
          state,
          requestId,
          { ...byReport, ...times, sessionId, use: useOfModel(input.data) },
          meta,
          prices,
        );
      }
      case 'ToolCallCompleted': {
        const { callId, sessionId } = input.data;
        const use = useOfTool(input.data, currency);
        return reported(state, callId, { ...byReport, ...times, sessionId, use }, meta, prices);
      }
      case 'JobStepCompleted': {
        const use = { ...noUse, kind: 'step', calls: 1, currency };
        return reported(state, stepId(input.data), { ...byReport, ...times, sessionId: null, use }, meta, prices);
      }
      case 'CorrectCharge':
        return corrected(state, input.data, meta, prices);
      case 'ReviewCharge':
        return reviewed(state, input.data.chargeId, meta);
      default:
        return [];
    }
  };

function reviewed(state: ChargeState, chargeId: string, { id, timeMs }: Read): readonly LedgerEvent[] {
  if (state.status === 'reserved')
    return timeMs >= state.pending.expiresAt ? voided(state, chargeId, 'expired', id) : [];
  return state.status === 'posted' && timeMs >= closesAt(state.posted) ? [chargeClosed({ chargeId })] : [];
}

const stepId = ({ jobId, path, name, nth }: JobStepCompleted): string => [jobId, path, name, nth].join('/');

/** Returns the charge of a record; null for one that reports nothing of any. */
function keyOf(record: Input, { simulation }: Pick<Meta, 'simulation'>): string | null {
  if (simulation !== undefined) return null;
  switch (record.type) {
    case 'BudgetReserved':
    case 'BudgetSettled':
    case 'SlmMetered':
      return record.data.requestId;
    case 'ToolCallCompleted':
      return record.data.callId;
    case 'JobStepCompleted':
      return record.data.kind === 'step' && record.data.outcome === 'completed' ? stepId(record.data) : null;
    case 'CorrectCharge':
    case 'ReviewCharge':
      return record.data.chargeId;
    default:
      return null;
  }
}

/** Lists the end of a reservation, or the time after which a charge takes no reports. */
function due(state: ChargeState, chargeId: string): readonly Timer<RecordOf<'ReviewCharge'>>[] {
  if (state.status === 'absent') return [];
  const atMs = state.status === 'reserved' ? state.pending.expiresAt : closesAt(state.posted);
  return [{ atMs, record: reviewCharge({ chargeId }) }];
}

/**
 * Returns the processor of the ledger: it folds what is metered in the log into postings. `currency` is that of reserved
 * amounts and of calls. State: some 600 bytes a charge, for CHARGE_OPEN_MS.
 */
export const billing = (currency: string): Processor =>
  processor({
    name: NAME,
    inputs,
    outputs: [topics.billingLedger],
    tables: { prices: table },
    state: topics.billingState,
    stateVersion: 2,
    initial: absent as ChargeState,
    finished: ({ status }) => status === 'absent',
    // No caller waits for a charge, so many share a transaction.
    lingerMs: 100,
    key: keyOf,
    decide: decideIn(currency),
    evolve,
    timers: { topic: topics.billingTimers, due },
  });
