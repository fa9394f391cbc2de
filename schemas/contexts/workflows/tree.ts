/** The tasks of a document as a tree of lists, and the way through each list. Pure, and without a builtin: pages draw it as well. */
import {
  itemOf,
  kindOf,
  type RunTask,
  type SwitchTask,
  type Task,
  type TaskKind,
  type TaskList,
  type WorkflowDocument,
} from './document.ts';

/** Returns the name of a task as a part of a JSON pointer (RFC 6901). */
export const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** Returns the task lists of a task, and where they are in it. */
export function childrenOf(task: Task): readonly { readonly at: string; readonly tasks: TaskList }[] {
  if ('fork' in task) return [{ at: '/fork/branches', tasks: task.fork.branches }];
  if ('try' in task)
    return [
      { at: '/try', tasks: task.try },
      ...(task.catch.do === undefined ? [] : [{ at: '/catch/do', tasks: task.catch.do }]),
    ];
  return 'do' in task ? [{ at: '/do', tasks: task.do }] : [];
}

/** Returns the workflows that a document starts, in its order. */
export function runsIn({ do: tasks }: Pick<WorkflowDocument, 'do'>): readonly RunTask['run']['workflow'][] {
  return tasks.flatMap((item) => {
    const [, task] = itemOf(item);
    if ('run' in task) return [task.run.workflow];
    return childrenOf(task).flatMap((child) => runsIn({ do: child.tasks }));
  });
}

/** A task with its place in a document. */
export interface PlacedTask {
  /** JSON pointer of the task. */
  readonly at: string;
  readonly name: string;
  readonly kind: TaskKind;
  /** Tasks around it. */
  readonly depth: number;
  readonly task: Task;
}

/** Returns the tasks of a document in their order, each before those in it. */
export function tasksOf({ do: tasks }: Pick<WorkflowDocument, 'do'>): readonly PlacedTask[] {
  const visit = (list: TaskList, pointer: string, depth: number): readonly PlacedTask[] =>
    list.flatMap((item, index) => {
      const [name, task] = itemOf(item);
      const at = `${pointer}/${index}/${escaped(name)}`;
      const kind = kindOf(task);
      if (kind === undefined) return [];
      const inside = childrenOf(task).flatMap((child) => visit(child.tasks, at + child.at, depth + 1));
      return [{ at, name, kind, depth, task }, ...inside];
    });
  return visit(tasks, '/do', 0);
}

/** One task of a list leads to another one of it. */
export interface TaskEdge {
  readonly from: string;
  readonly to: string;
}

/** Returns which task of a list leads to which, by their pointers: the next one, or where `then` and a `switch` go. */
export function edgesOf(document: Pick<WorkflowDocument, 'do'>): readonly TaskEdge[] {
  const edges: TaskEdge[] = [];
  const visit = (list: TaskList, at: string): void => {
    const pointers = list.map((item, index) => `${at}/${index}/${escaped(itemOf(item)[0])}`);
    for (const [index, item] of list.entries()) {
      const [, task] = itemOf(item);
      const from = pointers[index] ?? '';
      const targets = [
        ...('switch' in task ? task.switch.flatMap((each) => Object.values(each).map(({ then }) => then)) : []),
        ...('switch' in task && task.then === undefined && hasDefault(task) ? [] : [task.then ?? 'continue']),
      ];
      for (const target of new Set(targets)) {
        const to =
          target === 'continue' ? pointers[index + 1] : pointers[list.findIndex((each) => itemOf(each)[0] === target)];
        if (to !== undefined && !at.endsWith('/fork/branches')) edges.push({ from, to });
      }
      for (const child of childrenOf(task)) visit(child.tasks, from + child.at);
    }
  };
  visit(document.do, '/do');
  return edges;
}

const hasDefault = ({ switch: cases }: SwitchTask): boolean =>
  cases.some((each) => Object.values(each).some(({ when }) => when === undefined));
