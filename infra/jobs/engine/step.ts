import type { StepOptions, StepRun } from '../sdk/context.ts';
import { failureOf, JobError } from '../sdk/errors.ts';
import type { Operation } from './contract.ts';
import { idempotencyKeyOf } from './keys.ts';
import { isLarge, payloadOf } from './payload.ts';
import { delayMs, isLast, retryOf } from './retry.ts';
import type { Run } from './run.ts';

/** Longest delay between attempts within a run, in ms; a longer one is a wait that keeps no worker. */
export const DELAY_IN_RUN_MS_MAX = 1_000;

type StepFunction = (run: StepRun) => unknown;

/** Returns the begin of a step: its attempts, within the run as long as the delays are short. */
export function stepOf(run: Run, fn: StepFunction, options: StepOptions): Operation['begin'] {
  const retry = retryOf(options.retry);
  const { jobId } = run.given;

  /** Waits for the next attempt: in the run, or as a wait of the job. Returns false for the latter. */
  async function comesTo(operation: Operation, attempts: number, failedAtMs: number): Promise<boolean> {
    const { clock } = run.ports;
    const untilMs = failedAtMs + delayMs(attempts, retry, jobId, operation.key);
    const leftMs = untilMs - clock.now();
    if (leftMs > DELAY_IN_RUN_MS_MAX) {
      run.wait(operation, { kind: 'retry', until: untilMs, signal: null, childType: null, request: null });
      return false;
    }
    if (leftMs > 0) await clock.sleep(leftMs, run.abort.signal);
    return !run.isStopping;
  }

  return (operation) =>
    void run.busy(async () => {
      const { key, attempted } = operation;
      let failed = attempted === undefined ? null : { attempts: attempted.attempts, atMs: attempted.endedAt };
      for (;;) {
        if (run.isStopping) return;
        if (failed !== null && !(await comesTo(operation, failed.attempts, failed.atMs))) return;
        if (run.ports.finishSteps.aborted) return;
        const attempt = (failed?.attempts ?? 0) + 1;
        const startedAt = run.ports.clock.now();
        try {
          const value = await attemptOf(run, fn, attempt, idempotencyKeyOf(jobId, key), options.timeout);
          const json = payloadOf(value, `the result of step '${key.name}'`);
          const output = isLarge(json) ? await run.ports.payloads.keep(json) : json;
          run.record(operation, run.entryOf(key, 'step', { output, attempts: attempt, startedAt }), json);
          return;
        } catch (error) {
          // A step that was aborted with its run has not failed.
          if (run.isStopping) return;
          const { code, detail, retryable } = failureOf(error, 'JOB_STEP_FAILED');
          const outcome = !retryable || isLast(attempt, retry) ? 'failed' : 'attempted';
          if (!retryable) run.failures.noteFinal(operation);
          const entry = run.entryOf(key, 'step', { outcome, code, detail, attempts: attempt, startedAt });
          run.record(operation, entry);
          if (outcome === 'failed') return;
          failed = { attempts: attempt, atMs: entry.endedAt };
        }
      }
    });
}

/**
 * Runs one attempt. Rejects with what it throws, or with JOB_STEP_TIMEOUT: an attempt that does not obey its signal is left
 * behind then. When the run stops, only the signal is aborted: an attempt may still end.
 */
async function attemptOf(
  run: Run,
  fn: StepFunction,
  attempt: number,
  idempotencyKey: string,
  timeoutMs: number | undefined,
): Promise<unknown> {
  const own = new AbortController();
  const onRun = (): void => own.abort(run.abort.signal.reason);
  run.abort.signal.addEventListener('abort', onRun, { once: true });
  const ended = new AbortController();
  const timedOut = Promise.withResolvers<never>();
  if (timeoutMs !== undefined)
    void run.ports.clock.sleep(timeoutMs, ended.signal).then(() => {
      if (ended.signal.aborted) return;
      const error = new JobError('JOB_STEP_TIMEOUT', `the attempt took longer than ${timeoutMs} ms`);
      own.abort(error);
      timedOut.reject(error);
    });
  try {
    return await Promise.race([(async () => fn({ signal: own.signal, idempotencyKey, attempt }))(), timedOut.promise]);
  } finally {
    ended.abort();
    run.abort.signal.removeEventListener('abort', onRun);
  }
}
