import type { FastifyError } from 'fastify';
import { LogError } from '../../../infra/kafka/errors.ts';
import { type FieldError, Problem } from './problem.ts';

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

/** An unknown field is named itself, not the object that holds it. */
function fieldErrors(part: FieldError['in'], issue: ValidationIssue): FieldError[] {
  const { keys } = issue.params;
  if (issue.keyword === 'unrecognized_keys' && Array.isArray(keys))
    return keys.map((key: unknown) => ({
      in: part,
      pointer: pointer(`${issue.instancePath === '/' ? '' : issue.instancePath}/${String(key)}`),
      detail: 'This field is not known here',
    }));
  return [{ in: part, pointer: pointer(issue.instancePath), detail: issue.message ?? 'The value is not valid' }];
}

function invalidRequest(error: FastifyError): Problem {
  const part = parts[error.validationContext ?? 'body'] ?? 'body';
  const issues = (error.validation ?? []) as readonly ValidationIssue[];
  const errors = issues.flatMap((issue) => fieldErrors(part, issue));
  const named = errors.map((field) => `${field.pointer} (${field.in}): ${field.detail}`).join('; ');
  return new Problem('REQUEST_INVALID', named || 'The request is not valid', { errors });
}

/** Every error has one answer, chosen here. What is no error of ours is UNEXPECTED, and its text stays here. */
export function problemOf(error: FastifyError | Error): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof LogError) return logProblem(error);
  if ('validation' in error && error.validation !== undefined) return invalidRequest(error);
  const { code, statusCode } = error as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new Problem('BODY_TOO_LARGE', 'A body may have 256 KB');
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new Problem('MEDIA_TYPE_UNSUPPORTED', 'Send the body as application/json');
  if (code === 'AUTH_BUSY') return new Problem('AUTH_BUSY', 'Try again in a moment', { cause: error });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new Problem('REQUEST_MALFORMED', error.message, { cause: error });
  return new Problem('UNEXPECTED', 'The request failed; the log of this gateway has the request id', { cause: error });
}

function logProblem(error: LogError): Problem {
  switch (error.code) {
    case 'LOG_OVERLOADED':
      return new Problem('LOG_OVERLOADED', 'Try again in a moment', { cause: error });
    case 'LOG_UNAVAILABLE':
      return new Problem('LOG_UNAVAILABLE', 'Nothing was accepted unless the answer says so; try again', {
        cause: error,
      });
    case 'RECORD_TOO_LARGE':
      return new Problem('BODY_TOO_LARGE', 'The log takes no record of this size', { cause: error });
    default:
      return new Problem('UNEXPECTED', 'The request failed; the log of this gateway has the request id', {
        cause: error,
      });
  }
}
