/** What tasks of each kind do. */

import {
  type BudgetDefinition,
  type EmitTask,
  type ForkTask,
  type ForTask,
  itemOf,
  type ListenTask,
  type RunTask,
  type SwitchTask,
  type Task,
  type WaitTask,
} from '../../../../schemas/contexts/workflows/document.ts';
import { WORKFLOW_RUN } from '../../../../schemas/contexts/workflows.ts';
import { uuidV5 } from '../../../../schemas/ids.ts';
import type { JobContext } from '../../sdk/context.ts';
import { type Amounts, costOfUnits, type Purse, unitsOfCost } from '../budget.ts';
import { durationMs } from '../duration.ts';
import type { Variables } from '../expressions/evaluate.ts';
import { WORKFLOW_FAN_OUT_MAX } from '../limits.ts';
import { called } from './calls.ts';
import { raised, tried } from './errors.ts';
import { fault } from './faults.ts';
import { type Done, type Flow, nameOf, nested, type Scope } from './flow.ts';

/** Does what a task of its kind does with an input. */
export async function performed(
  flow: Flow,
  task: Task,
  input: unknown,
  scope: Scope,
  variables: Variables,
): Promise<Done> {
  if ('set' in task) return { output: flow.transformed(task.set, input, variables) };
  if ('call' in task) return { output: await called(flow, task, input, scope, variables) };
  if ('switch' in task) return { output: input, ...chosen(flow, task, input, variables) };
  if ('fork' in task) return { output: await forked(flow, task, input, scope) };
  if ('for' in task) return looped(flow, task, input, scope, variables);
  if ('try' in task) return tried(flow, task, input, scope);
  if ('raise' in task) return raised(flow, task, input, scope, variables);
  if ('wait' in task) return { output: await waited(task, input, scope) };
  if ('listen' in task) return { output: await heard(task, scope) };
  if ('emit' in task) return { output: await emitted(flow, task, input, scope, variables) };
  if ('run' in task) return { output: await ran(flow, task, input, scope, variables) };
  return nested(await flow.steps.listed(flow, task.do, input, { ...scope, at: `${scope.at}/do` }));
}

function chosen(flow: Flow, task: SwitchTask, input: unknown, variables: Variables): { readonly to?: string } {
  for (const item of task.switch)
    for (const { when, then } of Object.values(item))
      if (when === undefined || flow.holds(when, input, variables)) return { to: then };
  return {};
}

/** Branches that stop to begin tasks as soon as nothing waits for them. */
function together(scope: Scope) {
  let isOver = false;
  const inner = (ctx: JobContext): Scope => ({ ...scope, ctx, isOver: () => isOver || scope.isOver() });
  return {
    inner,
    /** Resolves or rejects as `all`; then no branch begins a task. */
    async until<T>(all: Promise<T>): Promise<T> {
      try {
        return await all;
      } finally {
        isOver = true;
      }
    },
  };
}

/** Runs work in a branch of its own. */
async function branchOf<T>(ctx: JobContext, label: string, work: (branch: JobContext) => Promise<T>): Promise<T> {
  const { [label]: result } = await ctx.all({ [label]: work });
  return result as T;
}

async function forked(flow: Flow, { fork }: ForkTask, input: unknown, scope: Scope): Promise<unknown> {
  const { inner, until } = together(scope);
  const branches = fork.branches.map((item, index) => {
    const [name, task] = itemOf(item);
    const at = `${scope.at}/fork/branches/${index}/${name}`;
    return branchOf(scope.ctx, nameOf(at), async (ctx) => {
      const { output } = await flow.steps.passedBy(flow, name, task, input, { ...inner(ctx), at });
      return output;
    });
  });
  if (fork.compete !== true) return until(Promise.all(branches));
  try {
    return await until(Promise.any(branches));
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
}

async function looped(flow: Flow, task: ForTask, input: unknown, scope: Scope, variables: Variables): Promise<Done> {
  const { each = 'item', at: place = 'index', in: source } = task.for;
  const items = flow.value(source, input, variables);
  if (!Array.isArray(items)) throw fault('expression', scope.at, 'What `in` gives is no array.');
  const parallel = task.metadata?.parallel;
  const at = `${scope.at}/do`;
  const inside = (item: unknown, index: number): Variables => ({ ...scope.variables, [each]: item, [place]: index });
  if (parallel === undefined) {
    let output = input;
    for (const [index, item] of items.entries()) {
      const inner = { ...scope, at, variables: inside(item, index) };
      if (task.while !== undefined && !flow.holds(task.while, output, flow.variables(inner, { input: output }))) break;
      const passed = await flow.steps.listed(flow, task.do, output, inner);
      output = passed.output;
      if (passed.to === 'end') return { output, to: 'end' };
    }
    return { output };
  }
  if (items.length > WORKFLOW_FAN_OUT_MAX) {
    const detail = `There are ${items.length} items; at most ${WORKFLOW_FAN_OUT_MAX} run at once.`;
    throw fault('runtime', scope.at, detail, 'WORKFLOW_FAN_OUT');
  }
  const { inner, until } = together(scope);
  const outputs: unknown[] = new Array(items.length).fill(null);
  let next = 0;
  // A lane takes the next item when it is free. Results come in the same order in every run, so the items do as well.
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const label = `${nameOf(scope.at)}.${index}`;
      const passed = await branchOf(scope.ctx, label, (ctx) =>
        flow.steps.listed(flow, task.do, input, { ...inner(ctx), at, variables: inside(items[index], index) }),
      );
      outputs[index] = passed.output;
    }
  };
  await until(Promise.all(Array.from({ length: Math.min(parallel, items.length) }, lane)));
  return { output: outputs };
}

async function waited({ wait }: WaitTask, input: unknown, { ctx, at }: Scope): Promise<unknown> {
  await ctx.sleep(durationMs(wait) ?? 0, { name: nameOf(at) });
  return input;
}

/** Waits for signals to the run, each by the type of an event; its output is their payloads. */
async function heard({ listen: { to } }: ListenTask, { ctx, at }: Scope): Promise<readonly unknown[]> {
  const one = (type: string, n: number): Promise<unknown> =>
    branchOf(ctx, `${nameOf(at)}.${n}`, (branch) => branch.signal(type));
  if (to.one !== undefined) return [await one(to.one.with.type, 0)];
  if (to.any !== undefined) return [await Promise.race(to.any.map((filter, n) => one(filter.with.type, n)))];
  return Promise.all((to.all ?? []).map((filter, n) => one(filter.with.type, n)));
}

/** Records an event (CloudEvents 1.0) in the journal of the run, and returns it. */
async function emitted(
  flow: Flow,
  { emit }: EmitTask,
  input: unknown,
  { ctx, at }: Scope,
  variables: Variables,
): Promise<unknown> {
  const given = flow.filled(emit.event.with, input, variables) as Readonly<Record<string, unknown>>;
  const time = ctx.now().toISOString();
  return ctx.step(nameOf(at), ({ idempotencyKey }) => ({
    ...{ specversion: '1.0', id: uuidV5(idempotencyKey, 'event'), time, source: `/jobs/${ctx.jobId}` },
    ...given,
  }));
}

async function ran(
  flow: Flow,
  { run: { workflow } }: RunTask,
  input: unknown,
  { ctx, at, purse }: Scope,
  variables: Variables,
): Promise<unknown> {
  const { namespace, name, version, input: given } = workflow;
  const document = flow.bundle[`${namespace}/${name}`];
  if (document === undefined || (version !== 'latest' && document.document.version !== version))
    throw fault('runtime', at, `The run has no workflow ${namespace}/${name}:${version}.`, 'WORKFLOW_UNKNOWN');
  const child = { workflow: document, workflows: flow.bundle, input: flow.transformed(given, input, variables) };
  const step = nameOf(at);
  const bounds = leftIn(purse);
  if (bounds === null) return ctx.child(WORKFLOW_RUN, child, { name: step });
  // All that is left is reserved for the child, and what it has not used comes back with its result.
  const reservation = purse.reserve(bounds.amounts);
  const { budget } = bounds;
  const all = { ...child, budget, settles: true, ...(flow.prices !== null && { prices: flow.prices }) };
  const { output, used } = (await ctx.child(WORKFLOW_RUN, all, { name: step })) as Settled;
  reservation.settle({ calls: BigInt(used.calls), tokens: BigInt(used.tokens), cost: unitsOfCost(used.cost) });
  return output;
}

/** Result of a child run with a budget. */
interface Settled {
  readonly output: unknown;
  readonly used: { readonly calls: number; readonly tokens: number; readonly cost: string };
}

/** Returns what is left of each bounded meter, as a budget and as amounts. */
function leftIn(purse: Purse): { readonly budget: BudgetDefinition; readonly amounts: Partial<Amounts> } | null {
  const [calls, tokens, cost] = [purse.left('calls'), purse.left('tokens'), purse.left('cost')];
  if (calls === null && tokens === null && cost === null) return null;
  return {
    budget: {
      ...(calls !== null && { calls: Number(calls) }),
      ...(tokens !== null && { tokens: Number(tokens) }),
      ...(cost !== null && { cost: costOfUnits(cost) }),
    },
    amounts: {
      ...(calls !== null && { calls }),
      ...(tokens !== null && { tokens }),
      ...(cost !== null && { cost }),
    },
  };
}
