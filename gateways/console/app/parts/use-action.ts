import { useState } from 'preact/hooks';
import type { ApiError } from '../../../../infra/client/api-error.ts';
import { failureOf } from '../api/client.ts';

/** A write that a person starts. */
export interface Action<Input extends readonly unknown[]> {
  readonly run: (...input: Input) => Promise<boolean>;
  readonly isRunning: boolean;
  readonly error: ApiError | null;
  readonly clear: () => void;
}

/** Runs a write, one at a time; `run` resolves with false when it failed, and `error` says why. */
export function useAction<Input extends readonly unknown[]>(
  perform: (...input: Input) => Promise<unknown>,
): Action<Input> {
  const [isRunning, setRunning] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const run = async (...input: Input): Promise<boolean> => {
    if (isRunning) return false;
    setRunning(true);
    setError(null);
    try {
      await perform(...input);
      return true;
    } catch (cause) {
      setError(failureOf(cause));
      return false;
    } finally {
      setRunning(false);
    }
  };
  return { run, isRunning, error, clear: () => setError(null) };
}
