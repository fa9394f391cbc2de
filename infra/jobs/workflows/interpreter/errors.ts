/** Errors: raised, caught and retried. */

import type {
  ErrorDefinition,
  RaiseTask,
  RetryPolicy,
  TryTask,
} from '../../../../schemas/contexts/workflows/document.ts';
import { durationMs } from '../duration.ts';
import type { Variables } from '../expressions/evaluate.ts';
import { faultOf, typeOf, type WorkflowError, WorkflowFault } from './faults.ts';
import { type Done, type Flow, nameOf, nested, type Scope } from './flow.ts';

/** Raises an error; its instance is the task. */
export function raised(flow: Flow, { raise }: RaiseTask, input: unknown, { at }: Scope, variables: Variables): never {
  const given = typeof raise.error === 'string' ? flow.document.use?.errors?.[raise.error] : raise.error;
  const { status, ...error } = flow.filled(given, input, variables) as ErrorDefinition;
  throw new WorkflowFault({ instance: at, ...error, type: typeOf(error.type), status: Number(status) });
}

/** Runs tasks, again as the retry says where they fail, and then the handler of the error. */
export async function tried(flow: Flow, task: TryTask, input: unknown, scope: Scope): Promise<Done> {
  const { catch: handler } = task;
  const retry = typeof handler.retry === 'string' ? flow.document.use?.retries?.[handler.retry] : handler.retry;
  const beganMs = retry?.limit?.duration === undefined ? 0 : scope.ctx.now().getTime();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return nested(await flow.steps.listed(flow, task.try, input, { ...scope, at: `${scope.at}/try` }));
    } catch (thrown) {
      const caught = faultOf(thrown, scope.at);
      const inner = { ...scope, variables: { ...scope.variables, [handler.as ?? 'error']: caught.error } };
      const variables = flow.variables(inner, { input });
      const holds = (condition: string | undefined, otherwise: boolean): boolean =>
        condition === undefined ? otherwise : flow.holds(condition, input, variables);
      if (!matches(flow, handler.errors?.with, caught.error, input, variables)) throw caught;
      if (!holds(handler.when, true) || holds(handler.exceptWhen, false)) throw caught;
      const again = retry !== undefined && holds(retry.when, true) && !holds(retry.exceptWhen, false);
      if (again && (await waitsAgain(retry, attempt, beganMs, scope))) continue;
      if (handler.do === undefined) {
        // A retry that is used up does not hide the error.
        if (again) throw caught;
        return { output: input };
      }
      return nested(await flow.steps.listed(flow, handler.do, input, { ...inner, at: `${scope.at}/catch/do` }));
    }
  }
}

function matches(
  flow: Flow,
  filter: Readonly<Record<string, unknown>> | undefined,
  error: WorkflowError,
  input: unknown,
  variables: Variables,
): boolean {
  const fields = error as unknown as Readonly<Record<string, unknown>>;
  return Object.entries(filter ?? {}).every(([name, wanted]) => {
    const value = flow.filled(wanted, input, variables);
    const expected = name === 'type' ? typeOf(String(value)) : value;
    return fields[name] === expected || (name === 'status' && Number(expected) === error.status);
  });
}

const DELAY_MS_DEFAULT = 0;
const ATTEMPTS_DEFAULT = 5;

/** Waits before another attempt; false when the retry allows none. */
async function waitsAgain(retry: RetryPolicy, attempt: number, beganMs: number, { ctx, at }: Scope): Promise<boolean> {
  const { limit, delay, backoff, jitter } = retry;
  const durationMax = limit?.duration === undefined ? null : durationMs(limit.duration);
  const attemptsMax = limit?.attempt?.count ?? (durationMax === null ? ATTEMPTS_DEFAULT : Number.POSITIVE_INFINITY);
  if (attempt >= attemptsMax) return false;
  if (durationMax !== null && ctx.now().getTime() - beganMs >= durationMax) return false;
  const first = delay === undefined ? DELAY_MS_DEFAULT : (durationMs(delay) ?? 0);
  const from = jitter === undefined ? 0 : (durationMs(jitter.from) ?? 0);
  const to = jitter === undefined ? 0 : (durationMs(jitter.to) ?? 0);
  const factor = backoff?.exponential !== undefined ? 2 ** Math.min(attempt - 1, 20) : backoff?.linear ? attempt : 1;
  const waitMs = first * factor + (jitter === undefined ? 0 : from + Math.round(ctx.random() * (to - from)));
  if (waitMs > 0) await ctx.sleep(waitMs, { name: `${nameOf(at)}.retry` });
  return true;
}
