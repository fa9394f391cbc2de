/** Refuses what the schema of the specification allows and runs do not support. */

import type {
  CallTask,
  EventFilter,
  ListenTask,
  Task,
  WorkflowDocument,
} from '../../../schemas/contexts/workflows/document.ts';
import { childrenOf, escaped } from '../../../schemas/contexts/workflows/tree.ts';
import { budgetProblem } from './budget.ts';
import { durationMs } from './duration.ts';
import { WorkflowProblem } from './errors.ts';
import { EXPRESSION_CHARS_MAX, WORKFLOW_PARALLEL_MAX, WORKFLOW_TASKS_MAX } from './limits.ts';

/** Names of calls that runs give a meaning; every other one is the name of a tool. */
export const CALLS = ['http', 'tool', 'agent', 'job', 'model'] as const;
const REFUSED_CALLS = ['grpc', 'openapi', 'asyncapi', 'a2a', 'mcp'];
const TOOL = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const SIGNAL = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const NAME = /^[A-Za-z_]\w{0,63}$/;
/** Members of `call: http` that http.fetch has. */
const HTTP = ['method', 'endpoint', 'body', 'output', 'query'];

const refuse = (pointer: string, why: string): never => {
  throw new WorkflowProblem('WORKFLOW_UNSUPPORTED', pointer, why);
};
const invalid = (pointer: string, why: string): never => {
  throw new WorkflowProblem('WORKFLOW_INVALID', pointer, why);
};

/** Throws WORKFLOW_UNSUPPORTED for the first construct that runs do not support, WORKFLOW_INVALID for a wrong reference. */
export function requireSupported(document: WorkflowDocument): void {
  const whole = document as WorkflowDocument & Readonly<Record<string, unknown>>;
  if (whole['schedule'] !== undefined) refuse('/schedule', 'a schedule of the document: schedule its runs as jobs');
  if (whole['evaluate'] !== undefined) refuse('/evaluate', 'another expression language or mode than strict jq');
  for (const part of Object.keys(document.use ?? {}))
    if (!['errors', 'retries', 'timeouts'].includes(part)) refuse(`/use/${part}`, `'use' of ${part}`);
  requireMetadata(document.document, '/document');
  requireTexts(document, '');
  let tasks = 0;
  const visit = (list: WorkflowDocument['do'], at: string): void => {
    const names = new Set<string>();
    for (const [index, item] of list.entries())
      for (const [name, task] of Object.entries(item)) {
        const pointer = `${at}/${index}/${escaped(name)}`;
        tasks += 1;
        if (tasks > WORKFLOW_TASKS_MAX)
          throw new WorkflowProblem('WORKFLOW_TOO_LARGE', pointer, `more than ${WORKFLOW_TASKS_MAX} tasks`);
        if (names.has(name)) invalid(pointer, `two tasks of a list have the name ${name}`);
        names.add(name);
        requireTask(task, pointer, document);
        for (const child of childrenOf(task)) visit(child.tasks, pointer + child.at);
      }
    for (const [index, item] of list.entries())
      for (const [name, task] of Object.entries(item)) requireTargets(task, `${at}/${index}/${escaped(name)}`, names);
  };
  visit(document.do, '/do');
  requireBase(document, '');
}

/** Flow goes to a task of the same list, or is a directive. */
function requireTargets(task: Task, at: string, names: ReadonlySet<string>): void {
  const known = (target: unknown, pointer: string): void => {
    if (typeof target !== 'string') return;
    if (!['continue', 'exit', 'end'].includes(target) && !names.has(target))
      invalid(pointer, `there is no task ${target} in this list`);
  };
  known(task.then, `${at}/then`);
  if ('switch' in task)
    for (const [index, item] of task.switch.entries())
      for (const [name, { then }] of Object.entries(item)) known(then, `${at}/switch/${index}/${escaped(name)}/then`);
}

/** Bounds texts; a text with an expression in its middle is not evaluated, so it is refused. */
function requireTexts(value: unknown, at: string): void {
  if (typeof value === 'string') {
    const expression = value.includes('${');
    if (expression && value.length > EXPRESSION_CHARS_MAX)
      refuse(at, `an expression of more than ${EXPRESSION_CHARS_MAX} characters`);
    if (expression && !/^\s*\$\{[\s\S]*\}\s*$/.test(value))
      refuse(at, 'an expression within a text: use "${ "text \\(.member)" }"');
    if (/\$secrets\b/.test(value)) refuse(at, 'secrets: tools have their credentials from the platform');
  } else if (typeof value === 'object' && value !== null)
    for (const [name, each] of Object.entries(value)) requireTexts(each, `${at}/${escaped(name)}`);
}

function requireBase(task: Pick<Task, 'input' | 'output' | 'timeout'>, at: string, document?: WorkflowDocument): void {
  for (const side of ['input', 'output'] as const) {
    const schema = task[side]?.schema as Readonly<Record<string, unknown>> | undefined;
    if (schema === undefined) continue;
    if (schema['document'] === undefined) refuse(`${at}/${side}/schema`, 'a schema outside the document');
    const format = schema['format'];
    if (typeof format === 'string' && !/^json(:|$)/.test(format)) refuse(`${at}/${side}/schema/format`, `${format}`);
  }
  const { timeout } = task;
  if (typeof timeout === 'string') {
    if (document?.use?.timeouts?.[timeout] === undefined) invalid(`${at}/timeout`, `there is no timeout ${timeout}`);
  } else if (timeout !== undefined && durationMs(timeout.after) === null)
    refuse(`${at}/timeout/after`, 'a duration in years or months, or an expression');
}

/** Throws WORKFLOW_INVALID for a budget or a review that runs could not hold. Any other metadata are those of the author. */
function requireMetadata(of: { readonly metadata?: unknown }, at: string): void {
  const { budget, review } = (of.metadata ?? {}) as { readonly budget?: unknown; readonly review?: unknown };
  const problem = budget === undefined ? null : budgetProblem(budget);
  if (problem !== null) invalid(`${at}/metadata/budget`, problem);
  if (review !== undefined && typeof review !== 'boolean') invalid(`${at}/metadata/review`, 'true or false');
}

function requireTask(task: Task, at: string, document: WorkflowDocument): void {
  requireBase(task, at, document);
  requireMetadata(task, at);
  const whole = task as Task & Readonly<Record<string, unknown>>;
  if ('call' in task) requireCall(task, at);
  if ('listen' in task) requireListen(task, at);
  if ('wait' in task && durationMs(task.wait) === null)
    refuse(`${at}/wait`, 'a duration in years or months, or an expression');
  if ('for' in task) requireFor(task as never, at);
  if ('emit' in task && whole['emit'] !== undefined) {
    const { with: event } = task.emit.event;
    if (typeof event['type'] !== 'string') invalid(`${at}/emit/event/with/type`, 'an event has a type');
  }
  if ('run' in task) {
    const run = task.run as Readonly<Record<string, unknown>>;
    for (const kind of ['container', 'script', 'shell'])
      if (run[kind] !== undefined) refuse(`${at}/run/${kind}`, `${kind}: make it a tool, which has a sandbox`);
    if (run['await'] === false) refuse(`${at}/run/await`, 'a run that is not awaited');
  }
  if ('try' in task) {
    const { retry, as } = task.catch;
    if (as !== undefined && !NAME.test(as)) invalid(`${at}/catch/as`, 'a variable is letters, digits and _');
    if (typeof retry === 'string') {
      if (document.use?.retries?.[retry] === undefined) invalid(`${at}/catch/retry`, `there is no retry ${retry}`);
    } else if (retry !== undefined) requireRetry(retry as never, `${at}/catch/retry`);
  }
  for (const [name, policy] of Object.entries(document.use?.retries ?? {}))
    requireRetry(policy as never, `/use/retries/${escaped(name)}`);
  if ('raise' in task && typeof task.raise.error === 'string' && document.use?.errors?.[task.raise.error] === undefined)
    invalid(`${at}/raise/error`, `there is no error ${task.raise.error}`);
}

function requireRetry(policy: Readonly<Record<string, unknown>>, at: string): void {
  const { delay, limit, jitter } = policy as {
    readonly delay?: never;
    readonly limit?: { readonly attempt?: { readonly duration?: unknown }; readonly duration?: never };
    readonly jitter?: { readonly from: never; readonly to: never };
  };
  if (limit?.attempt?.duration !== undefined) refuse(`${at}/limit/attempt/duration`, 'use the timeout of the task');
  const durations = [delay, limit?.duration, jitter?.from, jitter?.to].filter((each) => each !== undefined);
  if (durations.some((each) => durationMs(each) === null)) refuse(at, 'a duration in years or months');
}

function requireFor(task: Readonly<Record<string, unknown>>, at: string): void {
  const {
    for: loop,
    metadata,
    while: condition,
  } = task as {
    readonly for: { readonly each?: string; readonly at?: string };
    readonly metadata?: { readonly parallel?: unknown };
    readonly while?: unknown;
  };
  for (const part of ['each', 'at'] as const)
    if (loop[part] !== undefined && !NAME.test(loop[part]))
      invalid(`${at}/for/${part}`, 'a variable is letters, digits, _');
  const parallel = metadata?.parallel;
  if (parallel === undefined) return;
  if (!Number.isInteger(parallel) || (parallel as number) < 1 || (parallel as number) > WORKFLOW_PARALLEL_MAX)
    invalid(`${at}/metadata/parallel`, `a whole number from 1 to ${WORKFLOW_PARALLEL_MAX}`);
  if (condition !== undefined) refuse(`${at}/while`, 'a condition of iterations that run at once');
}

function requireCall({ call, with: given = {} }: CallTask, at: string): void {
  if (REFUSED_CALLS.includes(call)) refuse(`${at}/call`, `call: ${call}: make it a tool and call that`);
  const text = (name: string): void => {
    if (typeof given[name] !== 'string') invalid(`${at}/with/${name}`, `call: ${call} takes ${name}`);
  };
  if (call === 'http') {
    for (const name of Object.keys(given))
      if (!HTTP.includes(name)) refuse(`${at}/with/${name}`, 'http.fetch has none');
    if (given['output'] !== undefined && given['output'] !== 'content')
      refuse(`${at}/with/output`, 'another output than content');
    const { endpoint } = given;
    if (typeof endpoint === 'object' && endpoint !== null && 'authentication' in endpoint)
      refuse(`${at}/with/endpoint/authentication`, 'credentials: the egress broker attaches those of the tool');
  } else if (call === 'tool') text('tool');
  else if (call === 'agent' || call === 'model') text('prompt');
  else if (call === 'job') text('type');
  else if (!TOOL.test(call)) refuse(`${at}/call`, 'a function of a catalogue, or a name that no tool has');
}

function requireListen({ listen }: ListenTask, at: string): void {
  const { to, read, ...rest } = listen as ListenTask['listen'] & Readonly<Record<string, unknown>>;
  for (const name of Object.keys(rest)) refuse(`${at}/listen/${name}`, `listen: ${name}`);
  if (read !== undefined && read !== 'data') refuse(`${at}/listen/read`, 'another part of an event than its data');
  const filters: (readonly [string, EventFilter])[] = [
    ...(to.one === undefined ? [] : [['one', to.one] as const]),
    ...(to.any ?? []).map((each, n) => [`any/${n}`, each] as const),
    ...(to.all ?? []).map((each, n) => [`all/${n}`, each] as const),
  ];
  for (const name of Object.keys(to))
    if (!['one', 'any', 'all'].includes(name)) refuse(`${at}/listen/to/${name}`, name);
  if (filters.length === 0) refuse(`${at}/listen/to`, 'events of every type');
  for (const [name, filter] of filters) {
    const pointer = `${at}/listen/to/${name}`;
    for (const part of Object.keys(filter)) if (part !== 'with') refuse(`${pointer}/${part}`, `a filter by ${part}`);
    const { type, ...others } = filter.with as Readonly<Record<string, unknown>>;
    for (const part of Object.keys(others)) refuse(`${pointer}/with/${part}`, 'a filter by more than the type');
    if (typeof type !== 'string' || !SIGNAL.test(type))
      refuse(`${pointer}/with/type`, 'the type is the name of a signal: letters, digits, . _ -; at most 100');
  }
}
