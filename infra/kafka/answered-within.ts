import { withTimeout } from '../kit/with-timeout.ts';
import { LogError } from './errors.ts';

/**
 * Resolves with what `work` resolves with. Rejects with LOG_UNAVAILABLE when it takes longer than `ms`; the signal is aborted
 * then. A request that was under way may still take effect.
 */
export const answeredWithin = <T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> =>
  withTimeout(ms, work, () => new LogError('LOG_UNAVAILABLE', `no answer in ${ms} ms`));
