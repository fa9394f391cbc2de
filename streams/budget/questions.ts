/** Questions of commands to the ledger: each is granted, refused, waits for unused leases, or is to be asked again. */
import { isNothing, multiple, nothing } from '../../schemas/amount.ts';
import { exceeded, windowsOf } from '../../schemas/contexts/budget.ts';
import {
  type AnswerLease,
  answerLease,
  type BudgetLimit,
  leaseAwaited,
  leaseDeferred,
  leaseGranted,
  leaseRecalled,
  leaseRefused,
  leaseReturned,
  recallLease,
} from '../../schemas/generated/records.ts';
import type { Meta, RecordOf } from '../kernel.ts';
import { requestsAhead } from './lease-ahead.ts';
import { dayOf, foldLedger, type Ledger, type LedgerEvent, leaseOf, spentBy, takenBy, type Waiting } from './ledger.ts';

export type Output = LedgerEvent | RecordOf<'AnswerLease' | 'GrantLease' | 'RecallLease'>;

/** The circumstances of an answer: limits of the tenant, and the time of the record that is decided. */
export interface Circumstances {
  readonly tenantId: string;
  readonly limits: readonly BudgetLimit[];
  /** Ms since 1970. */
  readonly timeMs: number;
}

/** Bound on the commands that wait, in bytes of JSON: a state may have 1 MB. */
export const WAITING_BYTES_MAX = 400_000;

const bytesOf = (waiting: readonly Waiting[]): number => Buffer.byteLength(JSON.stringify(waiting), 'utf8');

const isEvent = (output: Output): output is LedgerEvent =>
  output.type !== 'AnswerLease' && output.type !== 'GrantLease' && output.type !== 'RecallLease';

const after = (ledger: Ledger, outputs: readonly Output[]): Ledger => foldLedger(ledger, outputs.filter(isEvent));

/**
 * Returns what becomes of a question now. It waits only while an unused lease may come back, and never when it is larger
 * than what is not spent.
 */
function outcomeOf(
  ledger: Ledger,
  question: Waiting,
  { limits, timeMs }: Circumstances,
): 'granted' | 'refused' | 'waits' {
  if (exceeded(question, windowsOf(limits, takenBy(ledger, timeMs))).length === 0) return 'granted';
  if (exceeded(question, windowsOf(limits, spentBy(ledger, timeMs))).length > 0) return 'refused';
  return Object.values(ledger.places).some(({ loose, recalled }) => loose || recalled) ? 'waits' : 'refused';
}

const noGrant = { tokensGranted: 0, costGranted: nothing.cost, tokensKept: 0, costKept: nothing.cost };

function granted(ledger: Ledger, question: Waiting, circumstances: Circumstances): readonly Output[] {
  const { tenantId, limits, timeMs } = circumstances;
  const { place, number } = question;
  // A question that waits is not counted: it is about to be answered.
  const others = { ...ledger, waiting: ledger.waiting.filter((each) => each !== question) };
  const ahead = requestsAhead(others, limits, { place, unit: question, asked: question, timeMs });
  const lease = multiple(question, 1 + ahead);
  const kept = multiple(question, ahead);
  const parts = { tokensKept: kept.tokens, costKept: kept.cost };
  const windows = windowsOf(limits, takenBy(ledger, timeMs));
  return [
    leaseGranted({ tenantId, place, number, ...lease, ...parts, day: dayOf(ledger, timeMs) }),
    answerLease({
      ...question,
      ...{ outcome: 'granted', tokensGranted: lease.tokens, costGranted: lease.cost, ...parts, windows },
    }),
  ];
}

function refused(ledger: Ledger, question: Waiting, { tenantId, limits, timeMs }: Circumstances): readonly Output[] {
  const { place, number } = question;
  const isKnown = ledger.waiting.includes(question) || leaseOf(ledger, place).deferred.includes(number);
  const windows = windowsOf(limits, takenBy(ledger, timeMs));
  return [
    ...(isKnown ? [leaseRefused({ tenantId, place, number })] : []),
    answerLease({ ...question, outcome: 'refused', ...noGrant, windows }),
  ];
}

/** Returns the recalls of all unused leases that are not recalled yet. */
const recalls = ({ places }: Ledger, { tenantId }: Circumstances): readonly Output[] =>
  Object.entries(places)
    .filter(([, { loose, recalled }]) => loose && !recalled)
    .flatMap(([place]) => [leaseRecalled({ tenantId, place }), recallLease({ place })]);

/** Answers the commands that wait, in order, up to the first that has to wait longer. Never throws. */
export function answerWaiting(ledger: Ledger, circumstances: Circumstances): readonly Output[] {
  const outputs: Output[] = [];
  let now = ledger;
  for (const question of ledger.waiting) {
    const outcome = outcomeOf(now, question, circumstances);
    if (outcome === 'waits') return [...outputs, ...recalls(now, circumstances)];
    const answer =
      outcome === 'granted' ? granted(now, question, circumstances) : refused(now, question, circumstances);
    outputs.push(...answer);
    now = after(now, answer);
  }
  return outputs;
}

/** Returns true for a question that no earlier one of its place is to be asked again before. */
function isInTurn(ledger: Ledger, { place, number }: Waiting): boolean {
  const [first = number] = leaseOf(ledger, place).deferred;
  return first === number;
}

function deferred(ledger: Ledger, question: Waiting, { tenantId }: Circumstances): readonly Output[] {
  const { place, number } = question;
  const again: Pick<AnswerLease, 'outcome' | 'windows'> = { outcome: 'again', windows: [] };
  const isKnown = leaseOf(ledger, place).deferred.includes(number);
  return [
    ...(isKnown ? [] : [leaseDeferred({ tenantId, place, number })]),
    answerLease({ ...question, ...again, ...noGrant }),
  ];
}

function answeredOrWaiting(ledger: Ledger, question: Waiting, circumstances: Circumstances): readonly Output[] {
  if (!isInTurn(ledger, question)) return deferred(ledger, question, circumstances);
  const isFirst = ledger.waiting.length === 0;
  const outcome = isFirst ? outcomeOf(ledger, question, circumstances) : 'waits';
  if (outcome === 'granted') return granted(ledger, question, circumstances);
  if (outcome === 'refused') return refused(ledger, question, circumstances);
  // One command alone always has room: a request is smaller than the bound.
  if (!isFirst && bytesOf([...ledger.waiting, question]) > WAITING_BYTES_MAX)
    return deferred(ledger, question, circumstances);
  return [leaseAwaited({ tenantId: circumstances.tenantId, ...question })];
}

const questionOf = (
  { tenantId: _, tokensReturned: __, costReturned: ___, ...question }: RecordOf<'AskLease'>['data'],
  { correlationId, traceparent, requestDigest, timeMs: time }: Meta,
): Waiting => ({ ...question, chain: { correlationId, traceparent, requestDigest: requestDigest ?? null, time } });

/**
 * Answers a question, or lets it wait behind earlier ones. What its place returned with it is available first. Never
 * throws.
 */
export function ask(
  ledger: Ledger,
  { data }: RecordOf<'AskLease'>,
  meta: Meta,
  circumstances: Circumstances,
): readonly Output[] {
  const { tenantId } = circumstances;
  const { place, tokensReturned: tokens, costReturned: cost } = data;
  const returned = isNothing({ tokens, cost })
    ? []
    : [leaseReturned({ tenantId, place, tokens, cost, recalled: false })];
  const before = foldLedger(ledger, returned);
  const outputs = answeredOrWaiting(before, questionOf(data, meta), circumstances);
  const now = after(before, outputs);
  return [...returned, ...outputs, ...answerWaiting(now, circumstances)];
}
