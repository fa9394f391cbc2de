import { z } from 'zod';
import type { ProblemCode } from '../shared/problems/catalogue.ts';
import type { ProblemFormat } from '../shared/problems/format.ts';
import type { Problem } from '../shared/problems/problem.ts';

/** Schema of an error of the OpenAI API. */
export const errorBody = z
  .object({
    error: z.looseObject({
      message: z.string().meta({ description: 'Explanation of this occurrence' }),
      type: z
        .string()
        .meta({ description: 'Kind of the error in the words of the OpenAI API', examples: ['policy_denied'] }),
      param: z.string().nullable().meta({ description: 'The parameter that is not valid' }),
      code: z.string().meta({ description: 'Stable code for programs', examples: ['POLICY_DENIED'] }),
      request_id: z.string().meta({ description: 'Id of the request, also in `X-Request-Id`' }),
    }),
  })
  .meta({ id: 'OpenAiError', description: 'An error in the envelope of the OpenAI API' });

/** Kinds of errors by code, where the status does not say enough. */
const typesByCode: Readonly<Partial<Record<ProblemCode, string>>> = {
  POLICY_DENIED: 'policy_denied',
  BUDGET_TOO_SMALL: 'insufficient_quota',
  CREDIT_SPENT: 'insufficient_quota',
  RATE_LIMITED: 'rate_limit_error',
  STREAMS_EXHAUSTED: 'rate_limit_error',
};

/** Returns the kind of an error. Every 429 but of a rate is one of a budget. */
function typeOf({ code, status }: Problem): string {
  const known = typesByCode[code];
  if (known !== undefined) return known;
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 429) return 'insufficient_quota';
  return status < 500 ? 'invalid_request_error' : 'server_error';
}

/** Returns the error of a problem, with the request id and the further members of the problem. */
export function errorOf(problem: Problem, requestId: string): z.infer<typeof errorBody> {
  const { code, message, options } = problem;
  const [field] = options.errors ?? [];
  const param = field === undefined ? null : field.pointer.replace(/^#\/?/, '').replaceAll('/', '.');
  return {
    error: {
      ...options.extensions,
      message: field === undefined ? message : `${param === '' ? 'body' : param}: ${field.detail}`,
      type: typeOf(problem),
      param,
      code: options.refusalCode ?? code,
      request_id: requestId,
    },
  };
}

/** Problems as errors of the OpenAI API. Its clients repeat a 429 and a 503 at once, unless a header forbids it. */
export const openAiErrors: ProblemFormat = {
  mediaType: 'application/json',
  schema: errorBody,
  body: (problem, { id }) => errorOf(problem, id),
  headers: (problem) =>
    problem.code === 'KILL_SWITCH' || typeOf(problem) === 'insufficient_quota' ? { 'x-should-retry': 'false' } : {},
};
