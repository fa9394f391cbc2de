import type { Schemas } from '../../../../infra/client/api.ts';
import type { Gauge } from './budgets.ts';
import { amount, count, duration, shareOf } from './text.ts';

type Run = Schemas['WorkflowRun'];
type Node = Schemas['WorkflowNode'];
type Used = Run['used'];
type Budget = Schemas['WorkflowBudget'];

/** A task as its card in a drawing. */
export interface TaskCard {
  /** JSON pointer in the document. */
  readonly at: string;
  readonly name: string;
  readonly kind: string;
  /** Word of its state; empty for a task of which nothing is known. */
  readonly state: string;
  /** What else the card says, in one line. */
  readonly remark: string;
  /** Share of its steps that have completed, from 0 to 1; null for a single one. */
  readonly share: number | null;
  /** True for a task that the drawing stresses, with the arrows between such tasks. */
  readonly isStressed: boolean;
}

const isZero = (decimal: string): boolean => Number(decimal) === 0;

/** Returns what was used, in one line: `2 calls, 120 tokens, cost 0.0002`; empty for nothing. */
export function usedText({ calls, tokens, cost }: Used): string {
  return [
    ...(calls === 0 ? [] : [`${count(calls)} ${calls === 1 ? 'call' : 'calls'}`]),
    ...(tokens === 0 ? [] : [`${count(tokens)} tokens`]),
    ...(isZero(cost) ? [] : [`cost ${amount(cost)}`]),
  ].join(', ');
}

/** Returns one gauge for each limit of a budget: how much of it is left. */
export function budgetGauges(budget: Budget | null, used: Used): readonly Gauge[] {
  const { calls, tokens, cost } = budget ?? {};
  const whole = (name: string, max: number | undefined, taken: number): readonly Gauge[] => {
    if (max === undefined) return [];
    const left = Math.max(0, max - taken);
    return [{ name, leftText: count(left), maxText: count(max), share: shareOf(left, max) }];
  };
  const money = (max: string | undefined): readonly Gauge[] => {
    if (max === undefined) return [];
    const left = Math.max(0, Number(max) - Number(used.cost));
    return [
      { name: 'cost', leftText: amount(left.toFixed(9)), maxText: amount(max), share: shareOf(left, Number(max)) },
    ];
  };
  return [...whole('calls', calls, used.calls), ...whole('tokens', tokens, used.tokens), ...money(cost)];
}

/** Returns how much of a budget is used, by the limit with the least left: `25 % of its budget`; empty without one. */
function budgetText(budget: Budget | null, used: Used): string {
  const shares = budgetGauges(budget, used).map(({ share }) => 1 - (share ?? 1));
  return shares.length === 0 ? '' : `${Math.round(Math.max(...shares) * 100)} % of its budget`;
}

/** Returns how long a task has taken, in ms; up to `nowMs` while it goes on; null before it begins. */
export const tookMs = (
  { started_at: from, ended_at: to }: Pick<Node, 'started_at' | 'ended_at'>,
  nowMs: number,
): number | null => (from === null ? null : (to === null ? nowMs : Date.parse(to)) - Date.parse(from));

const STATES: Readonly<Record<Node['state'], string>> = {
  ...{ none: '', in_review: 'in review', running: 'running', completed: 'completed', failed: 'failed' },
};

/** Returns the word of the state of a task; a task that asks for nothing itself runs while something in it does. */
export function stateOf(node: Pick<Node, 'at' | 'state'>, nodes: readonly Pick<Node, 'at' | 'state'>[]): string {
  if (node.state !== 'none') return STATES[node.state];
  const goesOn = nodes.some(
    ({ at, state }) => (state === 'running' || state === 'in_review') && at.startsWith(`${node.at}/`),
  );
  return goesOn ? STATES.running : '';
}

/** Returns the cards of a run. */
export function runCards({ nodes }: Pick<Run, 'nodes'>, nowMs: number): readonly TaskCard[] {
  return nodes.map((node) => {
    const { at, name, kind, steps, completed, attempts, code, used } = node;
    const ms = tookMs(node, nowMs);
    const hasBegun = steps > 0 || nodes.some((each) => each.steps > 0 && each.at.startsWith(`${at}/`));
    const parts = [
      ...(code === null ? [] : [code]),
      ...(steps > 1 ? [`${count(completed)} of ${count(steps)}`] : []),
      ...(attempts > steps ? [`${count(attempts)} attempts`] : []),
      ...(ms === null ? [] : [duration(ms)]),
      ...[usedText(used), budgetText(node.budget, used)].filter((text) => text !== ''),
    ];
    return {
      ...{ at, name, kind, state: stateOf(node, nodes), remark: parts.join(' · '), isStressed: hasBegun },
      share: steps > 1 ? shareOf(completed, steps) : null,
    };
  });
}

/** A review that waits, with the task that it is of. */
export interface OpenReview {
  readonly node: Node;
  readonly reviewId: string;
  /** Input that is to be approved. */
  readonly input: unknown;
}

/** Returns the pointer of the task that a person looks for first: one in review, that runs or that has failed; empty for none. */
export const firstTask = ({ nodes }: Pick<Run, 'nodes'>): string =>
  (['in_review', 'running', 'failed'] as const)
    .map((wanted) => nodes.find(({ state }) => state === wanted)?.at)
    .find((at) => at !== undefined) ?? '';

/** Returns the reviews that a run waits for, in the order of its tasks. */
export const openReviews = ({ nodes }: Pick<Run, 'nodes'>): readonly OpenReview[] =>
  nodes.flatMap((node) => node.reviews.map(({ review_id: reviewId, input }) => ({ node, reviewId, input })));

/** Returns why a caller does not decide on reviews of a run, for people; null when the page offers it. The gateway decides. */
export function notReviewable(
  startedBy: string,
  { principal, may }: { readonly principal: string; readonly may: (capability: string) => boolean },
): string | null {
  if (startedBy === principal) return 'Who started a run does not review it.';
  const missing = ['workflows:review', 'jobs:control'].filter((each) => !may(each));
  return missing.length === 0 ? null : `A decision takes ${missing.join(' and ')}.`;
}

/** Returns the part of a document at a JSON pointer (RFC 6901); undefined where there is none. */
export const partAt = (document: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (value, part) => (value as Readonly<Record<string, unknown>> | null | undefined)?.[part],
      document,
    );
