/** The most that a run of a document may use, before it runs: a pure function over it, prices and costs of tools. */
import { AGENT_TOKENS_DEFAULT, AGENT_TOKENS_MAX } from '../../../schemas/contexts/agents.ts';
import { boundedMaxTokens, tokensMaxOf } from '../../../schemas/contexts/slm/token-bounds.ts';
import {
  type BudgetDefinition,
  type CallTask,
  itemOf,
  type Task,
  type TaskList,
  type WorkflowDocument,
} from '../../../schemas/contexts/workflows/document.ts';
import { childrenOf, escaped } from '../../../schemas/contexts/workflows/tree.ts';
import { costOfTokens, costOfUnits, type RunPrices, unitsOfCost } from './budget.ts';
import { expressionIn } from './expressions/evaluate.ts';
import { EXPRESSION_VALUE_BYTES_MAX } from './limits.ts';
import { loopsBack, targetOf, timesIn } from './plan.ts';

/** A worst case; null where nothing bounds a meter, such as the use of another job. */
export interface WorstCase {
  readonly calls: number | null;
  readonly tokens: number | null;
  /** A decimal with nine fraction digits, in the currency of the platform. */
  readonly cost: string | null;
}

/** What a worst case is computed from. */
export interface PlanFacts {
  readonly prices: RunPrices;
  /** Returns the most that a call of a tool costs, a decimal; null for a tool that does not exist. */
  readonly toolCost: (tool: string) => string | null;
}

interface Worst {
  readonly calls: bigint | null;
  readonly tokens: bigint | null;
  readonly cost: bigint | null;
}

const nothing: Worst = { calls: 0n, tokens: 0n, cost: 0n };
/** A text that an expression gives, and an answer whose bound one gives. */
const TEXT_TOKENS_MAX = BigInt(EXPRESSION_VALUE_BYTES_MAX + 16);

const sum = (a: bigint | null, b: bigint | null): bigint | null => (a === null || b === null ? null : a + b);
const both = (a: Worst, b: Worst): Worst => ({
  ...{ calls: sum(a.calls, b.calls), tokens: sum(a.tokens, b.tokens), cost: sum(a.cost, b.cost) },
});
/** Multiplies an amount; nothing stays nothing, also without a bound. */
const often = (amount: bigint | null, times: number | null): bigint | null =>
  amount === 0n ? 0n : amount === null || times === null ? null : amount * BigInt(times);
const timesOf = ({ calls, tokens, cost }: Worst, times: number | null): Worst => ({
  ...{ calls: often(calls, times), tokens: often(tokens, times), cost: often(cost, times) },
});
const least = (amount: bigint | null, bound: bigint | null): bigint | null =>
  bound === null ? amount : amount === null || bound < amount ? bound : amount;

/** Returns a worst case within a budget: a call that would exceed it is refused. */
const within = (worst: Worst, { calls, tokens, cost }: BudgetDefinition = {}): Worst => ({
  calls: least(worst.calls, calls === undefined ? null : BigInt(calls)),
  tokens: least(worst.tokens, tokens === undefined ? null : BigInt(tokens)),
  cost: least(worst.cost, cost === undefined ? null : unitsOfCost(cost)),
});

const shown = ({ calls, tokens, cost }: Worst): WorstCase => ({
  ...{ calls: calls === null ? null : Number(calls), tokens: tokens === null ? null : Number(tokens) },
  cost: cost === null ? null : costOfUnits(cost),
});

/** Returns the worst case of a run, and of each task with a call in it, by pointer: with its retries and iterations. */
export function worstOf(
  document: WorkflowDocument,
  facts: PlanFacts,
): { readonly total: WorstCase; readonly tasks: ReadonlyMap<string, WorstCase> } {
  const tasks = new Map<string, WorstCase>();
  /** Returns the worst case of one pass of a list. `times`: how often it runs at most; null where nothing bounds it. */
  const listed = (list: TaskList, at: string, times: number | null): Worst => {
    const isLoop = loopsBack(list);
    const pass = list.reduce<Worst>((all, item, index) => {
      const [name, task] = itemOf(item);
      return both(all, passed(task, `${at}/${index}/${escaped(name)}`, isLoop ? null : times));
    }, nothing);
    return isLoop ? timesOf(pass, null) : pass;
  };
  const passed = (task: Task, at: string, times: number | null): Worst => {
    const inside = childrenOf(task).reduce<Worst>((all, child) => {
      const each = timesIn(document, task, child.at, 1);
      const more = each === null || times === null ? null : each * times;
      return both(all, timesOf(listed(child.tasks, at + child.at, more), each));
    }, nothing);
    const own = within(both(inside, calledBy(task, facts)), task.metadata?.budget);
    if (own.calls !== 0n) tasks.set(at, shown(timesOf(own, times)));
    return own;
  };
  const total = within(listed(document.do, '/do', 1), document.document.metadata?.budget);
  return { total: shown(total), tasks };
}

/** Returns the worst case of one call. */
function calledBy(task: Task, { prices, toolCost }: PlanFacts): Worst {
  if ('run' in task) return { calls: 1n, tokens: null, cost: null };
  if (!('call' in task)) return nothing;
  switch (task.call) {
    case 'job':
      return { calls: 1n, tokens: null, cost: null };
    case 'model': {
      const tokens = textTokens(task, 'prompt') + BigInt(boundedMaxTokens(numberIn(task, 'max_tokens')));
      return { calls: 1n, tokens, cost: costOfTokens(prices, modelIn(task), tokens) };
    }
    case 'agent': {
      const { limits } = (task.with ?? {}) as {
        readonly limits?: { readonly tokens?: unknown; readonly cost?: unknown };
      };
      const bound = limits?.tokens ?? AGENT_TOKENS_DEFAULT;
      const tokens = BigInt(typeof bound === 'number' ? bound : AGENT_TOKENS_MAX);
      const asked =
        typeof limits?.cost === 'string' && expressionIn(limits.cost) === null ? unitsOfCost(limits.cost) : null;
      return { calls: 1n, tokens, cost: least(costOfTokens(prices, modelIn(task), tokens), asked) };
    }
    default: {
      const tool = targetOf(task);
      const cost = tool === null ? null : toolCost(tool);
      return { calls: 1n, tokens: 0n, cost: cost === null ? null : unitsOfCost(cost) };
    }
  }
}

function textTokens({ with: given = {} }: CallTask, field: string): bigint {
  const value = given[field];
  return typeof value === 'string' && expressionIn(value) === null ? BigInt(tokensMaxOf(value)) : TEXT_TOKENS_MAX;
}

/** Returns a number of a call; the largest one where an expression gives it, null where it is left out. */
function numberIn({ with: given = {} }: CallTask, field: string): number | null {
  const value = given[field];
  return value === undefined ? null : typeof value === 'number' ? value : Number.MAX_SAFE_INTEGER;
}

/** Returns the model of a call; a name that no model has, and so the highest price, where an expression gives it. */
function modelIn({ with: given = {} }: CallTask): string | undefined {
  const value = given['model'];
  return value === undefined || typeof value !== 'string' ? undefined : expressionIn(value) === null ? value : '';
}
