import { itemOf, type RunTask, type Task, type TaskList, type WorkflowDocument } from './types.ts';

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
