/** Errors of workflows (RFC 9457), and what errors of jobs and expressions are as such. */
import { BudgetShortage } from '../budget.ts';
import { ExpressionError } from '../expressions/jq.ts';

/** An error of a workflow, as `catch` sees it. */
export interface WorkflowError {
  readonly type: string;
  readonly status: number;
  readonly title?: string;
  readonly detail?: string;
  /** JSON pointer of the task. */
  readonly instance: string;
  /** Stable code of the platform, where it has one. */
  readonly code?: string;
}

/** Thrown by a task; `catch` handles it, and otherwise it ends the run. */
export class WorkflowFault extends Error {
  override readonly name = 'WorkflowFault';
  readonly error: WorkflowError;
  constructor(error: WorkflowError, options?: ErrorOptions) {
    super(error.detail ?? error.title ?? error.type, options);
    this.error = error;
  }
}

/** Thrown in a branch that nothing waits for any more, before its next task: it has lost a race, or another branch has failed. */
export class BranchOver extends Error {
  override readonly name = 'BranchOver';
}

const STANDARD = 'https://serverlessworkflow.io/spec/1.0.0/errors/';
/** Types of errors of the specification, which the conformance kit names otherwise. */
const OTHER = 'https://serverlessworkflow.io/dsl/errors/types/';
type Standard = 'authorization' | 'communication' | 'expression' | 'runtime' | 'timeout' | 'validation';
const titles: Readonly<Record<Standard, readonly [string, number]>> = {
  authorization: ['Authorization Error', 403],
  communication: ['Communication Error', 502],
  expression: ['Expression Error', 400],
  runtime: ['Runtime Error', 500],
  timeout: ['Timeout Error', 408],
  validation: ['Validation Error', 400],
};

/** Returns a type in the form of the specification. */
export const typeOf = (type: string): string =>
  type.startsWith(OTHER) ? `${STANDARD}${type.slice(OTHER.length)}` : type;

/** Returns an error of the specification. */
export function fault(kind: Standard, instance: string, detail: string, code?: string, options?: ErrorOptions) {
  const [title, status] = titles[kind];
  const said = /\banswered with status (\d{3})\b/.exec(detail)?.[1];
  return new WorkflowFault(
    {
      ...{ type: STANDARD + kind, status: said === undefined ? status : Number(said), title, detail, instance },
      ...(code !== undefined && { code }),
    },
    options,
  );
}

const kinds: readonly (readonly [RegExp, Standard])[] = [
  [
    /^(WORKFLOW_BUDGET_|WORKFLOW_REVIEW_|POLICY_|CAPABILITY_|KILL_SWITCH|CONSTITUTION_|APPROVAL_|MODERATION_|BUDGET_|TOKEN_|TOOL_LABEL)/,
    'authorization',
  ],
  [/(_TIMEOUT|_DEADLINE)$/, 'timeout'],
  [/^(TOOL_|SLM_)/, 'communication'],
];

/**
 * Returns what an error of a task is to the workflow. Throws what is none of its errors: a bug, the end of a branch, and an
 * evaluation that took too long or too much memory, which another run may not find again.
 */
export function faultOf(error: unknown, instance: string): WorkflowFault {
  if (error instanceof WorkflowFault) return error;
  if (error instanceof ExpressionError) {
    if (error.code === 'EXPRESSION_TIMEOUT' || error.code === 'EXPRESSION_MEMORY') throw error;
    return fault('expression', instance, error.message, error.code, { cause: error });
  }
  if (error instanceof BudgetShortage)
    return fault('authorization', instance, error.message, error.code, { cause: error });
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  if (name !== 'JobError' || typeof code !== 'string') throw error;
  const kind = kinds.find(([pattern]) => pattern.test(code))?.[1] ?? 'runtime';
  return fault(kind, instance, error instanceof Error ? error.message : String(error), code, { cause: error });
}
