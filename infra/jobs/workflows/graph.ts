/** The nodes of a run with their states: a pure function over its document and the steps of its job. */
import { type Amount, nothing, plus } from '../../../schemas/amount.ts';
import type { BudgetDefinition, TaskKind, WorkflowDocument } from '../../../schemas/contexts/workflows/document.ts';
import { tasksOf } from '../../../schemas/contexts/workflows/tree.ts';
import { reviewOfSignal } from '../../../schemas/contexts/workflows.ts';
import { nameOf } from './interpreter/flow.ts';

/** A step of a job, as far as a graph needs it. */
export interface RunStep {
  /** Branch of the handler, such as left/1. */
  readonly path: string;
  readonly name: string;
  /** Kind of the entry, such as tool or model. */
  readonly kind?: string;
  readonly status: string;
  /** Attempts so far; 1 when left out. */
  readonly attempts?: number | null;
  /** Result of a model, an agent or a review; of any other step it is not needed. */
  readonly output?: unknown;
  readonly code: string | null;
  /** RFC 3339; null before. */
  readonly started_at: string | null;
  readonly ended_at: string | null;
}

/** What a task has used; `cost` is a decimal with nine fraction digits. */
export interface Used extends Amount {
  readonly calls: number;
}

/** A review that waits: an approval is of one task with one input. */
export interface NodeReview {
  readonly review_id: string;
  readonly input: unknown;
}

/** `none`: no step of it is known, as of a task that asks for nothing. `in_review`: it waits for an approval. */
export type NodeState = 'none' | 'in_review' | 'running' | 'completed' | 'failed';

/** A task of a run. */
export interface RunNode {
  /** JSON pointer of the task. */
  readonly at: string;
  readonly name: string;
  readonly kind: TaskKind;
  /** Tasks around it. */
  readonly depth: number;
  readonly state: NodeState;
  /** Steps of it, such as the iterations of a loop: all, and those that have completed. */
  readonly steps: number;
  readonly completed: number;
  /** Attempts of all steps. */
  readonly attempts: number;
  /** What it has used, with what is in it. */
  readonly used: Used;
  /** Reviews that it waits for. */
  readonly reviews: readonly NodeReview[];
  readonly budget: BudgetDefinition | null;
  /** Code of its latest failure; null without one. */
  readonly code: string | null;
  readonly started_at: string | null;
  readonly ended_at: string | null;
}

/** Returns the tasks of a document in their order, each with the state of its steps. */
export const graphOf = (document: WorkflowDocument, steps: readonly RunStep[]): readonly RunNode[] =>
  tasksOf(document).map(({ at, name, kind, depth, task }) => {
    const state = stateOf(steps.filter(isOf(at)));
    const reviews = task.metadata?.review === true ? reviewsOf(at, steps) : [];
    return {
      ...{ at, name, kind, depth, ...state, used: usedBy(steps.filter(isIn(at))), reviews },
      ...(reviews.length > 0 && { state: 'in_review' as const }),
      budget: task.metadata?.budget ?? null,
    };
  });

/** Returns whether a step is of a task: by its own name, or as a signal or a time-out by the name of its branch. */
function isOf(pointer: string): (step: RunStep) => boolean {
  const own = nameOf(pointer);
  return ({ path, name }) => {
    if (name === own) return true;
    const label = path.split('/').at(-2) ?? '';
    return (
      !name.startsWith('do.') && name !== 'timeout' && /^\.\d+$/.test(label.slice(own.length)) && label.startsWith(own)
    );
  };
}

/** Returns whether a step is of a task, or of one in it. A name that was shortened is of the task alone that it is of. */
function isIn(pointer: string): (step: RunStep) => boolean {
  const own = isOf(pointer);
  const prefix = `${nameOf(pointer)}.`;
  return (step) => own(step) || step.name.startsWith(prefix);
}

/** Returns the reviews of a task whose decision it waits for, each with what is to be approved. */
function reviewsOf(pointer: string, steps: readonly RunStep[]): readonly NodeReview[] {
  const label = `${nameOf(pointer)}.review`;
  const open = new Set(
    steps.flatMap(({ name, status }) => {
      const id = status === 'waiting' ? reviewOfSignal(name) : null;
      return id === null ? [] : [id];
    }),
  );
  const asked = steps.flatMap(({ name, output }) => (name === label ? [output as NodeReview | null] : []));
  return asked.flatMap((each) => (each !== null && open.has(each.review_id) ? [each] : []));
}

/** Returns what steps have used: calls of tools, models, agents and jobs; tokens and money as their answers say. */
export function usedBy(steps: readonly RunStep[]): Used {
  let used: Amount = nothing;
  let calls = 0;
  for (const { kind = '', output } of steps) {
    if (!['tool', 'model', 'agent', 'child'].includes(kind)) continue;
    calls += 1;
    used = plus(used, amountIn(output));
  }
  return { calls, ...used };
}

/** Returns the tokens and the cost that the answer of a model or an agent names. */
export function amountIn(answer: unknown): Amount {
  const { tokens, cost } = (answer ?? {}) as {
    readonly tokens?: { readonly prompt?: number; readonly completion?: number };
    readonly cost?: string | null;
  };
  return { tokens: (tokens?.prompt ?? 0) + (tokens?.completion ?? 0), cost: cost ?? nothing.cost };
}

function stateOf(
  steps: readonly RunStep[],
): Omit<RunNode, 'at' | 'name' | 'kind' | 'depth' | 'used' | 'reviews' | 'budget'> {
  const completed = steps.filter(({ status }) => status === 'completed').length;
  const failed = steps.filter(({ status }) => status === 'failed');
  const isOver = completed + failed.length === steps.length;
  const times = (of: readonly (string | null)[]) => of.filter((time) => time !== null).sort();
  return {
    ...{ state: over(steps.length, isOver, failed.length), steps: steps.length, completed },
    attempts: steps.reduce((sum, { attempts = 1 }) => sum + (attempts ?? 1), 0),
    code: failed.at(-1)?.code ?? null,
    started_at: times(steps.map((step) => step.started_at))[0] ?? null,
    ended_at: isOver ? (times(steps.map((step) => step.ended_at)).at(-1) ?? null) : null,
  };
}

function over(steps: number, isOver: boolean, failed: number): NodeState {
  if (steps === 0) return 'none';
  if (!isOver) return 'running';
  return failed > 0 ? 'failed' : 'completed';
}
