import { type Amount, isNothing, minus, nothing, plus } from '../../schemas/amount.ts';
import type { Taken } from '../../schemas/contexts/budget.ts';
import type { LeaseAwaited } from '../../schemas/generated/records.ts';
import { assertNever, type RecordOf } from '../kernel.ts';

/** The lease of one place. */
export interface PlaceLease {
  /** Amount leased: reserved by requests of the place, or unused. */
  readonly leased: Amount;
  /** True when the place may hold a part unused: it was leased more than its commands asked for. */
  readonly loose: boolean;
  /** True while the answer to a recall is expected. */
  readonly recalled: boolean;
  /** Numbers of questions that are to be asked again, in order. */
  readonly deferred: readonly number[];
}

/** A command that waits for unused leases of other places. */
export type Waiting = Omit<LeaseAwaited, 'tenantId'>;

/**
 * The use of a tenant's budgets, and what is leased to its places. Amounts: tokens, and money with nine fraction digits.
 * Spent and leased never exceed a limit together.
 */
export interface Ledger {
  /** Amount spent since the tenant first had a budget. */
  readonly spent: Amount;
  /** The latest UTC day on which something was leased or spent, such as `2026-11-25`, and the amount spent on it. */
  readonly day: string;
  readonly spentToday: Amount;
  /** Amount leased: the sum over `places`. */
  readonly leased: Amount;
  /** By place; a place without a lease is not stored. */
  readonly places: Readonly<Record<string, PlaceLease>>;
  /** Commands that wait, in order. At most WAITING_BYTES_MAX, unless it is a single one. */
  readonly waiting: readonly Waiting[];
  /** Prepaid credit that is drawn; absent before the first. With what is leased it never exceeds the credit. */
  readonly drawn?: string;
}

export type LedgerEvent = RecordOf<
  | 'LeaseGranted'
  | 'LeaseAwaited'
  | 'LeaseDeferred'
  | 'LeaseRefused'
  | 'LeaseRecalled'
  | 'LeaseReturned'
  | 'LeaseSettled'
>;

export const emptyLedger: Ledger = {
  ...{ spent: nothing, day: '', spentToday: nothing, leased: nothing },
  places: {},
  waiting: [],
};

const unleased: PlaceLease = { leased: nothing, loose: false, recalled: false, deferred: [] };

/** Returns the prepaid credit that is drawn; tokens are none. Never throws. */
export const drawnBy = ({ drawn = nothing.cost }: Ledger): Amount => ({ tokens: 0, cost: drawn });

/** Returns the lease of a place; an empty one for a place without. Never throws. */
export const leaseOf = ({ places }: Ledger, place: string): PlaceLease =>
  (Object.hasOwn(places, place) ? places[place] : undefined) ?? unleased;

/** Returns the ledger with another lease of a place. A place that is leased nothing holds nothing unused. */
function withLease(ledger: Ledger, place: string, lease: PlaceLease): Ledger {
  const before = leaseOf(ledger, place);
  const { [place]: _, ...others } = ledger.places;
  const isLeased = lease.leased.tokens !== 0 || lease.leased.cost !== nothing.cost;
  const now = { ...lease, loose: lease.loose && isLeased };
  const isKept = isLeased || lease.recalled || lease.deferred.length > 0;
  return {
    ...ledger,
    leased: plus(minus(ledger.leased, before.leased), lease.leased),
    places: isKept ? { ...others, [place]: now } : others,
  };
}

/** Returns the ledger without a question that waited or was deferred, since it is answered. */
function answered(ledger: Ledger, place: string, number: number): Ledger {
  const lease = leaseOf(ledger, place);
  const waiting = ledger.waiting.filter((each) => each.place !== place || each.number !== number);
  return withLease({ ...ledger, waiting }, place, {
    ...lease,
    deferred: lease.deferred.filter((each) => each !== number),
  });
}

/** Returns the ledger on a day: nothing is spent yet on one that has just begun. */
const onDay = (ledger: Ledger, day: string): Ledger =>
  day === ledger.day ? ledger : { ...ledger, day, spentToday: nothing };

/** Folds an event into the ledger. Throws when an amount is not a decimal of nine fraction digits. */
export function evolve(ledger: Ledger, event: LedgerEvent): Ledger {
  const { place } = event.data;
  const lease = leaseOf(ledger, place);
  switch (event.type) {
    case 'LeaseGranted': {
      const { number, tokensKept, costKept, day } = event.data;
      const loose = lease.loose || !isNothing({ tokens: tokensKept, cost: costKept });
      const granted = withLease(onDay(ledger, day), place, { ...lease, leased: plus(lease.leased, event.data), loose });
      return number === null ? granted : answered(granted, place, number);
    }
    case 'LeaseAwaited': {
      const { tenantId: _, ...waiting } = event.data;
      const undeferred = answered(ledger, place, waiting.number);
      return { ...undeferred, waiting: [...undeferred.waiting, waiting] };
    }
    case 'LeaseDeferred':
      return withLease(ledger, place, { ...lease, deferred: [...lease.deferred, event.data.number] });
    case 'LeaseRefused':
      return answered(ledger, place, event.data.number);
    case 'LeaseRecalled':
      return withLease(ledger, place, { ...lease, recalled: true });
    case 'LeaseReturned': {
      const { recalled } = event.data;
      const held = recalled ? { loose: false, recalled: false } : {};
      return withLease(ledger, place, { ...lease, ...held, leased: minus(lease.leased, event.data) });
    }
    case 'LeaseSettled': {
      const { tokensReleased, costReleased, day, costDrawn } = event.data;
      const drawn = costDrawn === null ? {} : { drawn: plus(drawnBy(ledger), { tokens: 0, cost: costDrawn }).cost };
      const released = { tokens: tokensReleased, cost: costReleased };
      const today = onDay(ledger, day);
      return {
        ...withLease(today, place, { ...lease, leased: minus(lease.leased, released) }),
        spent: plus(today.spent, event.data),
        spentToday: plus(today.spentToday, event.data),
        ...drawn,
      };
    }
    default:
      return assertNever(event);
  }
}

/** Folds events into a ledger and returns it. Never throws. */
export const foldLedger = (ledger: Ledger, events: readonly LedgerEvent[]): Ledger => events.reduce(evolve, ledger);

/**
 * Returns the UTC day of `timeMs`, in ms since 1970, but never a day before the ledger's: late reports count on the
 * current day. Throws RangeError for an invalid time.
 */
export function dayOf({ day }: Ledger, timeMs: number): string {
  const reported = new Date(timeMs).toISOString().slice(0, 10);
  return reported > day ? reported : day;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Returns what is spent, and spent on the day of `timeMs`, in ms since 1970. Throws RangeError for an invalid time. */
export function spentBy(ledger: Ledger, timeMs: number): Taken {
  const day = dayOf(ledger, timeMs);
  return {
    total: ledger.spent,
    day: day === ledger.day ? ledger.spentToday : nothing,
    drawn: drawnBy(ledger),
    leased: nothing,
    dayEndsAt: Date.parse(day) + DAY_MS,
  };
}

/** Returns what is spent or leased. A lease counts on every day, since it may be spent on any. */
export function takenBy(ledger: Ledger, timeMs: number): Taken {
  const { total, day, drawn, dayEndsAt } = spentBy(ledger, timeMs);
  const { leased } = ledger;
  return { total: plus(total, leased), day: plus(day, leased), drawn: plus(drawn, leased), leased, dayEndsAt };
}
