/** Runs documents over the context of a job: what has an effect, or waits, is in its journal, and all else is computed again. */

import {
  type BudgetDefinition,
  itemOf,
  type Task,
  type TaskList,
  type WorkflowDocument,
} from '../../../../schemas/contexts/workflows/document.ts';
import { escaped } from '../../../../schemas/contexts/workflows/tree.ts';
import type { JobContext } from '../../sdk/context.ts';
import { Purse, type RunPrices } from '../budget.ts';
import { fault, faultOf } from './faults.ts';
import { type Bundle, Flow, nameOf, type Passed, type Scope, type WorkflowPorts } from './flow.ts';
import { reviewed } from './review.ts';
import { performed } from './tasks.ts';

/** What runs: a document, those that it starts, and what it may use. */
export interface RunOf {
  readonly document: WorkflowDocument;
  readonly bundle?: Bundle;
  readonly prices?: RunPrices | null;
  readonly purse?: Purse;
}

/**
 * Runs a document and returns its output. Rejects with WorkflowFault for an error that nothing catches, and with ExpressionError
 * for an evaluation that took too long, which another run may do.
 */
export async function runWorkflow(
  ctx: JobContext,
  { document, bundle = {}, prices = null, purse = new Purse() }: RunOf,
  input: unknown,
  ports: WorkflowPorts,
): Promise<unknown> {
  const startedAt = ctx.now().toISOString();
  const flow = new Flow(
    { document, bundle, prices },
    ports,
    { listed, passedBy },
    { id: ctx.jobId, definition: document, input, startedAt },
  );
  const scope: Scope = { ctx, variables: {}, at: '/do', purse, isOver: () => false };
  try {
    flow.require(document.input?.schema, input, '/', 'input');
    const given = flow.transformed(document.input?.from, input, flow.variables(scope));
    const list = (inner: Scope) =>
      budgeted(document.document.metadata?.budget, inner, (own) => listed(flow, document.do, given, own));
    const { output } = await within(flow.timeoutMs(document.timeout), scope, '/', list);
    const result = flow.transformed(document.output?.as, output, flow.variables(scope, { input: given, output }));
    flow.require(document.output?.schema, result, '/', 'output');
    return result;
  } catch (error) {
    throw faultOf(error, '/');
  }
}

/** Runs the tasks of a list from the first one, as they say where the flow goes. */
export async function listed(flow: Flow, list: TaskList, input: unknown, scope: Scope): Promise<Passed> {
  let output = input;
  for (let index = 0; index < list.length; ) {
    const [name, task] = itemOf(list[index] ?? {});
    const passed = await passedBy(flow, name, task, output, { ...scope, at: `${scope.at}/${index}/${escaped(name)}` });
    output = passed.output;
    if (passed.to === 'end') return { output, to: 'end' };
    if (passed.to === 'exit') break;
    index = passed.to === 'continue' ? index + 1 : list.findIndex((item) => itemOf(item)[0] === passed.to);
    if (index === -1) throw fault('runtime', scope.at, `There is no task ${passed.to}.`);
  }
  return { output, to: 'continue' };
}

/** Runs a task: condition, input, work, output, export. `scope.at` is its own pointer. */
export async function passedBy(flow: Flow, name: string, task: Task, raw: unknown, scope: Scope): Promise<Passed> {
  const { at } = scope;
  flow.begin(scope, at);
  try {
    const about = { name, reference: at, definition: task, input: raw };
    const before = flow.variables(scope, { task: about, input: raw });
    if (task.if !== undefined && !flow.holds(task.if, raw, before)) return { output: raw, to: 'continue' };
    flow.require(task.input?.schema, raw, at, 'input');
    const input = flow.transformed(task.input?.from, raw, before);
    const work = (inner: Scope) =>
      budgeted(task.metadata?.budget, inner, async (own) => {
        if (task.metadata?.review === true) await reviewed(input, own);
        return performed(flow, task, input, own, flow.variables(own, { task: about, input }));
      });
    const done = await within(flow.timeoutMs(task.timeout), scope, at, work);
    const after = flow.variables(scope, { task: { ...about, output: done.output }, input, output: done.output });
    const output = flow.transformed(task.output?.as, done.output, after);
    flow.require(task.output?.schema, output, at, 'output');
    if (task.export?.as !== undefined)
      flow.context = flow.transformed(task.export.as, output, { ...after, output, context: flow.context });
    return { output, to: done.to ?? task.then ?? 'continue' };
  } catch (error) {
    throw faultOf(error, at);
  }
}

/** Runs work with a budget of its own, which is reserved before and returned after it as far as it was not used. */
async function budgeted<T>(
  budget: BudgetDefinition | undefined,
  scope: Scope,
  work: (own: Scope) => Promise<T>,
): Promise<T> {
  if (budget === undefined) return work(scope);
  const slice = scope.purse.slice(budget);
  try {
    return await work({ ...scope, purse: slice.purse });
  } finally {
    slice.close();
  }
}

/** Runs work for at most a time. What it still does after that is left behind: none of its tasks begins any more. */
async function within<T>(
  timeoutMs: number | null,
  scope: Scope,
  at: string,
  work: (inner: Scope) => Promise<T>,
): Promise<T> {
  if (timeoutMs === null) return work(scope);
  let isOver = false;
  const name = `${nameOf(at) || 'workflow'}.timeout`;
  const late = async (): Promise<never> => {
    await scope.ctx.all({ [name]: (branch) => branch.sleep(timeoutMs, { name: 'timeout' }) });
    throw fault('timeout', at, `It took longer than ${timeoutMs} ms.`, 'WORKFLOW_TIMEOUT');
  };
  try {
    return await Promise.race([work({ ...scope, isOver: () => isOver || scope.isOver() }), late()]);
  } finally {
    isOver = true;
  }
}
