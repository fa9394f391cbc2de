/** What a run of a workflow has in hand: the document, its context, and the place in it. */
import { createHash } from 'node:crypto';
import type { SchemaProblems } from '../../../../schemas/contexts/agents.ts';
import type { Task, TaskList, WorkflowDocument } from '../../../../schemas/contexts/workflows/document.ts';
import type { JobContext } from '../../sdk/context.ts';
import type { Purse, RunPrices } from '../budget.ts';
import { durationMs } from '../duration.ts';
import { type Evaluator, evaluated, filled, holds, type Variables } from '../expressions/evaluate.ts';
import { WORKFLOW_STEPS_MAX } from '../limits.ts';
import { BranchOver, fault } from './faults.ts';

/** Other documents that a run may start, by `<namespace>/<name>`. */
export type Bundle = Readonly<Record<string, WorkflowDocument>>;

export interface WorkflowPorts {
  readonly jq: Evaluator;
  readonly problemsOf: SchemaProblems;
}

/** The place of a list of tasks in a run. */
export interface Scope {
  /** Context of the job in this branch. */
  readonly ctx: JobContext;
  /** Variables of loops and handlers. */
  readonly variables: Variables;
  /** JSON pointer of the list. */
  readonly at: string;
  /** Budget of the nearest task around it that has one, or of the run. */
  readonly purse: Purse;
  /** True once nothing waits for this branch. */
  readonly isOver: () => boolean;
}

/** What a task leads to: its output, and where the flow goes. */
export interface Passed {
  readonly output: unknown;
  /** `continue`, `exit`, `end` or the name of a task of the list. */
  readonly to: string;
}

/** The output of a task; `to` where the task itself says where the flow goes. */
export type Done = Omit<Passed, 'to'> & { readonly to?: string };

/** Returns what a list leads to in the list around it: only `end` goes on outwards. */
export const nested = ({ output, to }: Passed): Done => (to === 'end' ? { output, to } : { output });

/** Runs lists and tasks: what tasks with tasks in them call. */
export interface Steps {
  listed(flow: Flow, list: TaskList, input: unknown, scope: Scope): Promise<Passed>;
  passedBy(flow: Flow, name: string, task: Task, raw: unknown, scope: Scope): Promise<Passed>;
}

/** One run of a document. */
export class Flow {
  readonly document: WorkflowDocument;
  readonly bundle: Bundle;
  readonly ports: WorkflowPorts;
  readonly steps: Steps;
  /** Prices of the start; null where it named none: no budget of money is held then. */
  readonly prices: RunPrices | null;
  /** `$workflow`. */
  readonly about: Variables;
  /** `$context`: what the latest `export` made. */
  context: unknown = null;
  #steps = 0;

  constructor(
    { document, bundle, prices }: { document: WorkflowDocument; bundle: Bundle; prices: RunPrices | null },
    ports: WorkflowPorts,
    steps: Steps,
    about: Variables,
  ) {
    this.prices = prices;
    this.steps = steps;
    this.document = document;
    this.bundle = bundle;
    this.ports = ports;
    this.about = about;
  }

  /** Notes that a task begins. Throws BranchOver; a fault with WORKFLOW_STEPS_EXHAUSTED above 10,000 tasks. */
  begin(scope: Scope, at: string): void {
    if (scope.isOver()) throw new BranchOver('nothing waits for this branch');
    this.#steps += 1;
    if (this.#steps > WORKFLOW_STEPS_MAX)
      throw fault('runtime', at, `The run has begun ${WORKFLOW_STEPS_MAX} tasks.`, 'WORKFLOW_STEPS_EXHAUSTED');
  }

  variables(scope: Scope, more: Variables = {}): Variables {
    const runtime = { name: 'khipu', version: '1' };
    return { context: this.context, workflow: this.about, runtime, ...scope.variables, ...more };
  }

  value(text: string, data: unknown, variables: Variables): unknown {
    return evaluated(this.ports.jq, text, data, variables);
  }

  holds(text: string, data: unknown, variables: Variables): boolean {
    return holds(this.ports.jq, text, data, variables);
  }

  filled(value: unknown, data: unknown, variables: Variables): unknown {
    return filled(this.ports.jq, value, data, variables);
  }

  /** Returns what `from` or `as` makes of data: a text is an expression, with or without `${ }`. */
  transformed(definition: unknown, data: unknown, variables: Variables): unknown {
    if (definition === undefined) return data;
    return typeof definition === 'string'
      ? this.value(definition, data, variables)
      : this.filled(definition, data, variables);
  }

  /** Throws a fault of validation for data that do not fit a schema. */
  require(schema: { readonly document: unknown } | undefined, data: unknown, at: string, what: string): void {
    if (schema === undefined) return;
    const problems = this.ports.problemsOf(JSON.stringify(schema.document), data);
    if (problems.length > 0)
      throw fault('validation', at, `The ${what} does not fit: ${problems.slice(0, 5).join('; ')}`);
  }

  /** Returns the time-out of a task, in ms; null for none. */
  timeoutMs(timeout: Task['timeout']): number | null {
    const { after } = (typeof timeout === 'string' ? this.document.use?.timeouts?.[timeout] : timeout) ?? {};
    return after === undefined ? null : durationMs(after);
  }
}

const NAME_CHARS_MAX = 90;

/** Returns the name in the journal of what a task asks for: its pointer with dots, shortened to 90 characters. */
export function nameOf(at: string): string {
  const name = at.slice(1).replaceAll('/', '.');
  if (name.length <= NAME_CHARS_MAX) return name;
  return `${createHash('sha256').update(name).digest('hex').slice(0, 12)}.${name.slice(13 - NAME_CHARS_MAX)}`;
}
