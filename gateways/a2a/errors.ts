import {
  A2AError,
  RequestMalformedError,
  TaskNotFoundError,
  toJsonRpcError,
  UnsupportedOperationError,
} from '@a2a-js/sdk/errors';
import { z } from 'zod';
import type { ProblemFormat } from '../shared/problems/format.ts';
import { problemOf } from '../shared/problems/from-error.ts';
import type { Problem } from '../shared/problems/problem.ts';

/** Returns a problem as an error of the protocol: `metadata.code` of its `ErrorInfo` is the stable code. */
function errorOfProblem(problem: Problem, more: Readonly<Record<string, string>> = {}): A2AError {
  const { code, status, message, options } = problem;
  const given = { message, cause: problem, metadata: { code: options.refusalCode ?? code, ...more } };
  if (code === 'RESOURCE_UNKNOWN') return new TaskNotFoundError(given);
  if (status === 400 || status === 422) return new RequestMalformedError(given);
  return status >= 500 || status === 429 ? new A2AError(given) : new UnsupportedOperationError(given);
}

/** Returns an error as one of the protocol. An unexpected one says nothing of its cause. */
export const a2aErrorOf = (error: unknown): A2AError =>
  error instanceof A2AError ? error : errorOfProblem(problemOf(error as Error));

const errorBody = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.null(),
  error: z.object({ code: z.int(), message: z.string(), data: z.array(z.looseObject({})) }),
});

/** Problems of a request that never became a message: the status and the headers are those of the problem. */
export const a2aErrors: ProblemFormat = {
  mediaType: 'application/json',
  schema: errorBody,
  body: (problem, { id }) => ({
    ...{ jsonrpc: '2.0', id: null },
    error: toJsonRpcError(errorOfProblem(problem, { request_id: id })),
  }),
};
