/**
 * The lease of a place, between policy and the ledger of the tenant: what is asked for, answered and returned. Each
 * function returns the records for the ledger, and the events that the account of the place folds.
 */
import { type Amount, covers, excess, isNothing, least, minus, multiple, nothing, plus } from '../../schemas/amount.ts';
import {
  type AnswerLease,
  askLease,
  askLeaseAhead,
  type BudgetClaim,
  budgetSettled,
  type ClassifierAnswer,
  type EngineAnswer,
  leaseGivenBack,
  leaseReceived,
  leaseRequested,
  returnLease,
  type SettleLease,
  settleLease,
} from '../../schemas/generated/records.ts';
import type { GovernedCommand } from '../../schemas/governed.ts';
import type { RecordOf } from '../kernel.ts';
import { expired, foldAccount, heldBy, isPrepaid, type LeaseAccount, type LeaseEvent } from './lease-account.ts';

/** A record for the ledger of the tenant. */
export type LeaseReport = RecordOf<'AskLease' | 'AskLeaseAhead' | 'SettleLease' | 'ReturnLease'>;
export type LeaseOutput = LeaseReport | LeaseEvent;

/** Whose account it is. */
export interface Holder {
  readonly tenantId: string;
  readonly place: string;
}

/** A command that the lease of its place does not cover. */
export interface Uncovered {
  readonly subjectId: string;
  readonly commandId: string;
  readonly command: GovernedCommand;
  readonly engine: EngineAnswer | null;
  readonly classifier: ClassifierAnswer | null;
}

/**
 * Returns the question of a command. It returns what the place holds unused: the ledger then leases the whole amount,
 * and no part lies idle while the command waits. Never throws.
 */
export function leaseQuestion(
  { unused, asked }: LeaseAccount,
  uncovered: Uncovered,
  { tokens, cost }: BudgetClaim,
  { tenantId, place }: Holder,
): readonly LeaseOutput[] {
  const number = asked + 1;
  const returned = { tokensReturned: unused.tokens, costReturned: unused.cost };
  return [
    askLease({ tenantId, place, number, ...uncovered, tokens, cost, ...returned }),
    leaseRequested({ place, number, subjectId: uncovered.subjectId, ...returned }),
  ];
}

/** Returns the question that the ledger deferred once more, with its number. Never throws. */
export const leaseQuestionAgain = (
  { number, subjectId, commandId, command, engine, classifier, tokens, cost }: AnswerLease,
  { tenantId, place }: Holder,
): LeaseReport =>
  askLease({
    ...{ tenantId, place, number, subjectId, commandId, command, engine, classifier, tokens, cost },
    ...{ tokensReturned: 0, costReturned: nothing.cost },
  });

/**
 * Returns a question ahead of commands when less than half of what the place may keep is unused; none while another has
 * no answer. `unit` is the claim of the latest request. Never throws.
 */
export function leaseQuestionAhead(
  account: LeaseAccount,
  unit: Amount,
  { tenantId, place }: Holder,
): readonly LeaseOutput[] {
  const { unused, kept, asking, askedAhead } = account;
  const isAsking = askedAhead || Object.keys(asking).length > 0;
  if (isAsking || isNothing(unit) || isNothing(kept) || covers(multiple(unused, 2), kept)) return [];
  const { tokens, cost } = unit;
  const returned = { tokensReturned: 0, costReturned: nothing.cost };
  return [
    askLeaseAhead({ tenantId, place, tokens, cost }),
    leaseRequested({ place, number: null, subjectId: null, ...returned }),
  ];
}

/** Returns the event of an answer to a command. Never throws. */
export const answerReceived = (
  { place, subjectId, outcome, tokensGranted, costGranted, tokensKept, costKept, windows }: AnswerLease,
  at: number,
): LeaseEvent =>
  leaseReceived({
    ...{ place, subjectId, tokens: tokensGranted, cost: costGranted, tokensKept, costKept, at },
    // Only a lease that was granted shows that all leases and the spent credit fit into the credit together.
    prepaid: outcome === 'granted' && windows.some(({ window }) => window === 'credit'),
  });

/** Returns the event of a lease ahead of commands. Never throws. */
export const grantReceived = ({ data }: RecordOf<'GrantLease'>, at: number): LeaseEvent =>
  leaseReceived({ ...data, subjectId: null, at, prepaid: false });

/** Returns the whole unused part to the ledger; a recall is answered also when there is none. Never throws. */
export function giveBack(
  { unused }: LeaseAccount,
  recalled: boolean,
  { tenantId, place }: Holder,
): readonly LeaseOutput[] {
  const { tokens, cost } = unused;
  return [returnLease({ tenantId, place, tokens, cost, recalled }), leaseGivenBack({ place, tokens, cost })];
}

/**
 * Returns the unused part when the place may keep none: a command was answered and then denied, or repeated. Never
 * throws.
 */
export const giveUnkeptBack = (account: LeaseAccount, holder: Holder): readonly LeaseOutput[] =>
  isNothing(account.kept) && !isNothing(account.unused) ? giveBack(account, false, holder) : [];

/**
 * Returns the settlement of a request that has ended. The unused part of its reservation stays with the place, up to
 * twice of what it may keep; beyond that it keeps as much as it may. A prepaid request draws what it used of its
 * reservation, and never more. Never throws.
 */
export function settled(
  account: LeaseAccount,
  end: Pick<SettleLease, 'requestId' | 'outcome' | 'tokens' | 'cost'>,
  { tenantId, place }: Holder,
): readonly LeaseOutput[] {
  const reserved = heldBy(account, end.requestId);
  const used = least(reserved, end);
  const unused = plus(account.unused, minus(reserved, used));
  const surplus = covers(multiple(account.kept, 2), unused) ? nothing : excess(unused, account.kept);
  const released = plus(used, surplus);
  const parts = { tokensReleased: released.tokens, costReleased: released.cost };
  const costDrawn = isPrepaid(account, end.requestId) ? used.cost : null;
  const changesNothing = end.outcome === 'unused' && isNothing(released);
  return [
    budgetSettled({ place, ...end, tokensReserved: reserved.tokens, costReserved: reserved.cost, ...parts, costDrawn }),
    ...(changesNothing ? [] : [settleLease({ tenantId, place, ...end, ...parts, costDrawn })]),
  ];
}

/** Unused leases are returned after a minute without use, and within two. */
export const IDLE_MS = 60_000;

const isEvent = (output: LeaseOutput): output is LeaseEvent =>
  output.type === 'BudgetSettled' || output.type === 'LeaseGivenBack';

/**
 * Releases the reservations that expire by `timeMs`, in ms since 1970, and returns an unused part that is idle by then.
 * Never throws.
 */
export function review(account: LeaseAccount, timeMs: number, holder: Holder): readonly LeaseOutput[] {
  const outputs: LeaseOutput[] = [];
  let now = account;
  const add = (more: readonly LeaseOutput[]): void => {
    outputs.push(...more);
    now = foldAccount(now, more.filter(isEvent));
  };
  for (const requestId of expired(account, timeMs))
    add(settled(now, { requestId, outcome: 'unused', ...nothing }, holder));
  if (!isNothing(now.unused) && now.usedAt + IDLE_MS <= timeMs) add(giveBack(now, false, holder));
  return outputs;
}

/** Returns the first value without a list of all of them. */
function firstOf<T>(values: Readonly<Record<string, T>>): T | undefined {
  for (const key in values) return values[key];
  return undefined;
}

/**
 * Returns the times of the next reviews, in ms since 1970: when the oldest reservation has expired, and when an unused
 * part is idle. They are whole minutes, so that few commands change them. Never throws.
 */
export function reviewTimes({ unused, usedAt, open }: LeaseAccount): readonly number[] {
  const oldest = firstOf(open);
  const minuteOf = (ms: number): number => Math.max(0, Math.floor(ms / IDLE_MS));
  const minutes = [
    ...(oldest === undefined ? [] : [minuteOf(oldest.expiresAt) + 1]),
    ...(isNothing(unused) ? [] : [minuteOf(usedAt) + 2]),
  ];
  return [...new Set(minutes)].map((minute) => minute * IDLE_MS);
}
