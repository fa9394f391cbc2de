import type { JobType } from '../../schemas/generated/records.ts';

/** Id of the extension of the protocol for long work. */
export const TASKS = 'io.modelcontextprotocol/tasks';

/** Member of `_meta` with the `Idempotency-Key` of a call. */
export const IDEMPOTENCY_KEY = 'khipu/idempotency-key';
/** Member of `_meta` with what the log says of a call or a job. */
export const CALL = 'khipu/call';
/** Member of `_meta` with the problem of a call that was not run. */
export const PROBLEM = 'khipu/problem';

/** Names that begin so are types of jobs: a tool with such a name is not shown. */
export const JOB_PREFIX = 'job.';

export const jobName = ({ type }: Pick<JobType, 'type'>): string => `${JOB_PREFIX}${type}`;

/** Names that begin so are installed capsules: a tool with such a name is not shown. */
export const CAPSULE_PREFIX = 'capsule.';

/** Returns whether a name is that of a tool of the registry. */
export const isToolName = (name: string): boolean => !name.startsWith(JOB_PREFIX) && !name.startsWith(CAPSULE_PREFIX);

/** What a task is, and its id in the log. */
export interface TaskRef {
  readonly kind: 'call' | 'job' | 'run';
  readonly id: string;
}

/** Returns the id of a task: it names a call, a job or a run of the log, so that every gateway knows it. */
export const taskIdOf = ({ kind, id }: TaskRef): string => `${kind}.${id}`;

const TASK = /^(call|job|run)\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/** Returns what the id of a task names; null for another text. */
export function taskOf(taskId: string): TaskRef | null {
  const [, kind, id] = TASK.exec(taskId) ?? [];
  return kind === undefined || id === undefined ? null : { kind: kind as TaskRef['kind'], id };
}
