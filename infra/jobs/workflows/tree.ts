import type { Task, TaskList } from './types.ts';

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
