import { WORKFLOW_RUN } from '../../../schemas/contexts/workflows.ts';
import { ask } from '../api/ask.ts';
import { print } from '../show/print.ts';
import { workflowIn } from './read.ts';

export interface RunOptions {
  readonly input?: unknown;
  /** Files with documents that `run: workflow` names. */
  readonly with?: readonly string[];
  readonly tags?: string[];
  readonly labels?: string[];
  readonly json?: true;
}

/** Starts a run of the document of a file. Rejects as `workflowIn` and `ask`. */
export async function runWorkflowFile(file: string, options: RunOptions): Promise<void> {
  const { input = null, with: others = [], tags, labels, json } = options;
  const { document } = workflowIn(file);
  const workflows = Object.fromEntries(
    others.map((each) => {
      const other = workflowIn(each).document;
      return [`${other.document.namespace}/${other.document.name}`, other];
    }),
  );
  const body = {
    ...{ type: WORKFLOW_RUN, input: { workflow: document, workflows, input } },
    ...(tags !== undefined && { tags }),
    ...(labels !== undefined && { labels }),
  };
  const { job_id: id } = await ask((api) => api.POST('/v1/jobs/start', { body }));
  print(json, { job_id: id }, () => [`run ${id}`, `khipu workflows show ${id}`, `khipu jobs tail ${id}`]);
}
