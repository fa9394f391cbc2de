import { ApiError, problemError } from './api-error.ts';
import { pause } from './pause.ts';

/** The result of a call of the API. */
export interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** The bodies of a write that are outcomes, without the `pending` body of a 202. */
export type Settled<Data> = Exclude<Data, { readonly status: 'pending' }>;

/** Returns the error of a write that has no outcome yet. */
export const outcomePending = (): ApiError =>
  new ApiError('OUTCOME_PENDING', 'the command is in the log and has no outcome yet; check again in a moment', {
    status: 202,
  });

/** Returns the body of a success. Throws ApiError with the code of the problem, or with OUTCOME_PENDING for a 202. */
export function settledAnswer<Data>({ data, error, response }: Answer<Data>): Settled<Data> {
  if (response.status === 202) throw outcomePending();
  if (!response.ok) throw problemError(error, response);
  return data as Settled<Data>;
}

/** Pause between two requests. It is short, because the gateway waits some seconds before it answers 202. */
const PAUSE_MS = 250;

/**
 * Sends a request and, while the answer is 202, repeats it with the `idempotency_key` of that answer, which does not repeat
 * the command. Resolves with the first other answer of any status. Rejects as the call does, and with the reason of
 * `signal` when it aborts. Not for `submitTurn`, whose answer is always 202.
 */
export async function untilSettled<Data extends object>(
  send: (headers: { readonly 'idempotency-key'?: string }) => Promise<Answer<Data>>,
  signal: AbortSignal,
): Promise<Answer<Settled<Data>>> {
  for (let headers = {}; ; await pause(PAUSE_MS, signal)) {
    const answer = await send(headers);
    if (answer.response.status !== 202) return answer as Answer<Settled<Data>>;
    const { idempotency_key: key } = answer.data as { readonly idempotency_key: string };
    headers = { 'idempotency-key': key };
  }
}
