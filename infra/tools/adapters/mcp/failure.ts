import { ProtocolError, SdkError, SdkErrorCode, SdkHttpError } from '@modelcontextprotocol/client';
import { messageOf } from '../../../kit/errors.ts';
import { type EffectKnown, ToolError } from '../../errors.ts';

/** State of a run when it failed. */
export interface Failing {
  /** Why the transport failed; undefined when it did not. */
  readonly failure: unknown;
  /** True once the call was sent: before that, nothing can have happened. */
  readonly isSent: boolean;
  /** True when the time of the run is over. */
  readonly isLate: boolean;
}

/** Longest text of a server in a detail, in characters. */
const TEXT_SHOWN = 300;
const cut = (error: unknown): string =>
  messageOf(error)
    .replaceAll(/[\s\p{C}]+/gu, ' ')
    .slice(0, TEXT_SHOWN);

/** Missing required client capability: the server would ask a person, or a model, before it does anything. */
const INPUT_NEEDED = -32_021;
const INPUT_REQUIRED = 'The server asks for input of a person or a model, which a call does not give';

/** Errors of JSON-RPC that a server answers before it does anything: the request was refused. */
const REFUSED: ReadonlySet<number> = new Set([-32_700, -32_600, -32_601, -32_602, -32_020, -32_022]);

function ofStatus(status: number, effect: EffectKnown): ToolError {
  const detail = `The server answered with status ${status}`;
  if (status === 401 || status === 403) return new ToolError('TOOL_CREDENTIAL_REQUIRED', detail, { effect: 'none' });
  if (status === 425 || status === 429)
    return new ToolError('TOOL_UNAVAILABLE', detail, { effect: 'none', canRetry: true });
  if (status === 408 || status >= 500) return new ToolError('TOOL_UNAVAILABLE', detail, { effect, canRetry: true });
  return new ToolError('TOOL_REFUSED', detail, { effect: 'none' });
}

/** Returns the result type that a client did not take; null for another error. */
const resultTypeOf = (error: SdkError): string | null => {
  const { resultType } = (error.data ?? {}) as { readonly resultType?: unknown };
  return error.code === SdkErrorCode.UnsupportedResultType ? String(resultType) : null;
};

/** Returns an error of the client of the protocol as one of the call. */
export function toolErrorOf(error: unknown, { failure, isSent, isLate }: Failing): ToolError {
  const effect: EffectKnown = isSent ? 'unknown' : 'none';
  if (error instanceof ToolError && isSent) return error;
  const known = error instanceof ToolError ? error : failure;
  if (known instanceof ToolError) {
    const { code, canRetry } = known;
    const of = isSent ? known.effect : 'none';
    return new ToolError(code, known.message, { effect: of, canRetry, cause: error });
  }
  const as = (code: ToolError['code'], detail: string, canRetry = false): ToolError =>
    new ToolError(code, detail, { effect, canRetry, cause: error });
  if (isLate) return as('TOOL_TIMEOUT', 'The server did not answer in time', true);
  if (error instanceof ProtocolError && error.code === INPUT_NEEDED)
    return new ToolError('TOOL_INPUT_REQUIRED', `${INPUT_REQUIRED}: ${cut(error)}`, { effect: 'none', cause: error });
  if (error instanceof ProtocolError)
    return REFUSED.has(error.code)
      ? new ToolError('TOOL_REFUSED', `The server refused the request: ${cut(error)}`, { effect: 'none', cause: error })
      : as('TOOL_FAILED', `The server failed: ${cut(error)}`);
  if (error instanceof SdkHttpError && typeof error.status === 'number') return ofStatus(error.status, effect);
  if (error instanceof SdkError) {
    const resultType = resultTypeOf(error);
    if (resultType === 'input_required') return as('TOOL_INPUT_REQUIRED', INPUT_REQUIRED);
    if (resultType !== null)
      return as('TOOL_ANSWER_INVALID', `The server answered with a result of the type ${resultType.slice(0, 32)}`);
    if (error.code === SdkErrorCode.RequestTimeout)
      return as('TOOL_TIMEOUT', 'The server did not answer in time', true);
  }
  return as('TOOL_ANSWER_INVALID', `The server does not speak the protocol: ${cut(error)}`);
}
