import { z } from 'zod';
import type { BudgetDefinition, WorkflowDocument } from '../../../schemas/contexts/workflows/document.ts';
import { WORKFLOW_RUN } from '../../../schemas/contexts/workflows.ts';
import { JobError } from '../sdk/errors.ts';
import { type Job, job } from '../sdk/job.ts';
import { costOfUnits, Purse } from './budget.ts';
import { checkedWorkflow } from './document.ts';
import { WorkflowProblem } from './errors.ts';
import { WorkflowFault } from './interpreter/faults.ts';
import type { WorkflowPorts } from './interpreter/flow.ts';
import { runWorkflow } from './interpreter/interpret.ts';

const budget = z.object({
  calls: z.int().min(0).optional(),
  tokens: z.int().min(0).optional(),
  cost: z
    .string()
    .regex(/^\d{1,9}(?:\.\d{1,9})?$/)
    .optional(),
});
const input = z
  .object({
    workflow: z.record(z.string(), z.unknown()).describe('Document: Serverless Workflow DSL 1.0.3.'),
    workflows: z
      .record(z.string(), z.record(z.string(), z.unknown()))
      .default({})
      .describe('Documents that `run: workflow` may name, by `<namespace>/<name>`.'),
    input: z.unknown().optional().describe('Input of the workflow; default: null.'),
    budget: budget.optional().describe('Most that the run may use; default: no bound of its own.'),
    prices: z
      .object({ models: z.record(z.string(), z.string()), otherwise: z.string() })
      .optional()
      .describe('Prices of a million tokens by model, as of the start; a budget of money needs them.'),
    settles: z.boolean().default(false).describe('True: the result is the output with what was used.'),
  })
  .describe('A workflow and its input.');

/** Returns a budget without the members that a start left out. */
const budgetIn = ({ calls, tokens, cost }: z.output<typeof budget> = {}): BudgetDefinition => ({
  ...(calls !== undefined && { calls }),
  ...(tokens !== undefined && { tokens }),
  ...(cost !== undefined && { cost }),
});

const usedOf = ({ used: { calls, tokens, cost } }: Purse) => ({
  ...{ calls: Number(calls), tokens: Number(tokens), cost: costOfUnits(cost) },
});

/** Returns a document that runs support. Throws JobError, not retryable, with the code and the place of the problem. */
function checked(value: unknown): WorkflowDocument {
  try {
    return checkedWorkflow(value).document;
  } catch (error) {
    if (!(error instanceof WorkflowProblem)) throw error;
    const detail = `${error.pointer === '' ? 'the document' : error.pointer}: ${error.message}`;
    throw new JobError(error.code, detail, { retryable: false, cause: error });
  }
}

/**
 * Returns the job that runs workflows. The document is checked again before the first task, since any start may bring one. An
 * error that nothing catches ends the job with its code, or WORKFLOW_FAULTED.
 */
export const workflowRun = (ports: WorkflowPorts): Job =>
  job({
    ...{ name: WORKFLOW_RUN, version: 1, title: 'Run a workflow: Serverless Workflow 1.0.3', input },
    output: z.unknown(),
    retry: { attempts: 3 },
    async run(ctx, { workflow, workflows, input: given = null, budget: bounds, prices = null, settles }) {
      const document = checked(workflow);
      const bundle = Object.fromEntries(Object.entries(workflows).map(([name, each]) => [name, checked(each)]));
      try {
        const purse = new Purse(budgetIn(bounds));
        const output = await runWorkflow(ctx, { document, bundle, prices, purse }, given, ports);
        return settles ? { output, used: usedOf(purse) } : output;
      } catch (error) {
        if (!(error instanceof WorkflowFault)) throw error;
        const { code = 'WORKFLOW_FAULTED', type, status, title, detail, instance } = error.error;
        const text = [title ?? type, `(${status})`, `at ${instance}`].join(' ');
        throw new JobError(code, detail === undefined ? text : `${text}: ${detail}`, {
          retryable: false,
          cause: error,
        });
      }
    },
  });
