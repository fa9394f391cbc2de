/** Invoices: folds of what the log took in a month. */
import { inCents, moneyOf, opposite, total, unitsOf } from './money.ts';

/** A month in UTC. */
export interface Period {
  /** YYYY-MM. */
  readonly name: string;
  /** Its first moment, and that of the next, in ms since 1970. */
  readonly fromMs: number;
  readonly untilMs: number;
}

export const PERIOD = /^(20\d\d)-(0[1-9]|1[0-2])$/;

/**
 * Time after the end of a month from which its invoice is final, in ms. The log gives a record its time before it is
 * read, so this is longer than any record is on its way to the read model.
 */
export const FINAL_AFTER_MS = 60 * 60 * 1000;

/** Returns the month of a name; null for any other text. */
export function periodOf(name: string): Period | null {
  const [, year, month] = PERIOD.exec(name) ?? [];
  if (year === undefined || month === undefined) return null;
  const at = (offset: number) => Date.UTC(Number(year), Number(month) - 1 + offset, 1);
  return { name, fromMs: at(0), untilMs: at(1) };
}

/** A sum of lines of the ledger. */
export interface ChargedLine {
  /** Day of use, YYYY-MM-DD, UTC. */
  readonly day: string;
  readonly meter: string;
  readonly resource: string;
  readonly unitPrice: string | null;
  readonly priceVersion: number;
  readonly currency: string;
  readonly quantity: number;
  readonly amount: string;
}

export interface InvoiceLine extends Omit<ChargedLine, 'day'> {
  /** First and last day of use. A day before the period: a correction, or use that came late. */
  readonly firstDay: string;
  readonly lastDay: string;
}

export interface InvoiceTotal {
  readonly currency: string;
  /** Exact sum of the lines. */
  readonly exact: string;
  /** The exact sum, rounded once, half to even. */
  readonly amount: string;
  /** Part of the exact sum that prepaid credit has paid. */
  readonly prepaid: string;
  /** Amount to pay: the rest of the exact sum, rounded once. */
  readonly due: string;
}

const keyOf = ({ meter, resource, priceVersion, unitPrice, currency }: Omit<ChargedLine, 'day'>): string =>
  JSON.stringify([resource, meter, priceVersion, unitPrice, currency]);

/** Returns the lines of an invoice, by resource, meter, version and price, in this order: the same for any order of what it folds. */
export function invoiceLines(charged: readonly ChargedLine[]): readonly InvoiceLine[] {
  const lines = new Map<string, InvoiceLine>();
  for (const { day, ...line } of charged) {
    const key = keyOf(line);
    const before = lines.get(key);
    lines.set(
      key,
      before === undefined
        ? { ...line, amount: moneyOf(unitsOf(line.amount)), firstDay: day, lastDay: day }
        : {
            ...before,
            quantity: before.quantity + line.quantity,
            amount: total([before.amount, line.amount]),
            firstDay: [day, before.firstDay].sort()[0] ?? day,
            lastDay: [day, before.lastDay].sort()[1] ?? day,
          },
    );
  }
  return [...lines].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, line]) => line);
}

/** An amount in a currency. */
type Money = Pick<InvoiceLine, 'currency' | 'amount'>;

const sumOf = (amounts: readonly Money[], currency: string): string =>
  total(amounts.filter((each) => each.currency === currency).map(({ amount }) => amount));

/**
 * Returns the totals of lines, one a currency, ordered by it. `drawn` is what prepaid credit paid in the month: also for use of
 * the month before, whose lines are on another invoice.
 */
export function totalsOf(lines: readonly Money[], drawn: readonly Money[] = []): readonly InvoiceTotal[] {
  const currencies = [...new Set([...lines, ...drawn].map(({ currency }) => currency))].sort();
  return currencies.map((currency) => {
    const exact = sumOf(lines, currency);
    const prepaid = sumOf(drawn, currency);
    return { currency, exact, amount: inCents(exact), prepaid, due: inCents(total([exact, opposite(prepaid)])) };
  });
}
