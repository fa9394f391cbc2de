/** The nodes of a run with their states: a pure function over its document and the steps of its job. */
import { nameOf } from './interpreter/flow.ts';
import { escaped } from './supported.ts';
import { childrenOf } from './tree.ts';
import { itemOf, kindOf, type TaskKind, type TaskList, type WorkflowDocument } from './types.ts';

/** A step of a job, as far as a graph needs it. */
export interface RunStep {
  /** Branch of the handler, such as left/1. */
  readonly path: string;
  readonly name: string;
  readonly status: string;
  readonly code: string | null;
  /** RFC 3339; null before. */
  readonly started_at: string | null;
  readonly ended_at: string | null;
}

/** `none`: no step of it is known, as of a task that asks for nothing. */
export type NodeState = 'none' | 'running' | 'completed' | 'failed';

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
  /** Code of its latest failure; null without one. */
  readonly code: string | null;
  readonly started_at: string | null;
  readonly ended_at: string | null;
}

/** Returns the tasks of a document in their order, each with the state of its steps. */
export function graphOf(document: WorkflowDocument, steps: readonly RunStep[]): readonly RunNode[] {
  const nodes: RunNode[] = [];
  const visit = (list: TaskList, at: string, depth: number): void => {
    for (const [index, item] of list.entries()) {
      const [name, task] = itemOf(item);
      const pointer = `${at}/${index}/${escaped(name)}`;
      const kind = kindOf(task);
      if (kind === undefined) continue;
      nodes.push({ at: pointer, name, kind, depth, ...stateOf(steps.filter(isOf(pointer))) });
      for (const child of childrenOf(task)) visit(child.tasks, pointer + child.at, depth + 1);
    }
  };
  visit(document.do, '/do', 0);
  return nodes;
}

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

function stateOf(steps: readonly RunStep[]): Omit<RunNode, 'at' | 'name' | 'kind' | 'depth'> {
  const completed = steps.filter(({ status }) => status === 'completed').length;
  const failed = steps.filter(({ status }) => status === 'failed');
  const isOver = completed + failed.length === steps.length;
  const times = (of: readonly (string | null)[]) => of.filter((time) => time !== null).sort();
  return {
    ...{ state: over(steps.length, isOver, failed.length), steps: steps.length, completed },
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
