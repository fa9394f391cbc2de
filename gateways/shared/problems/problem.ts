import { z } from 'zod';
import { decisionSchema } from '../schemas.ts';
import {
  isProblemCode,
  type ProblemCode,
  problemCatalogue,
  problemType,
  RETRY_AFTER_BUDGET_S,
  RETRY_AFTER_S,
  RETRY_AFTER_STOPPED_S,
} from './catalogue.ts';

export interface FieldError {
  /** Part of the request. */
  readonly in: 'body' | 'query' | 'path' | 'header';
  /** JSON Pointer into that part, as a URI fragment (RFC 6901, 6). */
  readonly pointer: string;
  readonly detail: string;
}

export interface ProblemOptions {
  readonly errors?: readonly FieldError[];
  /** Members of the problem beside the standard ones. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** A refusal's own code, where the catalogue has none for it; the status is that of `code`. */
  readonly refusalCode?: string;
  readonly cause?: unknown;
}

const retryAfterS: Readonly<Partial<Record<ProblemCode, number>>> = {
  KILL_SWITCH: RETRY_AFTER_STOPPED_S,
  BUDGET_EXCEEDED: RETRY_AFTER_BUDGET_S,
};

/** Thrown by a handler, answered as problem+json. Not for bugs: those are UNEXPECTED by themselves. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly options: ProblemOptions;

  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.options = options;
  }

  get status(): number {
    return problemCatalogue[this.code].status;
  }

  get headers(): Readonly<Record<string, string>> {
    return this.status === 503 || this.status === 429
      ? { 'retry-after': String(retryAfterS[this.code] ?? RETRY_AFTER_S), ...this.options.headers }
      : { ...this.options.headers };
  }
}

/** The problem for a refusal in the log. A code that the catalogue does not know is the policy's own: 403 under its name. */
export function refusalProblem(
  code: string,
  detail: string,
  extensions: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Problem {
  if (isProblemCode(code)) return new Problem(code, detail, { extensions, headers });
  return new Problem('POLICY_DENIED', detail, { extensions, headers, refusalCode: code });
}

export const problemSchema = z
  .looseObject({
    type: z
      .string()
      .meta({ description: 'URI that names the kind of problem', examples: [problemType('POLICY_DENIED')] }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What went wrong this time' }),
    instance: z.string().meta({ description: 'Path of the request' }),
    code: z.string().meta({ description: 'Stable code to act on', examples: ['POLICY_DENIED'] }),
    request_id: z.string(),
    errors: z
      .array(z.object({ in: z.enum(['body', 'query', 'path', 'header']), pointer: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: 'Every field that is wrong' }),
    decision: decisionSchema.optional(),
    decision_id: z.string().optional(),
    session_id: z.string().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' });

export type ProblemBody = z.infer<typeof problemSchema>;

/** The body of a problem, as one request sees it. `instance` carries no query: it may hold what is nobody's business. */
export function problemBody(problem: Problem, request: { readonly id: string; readonly url: string }): ProblemBody {
  const { status, title } = problemCatalogue[problem.code];
  const code = problem.options.refusalCode ?? problem.code;
  return {
    type: problemType(code),
    title,
    status,
    detail: problem.message,
    instance: request.url.split('?', 1)[0] ?? request.url,
    code,
    request_id: request.id,
    ...(problem.options.errors === undefined ? {} : { errors: [...problem.options.errors] }),
    ...problem.options.extensions,
  };
}
