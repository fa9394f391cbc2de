import type { ProblemCode } from './catalogue.ts';
import { Problem } from './problem.ts';

/** Problem codes of failures of a provider. Any other failure is SLM_FAILED. */
const failures: Readonly<Record<string, ProblemCode>> = {
  SLM_TIMEOUT: 'SLM_TIMEOUT',
  WORK_DEADLINE: 'SLM_TIMEOUT',
  TURN_TIMEOUT: 'SLM_TIMEOUT',
  SLM_UNAVAILABLE: 'SLM_UNAVAILABLE',
  SLM_CIRCUIT_OPEN: 'SLM_UNAVAILABLE',
  SLM_RATE_LIMITED: 'SLM_UNAVAILABLE',
  KILL_SWITCH: 'KILL_SWITCH',
  OUTPUT_REFUSED: 'OUTPUT_REFUSED',
  OUTPUT_UNCHECKED: 'CONSTITUTION_UNVERIFIED',
  SLM_FORMAT_UNSUPPORTED: 'FORMAT_UNSUPPORTED',
  SLM_TOOLS_UNSUPPORTED: 'TOOLS_UNSUPPORTED',
};

/** Returns the problem of a failed request to a model, by the code of the failure. */
export const modelFailure = (
  code: string,
  detail: string,
  extensions: Readonly<Record<string, unknown>> = {},
): Problem => {
  const problem = failures[code] ?? 'SLM_FAILED';
  // Only requests of the OpenAI API choose a form.
  const field = { in: 'body', pointer: '#/response_format', detail } as const;
  return new Problem(problem, detail, {
    extensions: { slm_code: code, ...extensions },
    ...(problem === 'FORMAT_UNSUPPORTED' && { errors: [field] }),
  });
};
