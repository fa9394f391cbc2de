import type { FastifyError } from 'fastify';
import { LogError } from '../../../infra/kafka/errors.ts';
import { type FieldError, Problem } from './problem.ts';

/** Largest body of a route that sets no limit of its own. */
export const BODY_BYTES_MAX = 256 * 1024;

const parts: Readonly<Record<string, FieldError['in']>> = {
  body: 'body',
  querystring: 'query',
  params: 'path',
  headers: 'header',
};

interface ValidationIssue {
  readonly instancePath: string;
  readonly message?: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const pointer = (path: string): string => `#${path === '/' ? '' : path}`;

/**
 * Returns the errors of a validation issue. For unknown fields, one error each with a pointer to the field itself; the
 * message of the issue has one line for each.
 */
function fieldErrors(part: FieldError['in'], issue: ValidationIssue): FieldError[] {
  const { keys } = issue.params;
  if (issue.keyword === 'unrecognized_keys' && Array.isArray(keys))
    return keys.map((key: unknown, nth) => ({
      in: part,
      pointer: pointer(`${issue.instancePath === '/' ? '' : issue.instancePath}/${String(key)}`),
      detail: issue.message?.split('\n')[nth] ?? 'Unknown field',
    }));
  return [{ in: part, pointer: pointer(issue.instancePath), detail: issue.message ?? 'The value is not valid' }];
}

/** Returns the problem of a body of another media type. */
export const jsonExpected = (): Problem => new Problem('MEDIA_TYPE_UNSUPPORTED', 'Send the body as application/json');

/** Invalid fields that an answer names. */
export const FIELD_ERRORS_MAX = 100;

function invalidRequest(error: FastifyError): Problem {
  const part = parts[error.validationContext ?? 'body'] ?? 'body';
  const issues = (error.validation ?? []) as readonly ValidationIssue[];
  const errors = issues.flatMap((issue) => fieldErrors(part, issue)).slice(0, FIELD_ERRORS_MAX);
  const named = errors.map((field) => `${field.pointer} (${field.in}): ${field.detail}`).join('; ');
  return new Problem('REQUEST_INVALID', named || 'The request is not valid', { errors });
}

/**
 * Returns the problem of any error: the only mapping from errors to answers. An error that is not coded becomes UNEXPECTED,
 * and its text is not sent to the client. `bodyBytesMax` is the limit of the route.
 */
export function problemOf(error: FastifyError | Error, bodyBytesMax = BODY_BYTES_MAX): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof LogError) return logProblem(error);
  if ('validation' in error && error.validation !== undefined) return invalidRequest(error);
  const { code, statusCode } = error as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new Problem('BODY_TOO_LARGE', `The body has more than ${bodyBytesMax / 1024} KB`);
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return jsonExpected();
  if (code === 'AUTH_BUSY') return new Problem('AUTH_BUSY', 'Try again in a moment', { cause: error });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new Problem('REQUEST_MALFORMED', error.message, { cause: error });
  return new Problem('UNEXPECTED', 'The request failed; the log of the gateway has details under the request id', {
    cause: error,
  });
}

function logProblem(error: LogError): Problem {
  switch (error.code) {
    case 'LOG_OVERLOADED':
      return new Problem('LOG_OVERLOADED', 'Try again in a moment', { cause: error });
    case 'LOG_UNAVAILABLE':
      return new Problem('LOG_UNAVAILABLE', 'The log does not answer; try again with the same Idempotency-Key', {
        cause: error,
      });
    case 'RECORD_TOO_LARGE':
      return new Problem('BODY_TOO_LARGE', 'The log does not accept a record of this size', { cause: error });
    default:
      return new Problem('UNEXPECTED', 'The request failed; the log of the gateway has details under the request id', {
        cause: error,
      });
  }
}
