import type { WorkflowDocument } from '../../../schemas/contexts/workflows/document.ts';
import { WORKFLOW_RUN } from '../../../schemas/contexts/workflows.ts';
import type { Schemas } from '../../client/api.ts';
import { graphOf, type RunNode, type RunStep } from '../../jobs/workflows/graph.ts';
import { ask } from '../api/ask.ts';
import { failure } from '../failure.ts';
import { print } from '../show/print.ts';

interface Options {
  readonly asOf?: string;
  readonly json?: true;
}

/** Prints the tasks of a run with their states, now or as of an earlier time. Rejects like `ask`, and with RUN_UNKNOWN. */
export async function showRun(job_id: string, { asOf, json }: Options): Promise<void> {
  const query = asOf === undefined ? {} : { as_of: asOf };
  const job: Schemas['Job'] = await ask((api) => api.GET('/v1/jobs/{job_id}', { params: { path: { job_id }, query } }));
  const { workflow } = (job.input ?? {}) as { readonly workflow?: WorkflowDocument };
  if (job.type !== WORKFLOW_RUN || workflow === undefined)
    throw failure('RUN_UNKNOWN', `job ${job_id} is no run of a workflow, or its input is above 64 KiB`);
  const nodes = graphOf(workflow, asOf === undefined ? await stepsOf(job) : job.steps);
  const { namespace, name, version } = workflow.document;
  print(json, { job_id, status: job.status, workflow: workflow.document, nodes }, () => [
    `${namespace}/${name} ${version}: ${job.status}`,
    ...nodes.map(nodeText),
  ]);
}

/** Most steps of a run that are read. */
const STEPS_MAX = 5_000;
const PAGE = 200;

/** Returns the steps of a job: it has the first 200 itself. */
async function stepsOf({ job_id, steps }: Schemas['Job']): Promise<readonly RunStep[]> {
  if (steps.length < PAGE) return steps;
  const all: RunStep[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: PAGE, ...(cursor !== undefined && { cursor }) };
    const page = await ask((api) => api.GET('/v1/jobs/{job_id}/steps', { params: { path: { job_id }, query } }));
    all.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined && all.length < STEPS_MAX);
  return all;
}

const signs = { none: '·', in_review: '?', running: '…', completed: '✓', failed: '✗' } as const;

/** Returns a task of a run as a line, below the tasks around it. */
export function nodeText({
  depth,
  name,
  kind,
  state,
  steps,
  completed,
  code,
  started_at,
  ended_at,
}: Omit<RunNode, 'used' | 'attempts' | 'reviews' | 'budget' | 'state'> & {
  readonly state: keyof typeof signs;
}): string {
  const many = steps > 1 ? ` ${completed}/${steps}` : '';
  const took = started_at === null || ended_at === null ? '' : ` ${Date.parse(ended_at) - Date.parse(started_at)} ms`;
  return `${'  '.repeat(depth)}${signs[state]} ${name} (${kind})${many}${took}${code === null ? '' : ` ${code}`}`;
}
