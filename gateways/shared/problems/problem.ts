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

/** One invalid field of a request. */
export interface FieldError {
  /** Part of the request. */
  readonly in: 'body' | 'query' | 'path' | 'header';
  /** JSON Pointer into that part, as a URI fragment (RFC 6901, 6). */
  readonly pointer: string;
  readonly detail: string;
}

/** Optional parts of a problem. */
export interface ProblemOptions {
  readonly errors?: readonly FieldError[];
  /** Further members of the problem. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Code of a refusal that the catalogue does not have; the status is that of `code`. */
  readonly refusalCode?: string;
  /** `Retry-After` in seconds, where it differs from that of the code; null for no such header. */
  readonly retryAfterS?: number | null;
  readonly cause?: unknown;
}

const retryAfterS: Readonly<Partial<Record<ProblemCode, number>>> = {
  KILL_SWITCH: RETRY_AFTER_STOPPED_S,
  BUDGET_EXCEEDED: RETRY_AFTER_BUDGET_S,
};

/** An error that is answered as problem+json. Bugs need none: any other error becomes UNEXPECTED. */
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

  /** Headers of the answer, with `Retry-After` for 429 and 503 unless no time is known. */
  get headers(): Readonly<Record<string, string>> {
    const { retryAfterS: ownS = retryAfterS[this.code] ?? RETRY_AFTER_S, headers } = this.options;
    const isTransient = this.status === 503 || this.status === 429;
    return { ...(isTransient && ownS !== null && { 'retry-after': String(ownS) }), ...headers };
  }
}

/** Returns the problem of a refusal in the log. A code that is not in the catalogue comes from the policy: 403 with that code. */
export function refusalProblem(
  code: string,
  detail: string,
  extensions: Readonly<Record<string, unknown>>,
  options: Pick<ProblemOptions, 'headers' | 'retryAfterS'> = {},
): Problem {
  if (isProblemCode(code)) return new Problem(code, detail, { ...options, extensions });
  return new Problem('POLICY_DENIED', detail, { ...options, extensions, refusalCode: code });
}

/** Schema of a problem body. */
export const problemSchema = z
  .looseObject({
    type: z.string().meta({ description: 'URI of the problem type', examples: [problemType('POLICY_DENIED')] }),
    title: z.string().meta({ description: 'Title of the problem type' }),
    status: z.int().meta({ description: 'HTTP status' }),
    detail: z.string().meta({ description: 'Explanation of this occurrence' }),
    instance: z.string().meta({ description: 'Path of the request' }),
    code: z.string().meta({ description: 'Stable code for programs', examples: ['POLICY_DENIED'] }),
    request_id: z
      .string()
      .meta({ description: 'Id of the request, also in `X-Request-Id` and in the log of the gateway' }),
    errors: z
      .array(z.object({ in: z.enum(['body', 'query', 'path', 'header']), pointer: z.string(), detail: z.string() }))
      .optional()
      .meta({ description: 'Each invalid field' }),
    decision: decisionSchema.optional().meta({ description: 'Decision of a refusal' }),
    decision_id: z.string().optional().meta({ description: 'Id of the decision of a refusal' }),
    session_id: z.string().optional().meta({ description: 'Id of the session of the request' }),
    window: z
      .string()
      .optional()
      .meta({ description: 'Window of the budget that refused the request, or `minute` of a limit of calls' }),
    needed: z
      .object({ tokens: z.int().optional(), cost: z.string().optional(), calls: z.int().optional() })
      .optional()
      .meta({ description: 'Most that the request can use: what its budget, or its limit of calls, must have left' }),
    left: z
      .object({
        ...{ tokens: z.int().nullable().optional(), cost: z.string().nullable().optional() },
        calls: z.int().optional(),
      })
      .optional()
      .meta({
        description:
          'What the window has left; null without a limit. With `BUDGET_TOO_SMALL`, the whole limit of the window',
      }),
    resets_at: z.string().nullable().optional().meta({
      description:
        'Time at which the window begins again, RFC 3339; null when the request may fit earlier, because open requests hold the rest, or does not fit later either',
    }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' });

/** The body of a problem. */
export type ProblemBody = z.infer<typeof problemSchema>;

/** Returns the body of a problem for one request. `instance` leaves out the query, which may hold private data. */
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
