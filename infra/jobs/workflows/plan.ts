/** What a document may do, before it runs: a pure function over it. */
import { startAgentCapability } from '../../../schemas/contexts/agents.ts';
import { startCapability } from '../../../schemas/contexts/jobs.ts';
import { invokeCapability } from '../../../schemas/contexts/slm/models.ts';
import { executeCapability } from '../../../schemas/contexts/tools.ts';
import {
  itemOf,
  kindOf,
  type Task,
  type TaskKind,
  type TaskList,
  type WorkflowDocument,
} from '../../../schemas/contexts/workflows/document.ts';
import { childrenOf, escaped } from '../../../schemas/contexts/workflows/tree.ts';
import { WORKFLOW_RUN } from '../../../schemas/contexts/workflows.ts';
import { expressionIn } from './expressions/evaluate.ts';
import { WORKFLOW_FAN_OUT_MAX, WORKFLOW_STEPS_MAX } from './limits.ts';

/** A node of a plan: a task with an effect, or a wait. */
export interface PlannedNode {
  /** JSON pointer of the task. */
  readonly at: string;
  readonly name: string;
  readonly kind: TaskKind;
  /** What it asks for: a tool, agent, model or type of job; null where an expression says it, and for what asks for nothing. */
  readonly target: string | null;
  /** The capability that it takes; null where that is known at the run only, and for none. */
  readonly needs: string | null;
  /** Most times that it may run; null where nothing bounds it below the limit of a run. */
  readonly timesMax: number | null;
}

export interface WorkflowPlan {
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  readonly nodes: readonly PlannedNode[];
  /** Every capability that a run takes, its start included, in alphabetical order. */
  readonly capabilities: readonly string[];
  /** Pointers of nodes whose target an expression gives: what they take is known at the run only. */
  readonly open: readonly string[];
  /** Pointers of the longest chain of nodes that wait for each other. */
  readonly criticalPath: readonly string[];
  /** True when a task leads back to an earlier one: the path is that of one pass. */
  readonly loops: boolean;
}

/** Returns the plan of a document that runs support. */
export function planOf(document: WorkflowDocument, digest: string): WorkflowPlan {
  const nodes = nodesOf(document);
  const needs = nodes.flatMap((node) => (node.needs === null ? [] : [node.needs]));
  const asks: readonly TaskKind[] = ['call'];
  return {
    ...{ name: document.document.name, version: document.document.version, digest, nodes },
    capabilities: [...new Set([startCapability(WORKFLOW_RUN), ...needs])].sort(),
    open: nodes.filter(({ kind, target }) => asks.includes(kind) && target === null).map(({ at }) => at),
    criticalPath: longest(document.do, '/do'),
    loops: isLooping(document.do),
  };
}

const isNode = (kind: TaskKind): boolean => ['call', 'run', 'wait', 'listen', 'emit'].includes(kind);

function nodesOf(document: WorkflowDocument): readonly PlannedNode[] {
  const found: PlannedNode[] = [];
  const visit = (list: TaskList, at: string, times: number | null): void => {
    const many = loopsBack(list) ? null : times;
    for (const [index, item] of list.entries()) {
      const [name, task] = itemOf(item);
      const pointer = `${at}/${index}/${escaped(name)}`;
      const kind = kindOf(task);
      if (kind !== undefined && isNode(kind)) found.push({ at: pointer, name, kind, ...askedBy(task), timesMax: many });
      for (const child of childrenOf(task))
        visit(child.tasks, pointer + child.at, timesIn(document, task, child.at, many));
    }
  };
  visit(document.do, '/do', 1);
  return found;
}

/** Returns how often a list in a task may run. */
export function timesIn(document: WorkflowDocument, task: Task, at: string, times: number | null): number | null {
  if (times === null) return null;
  if ('for' in task) {
    const items = itemsOf(task.for.in) ?? (task.metadata?.parallel === undefined ? null : WORKFLOW_FAN_OUT_MAX);
    return items === null ? null : Math.min(times * items, WORKFLOW_STEPS_MAX);
  }
  if (!('try' in task) || at !== '/try' || task.catch.retry === undefined) return times;
  const { retry } = task.catch;
  const policy = typeof retry === 'string' ? document.use?.retries?.[retry] : retry;
  const attempts = policy?.limit?.attempt?.count ?? (policy?.limit?.duration === undefined ? 5 : null);
  return attempts === null ? null : Math.min(times * attempts, WORKFLOW_STEPS_MAX);
}

/** Returns the number of items of a literal array; null for anything else. */
function itemsOf(text: string): number | null {
  try {
    const value: unknown = JSON.parse(expressionIn(text) ?? text);
    return Array.isArray(value) ? value.length : null;
  } catch {
    return null;
  }
}

/** Returns what a call asks for: the name of a tool, agent, model or type of jobs; null where an expression says it. */
export const targetOf = (task: Task): string | null => askedBy(task).target;

function askedBy(task: Task): Pick<PlannedNode, 'target' | 'needs'> {
  if ('run' in task) return { target: WORKFLOW_RUN, needs: startCapability(WORKFLOW_RUN) };
  if (!('call' in task)) return { target: null, needs: null };
  const given = task.with ?? {};
  const known = (field: string, otherwise: string | null = null): string | null => {
    const value = given[field];
    if (value === undefined) return otherwise;
    return typeof value === 'string' && expressionIn(value) === null ? value : null;
  };
  const of = (target: string | null, capability: (name: string) => string) => ({
    target,
    needs: target === null ? null : capability(target),
  });
  switch (task.call) {
    case 'http':
      return of('http.fetch', executeCapability);
    case 'tool':
      return of(known('tool'), executeCapability);
    case 'agent':
      return of(known('agent', 'agent'), startAgentCapability);
    case 'job':
      return of(known('type'), startCapability);
    case 'model':
      return given['model'] === undefined
        ? { target: 'default', needs: invokeCapability(null) }
        : of(known('model'), invokeCapability);
    default:
      return of(task.call, executeCapability);
  }
}

const indexOf = (list: TaskList, name: string | undefined): number =>
  name === undefined ? -1 : list.findIndex((item) => itemOf(item)[0] === name);

/** Returns whether a task of a list leads to itself or an earlier one of it. */
export const loopsBack = (list: TaskList): boolean =>
  list.some((item, index) => targetsOf(itemOf(item)[1]).some((target) => between(indexOf(list, target), index)));
const between = (target: number, index: number): boolean => target >= 0 && target <= index;

const targetsOf = (task: Task): readonly (string | undefined)[] => [
  task.then,
  ...('switch' in task ? task.switch.flatMap((item) => Object.values(item).map(({ then }) => then)) : []),
];

const isLooping = (list: TaskList): boolean =>
  loopsBack(list) || list.some((item) => childrenOf(itemOf(item)[1]).some(({ tasks }) => isLooping(tasks)));

/** Returns the pointers of the nodes of the longest way through a list. Branches run at once: the longest of them counts. */
function longest(list: TaskList, at: string): readonly string[] {
  return list.flatMap((item, index) => {
    const [name, task] = itemOf(item);
    const pointer = `${at}/${index}/${escaped(name)}`;
    const kind = kindOf(task);
    if (kind !== undefined && isNode(kind)) return [pointer];
    if ('fork' in task)
      return task.fork.branches
        .map((branch, n) =>
          longest([branch], `${pointer}/fork/branches`).map((each) => each.replace(/branches\/0\//, `branches/${n}/`)),
        )
        .reduce<readonly string[]>((best, each) => (each.length > best.length ? each : best), []);
    return childrenOf(task).flatMap((child) => longest(child.tasks, pointer + child.at));
  });
}
