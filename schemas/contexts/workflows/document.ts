/**
 * Documents as runs read them, once the schema of the specification and `supported.ts` have accepted them: the parts that runs
 * support. Names are those of the DSL.
 */

/** A budget as documents and starts give it. A member that is left out is bounded by the budget around it alone. */
export interface BudgetDefinition {
  readonly calls?: number;
  /** Of models and agents. */
  readonly tokens?: number;
  /** A decimal with at most nine fraction digits, in the currency of the platform. */
  readonly cost?: string;
}

export interface WorkflowDocument extends Pick<TaskBase, 'input' | 'output' | 'timeout'> {
  readonly document: {
    readonly dsl: string;
    readonly namespace: string;
    readonly name: string;
    readonly version: string;
    readonly title?: string;
    readonly summary?: string;
    readonly metadata?: { readonly budget?: BudgetDefinition };
  };
  readonly use?: {
    readonly errors?: Readonly<Record<string, ErrorDefinition>>;
    readonly retries?: Readonly<Record<string, RetryPolicy>>;
    readonly timeouts?: Readonly<Record<string, TimeoutDefinition>>;
  };
  readonly do: TaskList;
}

export type TaskList = readonly Readonly<Record<string, Task>>[];
/** ISO 8601, or its parts. */
export type DurationDefinition = string | Readonly<Record<string, number>>;
export interface TimeoutDefinition {
  readonly after: DurationDefinition;
}
interface SchemaDefinition {
  readonly document: unknown;
}

interface TaskBase {
  readonly if?: string;
  readonly input?: { readonly from?: unknown; readonly schema?: SchemaDefinition };
  readonly output?: { readonly as?: unknown; readonly schema?: SchemaDefinition };
  readonly export?: { readonly as?: unknown };
  readonly timeout?: TimeoutDefinition | string;
  readonly then?: string;
  readonly metadata?: {
    /** Of a `for`: most iterations at once. */
    readonly parallel?: number;
    /** Most that the task may use, with what is in it. */
    readonly budget?: BudgetDefinition;
    /** True: a person approves its input before it begins. */
    readonly review?: boolean;
  };
}

export interface ErrorDefinition {
  readonly type: string;
  readonly status: number | string;
  readonly title?: string;
  readonly detail?: string;
  readonly instance?: string;
}

export interface RetryPolicy {
  readonly when?: string;
  readonly exceptWhen?: string;
  readonly delay?: DurationDefinition;
  readonly backoff?: { readonly constant?: object; readonly linear?: object; readonly exponential?: object };
  readonly limit?: { readonly attempt?: { readonly count?: number }; readonly duration?: DurationDefinition };
  readonly jitter?: { readonly from: DurationDefinition; readonly to: DurationDefinition };
}

export interface EventFilter {
  readonly with: { readonly type: string };
}

export interface CallTask extends TaskBase {
  readonly call: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
export interface DoTask extends TaskBase {
  readonly do: TaskList;
}
export interface ForkTask extends TaskBase {
  readonly fork: { readonly branches: TaskList; readonly compete?: boolean };
}
export interface ForTask extends TaskBase {
  readonly for: { readonly each?: string; readonly in: string; readonly at?: string };
  readonly while?: string;
  readonly do: TaskList;
}
export interface SwitchTask extends TaskBase {
  readonly switch: readonly Readonly<Record<string, { readonly when?: string; readonly then: string }>>[];
}
export interface TryTask extends TaskBase {
  readonly try: TaskList;
  readonly catch: {
    readonly errors?: { readonly with?: Partial<Readonly<Record<keyof ErrorDefinition, unknown>>> };
    readonly as?: string;
    readonly when?: string;
    readonly exceptWhen?: string;
    readonly retry?: RetryPolicy | string;
    readonly do?: TaskList;
  };
}
export interface RaiseTask extends TaskBase {
  readonly raise: { readonly error: ErrorDefinition | string };
}
export interface SetTask extends TaskBase {
  readonly set: unknown;
}
export interface WaitTask extends TaskBase {
  readonly wait: DurationDefinition;
}
export interface ListenTask extends TaskBase {
  readonly listen: {
    readonly to: {
      readonly one?: EventFilter;
      readonly any?: readonly EventFilter[];
      readonly all?: readonly EventFilter[];
    };
  };
}
export interface EmitTask extends TaskBase {
  readonly emit: { readonly event: { readonly with: Readonly<Record<string, unknown>> } };
}
export interface RunTask extends TaskBase {
  readonly run: {
    readonly workflow: {
      readonly namespace: string;
      readonly name: string;
      readonly version: string;
      readonly input?: unknown;
    };
  };
}

export type Task =
  | CallTask
  | DoTask
  | ForkTask
  | ForTask
  | SwitchTask
  | TryTask
  | RaiseTask
  | SetTask
  | WaitTask
  | ListenTask
  | EmitTask
  | RunTask;

/** Kinds by the member that names them; `for` has a `do` as well. */
export const taskKinds = [
  ...(['call', 'fork', 'for', 'switch', 'try', 'raise'] as const),
  ...(['set', 'wait', 'listen', 'emit', 'run', 'do'] as const),
] as const;
export type TaskKind = (typeof taskKinds)[number];

/** Returns the kind of a task; undefined for none. */
export const kindOf = (task: object): TaskKind | undefined => taskKinds.find((kind) => kind in task);

/** Returns the name and the task of an item of a list. */
export function itemOf(item: Readonly<Record<string, Task>>): readonly [string, Task] {
  const [entry] = Object.entries(item);
  if (entry === undefined) throw new TypeError('an item of a task list is empty');
  return entry;
}
