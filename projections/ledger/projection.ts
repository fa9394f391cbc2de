import type { LedgerLeg, LedgerPosted } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import {
  appendTable,
  assertNever,
  first,
  foldTable,
  instant,
  key,
  type ProjectedMeta,
  projection,
  type RowChange,
  row,
  sum,
} from '../kernel.ts';
import type { RowView } from '../rows.ts';

/** One row a transaction: reserve, charge, adjustment, reversal, install or void. */
export const transactionsTable = appendTable('ledger_transactions', {
  tenant_id: key('text'),
  transaction_id: key('text'),
  charge_id: first('text'),
  place: first('text'),
  kind: first('text'),
  accounts: first('text[]'),
  legs: first('jsonb'),
  lines: first('jsonb'),
  price_version: first('integer'),
  settles: first('text'),
  corrects: first('text'),
  cause_id: first('text'),
  session_id: first('text'),
  by: first('text'),
  reason: first('text'),
  used_at: first('timestamptz'),
  recorded_at: first('timestamptz'),
  log_partition: first('integer'),
  log_offset: first('bigint'),
});

/** One row a leg, posted or pending. */
export const legsTable = appendTable('ledger_legs', {
  tenant_id: key('text'),
  transaction_id: key('text'),
  account: key('text'),
  currency: key('text'),
  state: key('text'),
  amount: first('numeric'),
  recorded_at: first('timestamptz'),
});

export const daysTable = foldTable('ledger_days', {
  tenant_id: key('text'),
  day: key('date'),
  account: key('text'),
  currency: key('text'),
  posted: sum('numeric'),
  pending: sum('numeric'),
  transactions: sum('bigint'),
});

/** One row a line that a posted transaction charges for or takes back. */
export const linesTable = appendTable('ledger_lines', {
  tenant_id: key('text'),
  transaction_id: key('text'),
  line: key('integer'),
  charge_id: first('text'),
  session_id: first('text'),
  meter: first('text'),
  resource: first('text'),
  quantity: first('bigint'),
  unit_price: first('numeric'),
  price_version: first('integer'),
  currency: first('text'),
  amount: first('numeric'),
  used_at: first('timestamptz'),
  recorded_at: first('timestamptz'),
});

export type TransactionRow = RowView<typeof transactionsTable.columns>;

type LegState = 'posted' | 'pending';
interface Moved {
  readonly transactionId: string;
  readonly legs: readonly LedgerLeg[];
  readonly state: LegState;
}

/** Returns the rows of legs. The times are those of the log, so that a balance as of a time never changes. */
const moved = (meta: ProjectedMeta, { transactionId: transaction_id, legs, state }: Moved): readonly RowChange[] => {
  const recorded_at = instant(meta.appendedAtMs);
  const own = { tenant_id: meta.tenantId };
  return legs.flatMap(({ account, currency, amount }) => [
    row(legsTable, { ...own, transaction_id, account, currency, state, amount, recorded_at }),
    row(daysTable, {
      ...{ ...own, day: recorded_at.slice(0, 10), account, currency, transactions: 1 },
      ...{ posted: state === 'posted' ? amount : '0', pending: state === 'pending' ? amount : '0' },
    }),
  ]);
};

interface Entry {
  readonly chargeId: string;
  readonly transactionId: string;
  readonly kind: string;
  readonly legs: readonly LedgerLeg[];
  readonly causeId: string;
  readonly usedAt: number;
  readonly posted?: LedgerPosted;
  readonly settles?: string | null;
  readonly reason?: string | null;
}

const json = (items: readonly object[]): unknown => JSON.parse(JSON.stringify(items, snakeCased)) as unknown;
const snakeCased = (name: string, value: unknown): unknown =>
  name === '' || Array.isArray(value) || typeof value !== 'object' || value === null
    ? value
    : Object.fromEntries(
        Object.entries(value).map(([each, held]) => [each === 'unitPrice' ? 'unit_price' : each, held]),
      );

function entered(meta: ProjectedMeta, entry: Entry): RowChange {
  const { tenantId: tenant_id, place, appendedAtMs, partition: log_partition, offset: log_offset } = meta;
  const { chargeId: charge_id, transactionId: transaction_id, kind, legs, causeId: cause_id, posted } = entry;
  return row(transactionsTable, {
    ...{ tenant_id, transaction_id, charge_id, place, kind, cause_id, log_partition, log_offset },
    ...{
      accounts: [...new Set(legs.map(({ account }) => account))],
      legs: json(legs),
      lines: json(posted?.lines ?? []),
    },
    ...{ price_version: posted?.priceVersion ?? null, settles: posted?.settles ?? entry.settles ?? null },
    ...{ corrects: posted?.corrects ?? null, session_id: posted?.sessionId ?? null, by: posted?.by ?? null },
    ...{ reason: posted?.reason ?? entry.reason ?? null },
    ...{ used_at: instant(entry.usedAt), recorded_at: instant(appendedAtMs) },
  });
}

const linesOf = (meta: ProjectedMeta, posted: LedgerPosted): readonly RowChange[] =>
  posted.lines.map(({ meter, resource, quantity, unitPrice: unit_price, currency, amount }, line) =>
    row(linesTable, {
      ...{ tenant_id: meta.tenantId, transaction_id: posted.transactionId, line, charge_id: posted.chargeId },
      ...{ session_id: posted.sessionId, meter, resource, quantity, unit_price, price_version: posted.priceVersion },
      ...{ currency, amount, used_at: instant(posted.usedAt), recorded_at: instant(meta.appendedAtMs) },
    }),
  );

/** Read model `ledger`: transactions, their legs and lines, and sums of legs by day. */
export const ledger = projection({
  name: 'ledger',
  version: 1,
  inputs: [topics.billingLedger],
  lane: 'batch',
  tables: [transactionsTable, legsTable, daysTable, linesTable],
  apply({ type, data }, meta) {
    switch (type) {
      case 'LedgerReserved': {
        const { transactionId, legs } = data;
        const entry = { ...data, kind: 'reserve', usedAt: meta.timeMs };
        return [entered(meta, entry), ...moved(meta, { transactionId, legs, state: 'pending' })];
      }
      case 'LedgerPosted': {
        const { transactionId, legs, released } = data;
        return [
          entered(meta, { ...data, posted: data }),
          ...moved(meta, { transactionId, legs, state: 'posted' }),
          ...moved(meta, { transactionId, legs: released, state: 'pending' }),
          ...linesOf(meta, data),
        ];
      }
      case 'LedgerVoided': {
        const { transactionId: settles, legs } = data;
        // One record ends a pending transaction, so the id of the record is that of the end.
        const transactionId = meta.id;
        const entry = { ...data, transactionId, settles, kind: 'void', usedAt: meta.timeMs };
        return [entered(meta, entry), ...moved(meta, { transactionId, legs, state: 'pending' })];
      }
      case 'ChargeClosed':
      case 'CorrectionRefused':
        return [];
      default:
        return assertNever(type);
    }
  },
});
