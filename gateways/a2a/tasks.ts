import { type Part, Role, type StreamResponse, type Task, TaskState, type TaskStatus } from '@a2a-js/sdk';
import type { AgentRunRow } from '../../projections/agents/queries.ts';
import { fullNames } from '../../schemas/generated/records.ts';
import { endingOf, type FoundRun } from '../http/agents/find.ts';
import type { StoredEvent } from '../shared/read-model.ts';

/** A run as far as it is known: what a task shows. The id of the task is that of the run, and so is its context. */
export interface KnownRun {
  readonly runId: string;
  /** running, completed, failed or cancelled. */
  readonly status: string;
  /** Time of the status, RFC 3339; null while it is not known. */
  readonly at: string | null;
  /** Install that it is of, as `<tenant>/<name>`; null for a run of no capsule, and while it is not known. */
  readonly install: string | null;
  /** True when its result is JSON by a schema. */
  readonly isJson: boolean;
  readonly output: string;
  /** Why it did not complete. */
  readonly code: string | null;
  readonly detail: string;
}

interface WireEnd {
  readonly output?: string;
  readonly code?: string;
  readonly detail?: string;
  readonly reason?: string;
}
interface WireStart {
  readonly output_schema?: string | null;
  readonly capsule?: { readonly install_id?: string } | null;
}

const endOf = ({ output = '', code, detail, reason }: WireEnd) => ({
  ...{ output, code: code ?? null, detail: detail ?? reason ?? '' },
});

/** Returns a run that has just been asked for. */
export const askedRun = (runId: string, install: string | null): KnownRun => ({
  ...{ runId, status: 'running', at: null, install, isJson: false },
  ...endOf({}),
});

/** Returns a run with what an event of it says. */
export function withEvent(run: KnownRun, event: StoredEvent): KnownRun {
  const at = event.at.toISOString();
  if (event.type === fullNames.AgentRunStarted) {
    const { output_schema: schema = null, capsule } = event.data as WireStart;
    return { ...run, at, isJson: schema !== null, install: capsule?.install_id ?? null };
  }
  const status = endingOf(event);
  return status === null ? run : { ...run, status, at, ...endOf(event.data as WireEnd) };
}

const ofRow = ({ run_id: runId, status, install, output_schema: schema, result, ...row }: AgentRunRow): KnownRun => ({
  ...{ runId, status: status ?? 'running', at: row.ended_at ?? row.created_at, install, isJson: schema !== null },
  ...endOf((result ?? {}) as WireEnd),
});

/** Returns a run that was found, with the events of it that this process has read and the row may lack. */
export function foundRun(runId: string, { row }: FoundRun, recent: readonly StoredEvent[]): KnownRun {
  const run = row === null ? askedRun(runId, null) : ofRow(row);
  return isOver(run) ? run : recent.reduce(withEvent, run);
}

const states: Readonly<Record<string, TaskState>> = {
  running: TaskState.TASK_STATE_WORKING,
  completed: TaskState.TASK_STATE_COMPLETED,
  failed: TaskState.TASK_STATE_FAILED,
  cancelled: TaskState.TASK_STATE_CANCELED,
  refused: TaskState.TASK_STATE_REJECTED,
};

export const isOver = ({ status }: Pick<KnownRun, 'status'>): boolean => status !== 'running';

const part = (content: Part['content'], mediaType: string): Part => ({
  ...{ content, mediaType, metadata: undefined, filename: '' },
});
const textPart = (value: string): Part => part({ $case: 'text', value }, 'text/plain');

function resultPart({ isJson, output }: KnownRun): Part {
  return isJson ? part({ $case: 'data', value: JSON.parse(output) as unknown }, 'application/json') : textPart(output);
}

/** Returns the status of a task; with the code and the reason where its run did not complete. */
export function statusOf({ runId, status, at, code, detail }: KnownRun, said = detail): TaskStatus {
  const text = [code, said].filter((each) => each !== null && each !== '').join(': ');
  const of = { messageId: `${runId}/status`, taskId: runId, contextId: runId, role: Role.ROLE_AGENT };
  const more = { metadata: code === null ? undefined : { code }, extensions: [], referenceTaskIds: [] };
  return {
    state: states[status] ?? TaskState.TASK_STATE_UNSPECIFIED,
    message: text === '' ? undefined : { ...of, ...more, parts: [textPart(text)] },
    timestamp: at ?? undefined,
  };
}

const artifactOf = (run: KnownRun): Task['artifacts'][number] => ({
  ...{ artifactId: `${run.runId}/result`, name: 'result', description: '', parts: [resultPart(run)] },
  ...{ metadata: undefined, extensions: [] },
});

/** Returns the task of a run. */
export const taskOf = (run: KnownRun): Task => ({
  ...{ id: run.runId, contextId: run.runId, status: statusOf(run), history: [], metadata: undefined },
  artifacts: run.status === 'completed' ? [artifactOf(run)] : [],
});

const update = (run: KnownRun, said?: string): StreamResponse => {
  const value = { taskId: run.runId, contextId: run.runId, status: statusOf(run, said), metadata: undefined };
  return { payload: { $case: 'statusUpdate', value } };
};

/** Returns what a stream says of a run whose step has ended. */
export const stepUpdate = (run: KnownRun, step: number): StreamResponse => update(run, `Step ${step} has ended`);

/** Returns what a stream says of a run that has ended: its result, then its status. */
export function endUpdates(run: KnownRun): readonly StreamResponse[] {
  if (run.status !== 'completed') return [update(run)];
  const value = {
    ...{ taskId: run.runId, contextId: run.runId, artifact: artifactOf(run) },
    ...{ append: false, lastChunk: true, metadata: undefined },
  };
  return [{ payload: { $case: 'artifactUpdate', value } }, update(run)];
}
