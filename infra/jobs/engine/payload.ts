import { JOB_CONTENT_BYTES_MAX, JOB_PAYLOAD_BYTES_MAX } from '../../../schemas/contexts/jobs.ts';
import { JobError } from '../sdk/errors.ts';

/**
 * Returns a value as JSON; `null` for undefined. Throws JobError, not retryable: JOB_OUTPUT_NOT_JSON or JOB_INPUT_NOT_JSON
 * for a value that JSON does not have, JOB_OUTPUT_TOO_LARGE or JOB_INPUT_TOO_LARGE above `bytesMax`, by default 10 MiB. `what`
 * names it in the detail.
 */
export function payloadOf(
  value: unknown,
  what: string,
  kind: 'OUTPUT' | 'INPUT' = 'OUTPUT',
  bytesMax = JOB_CONTENT_BYTES_MAX,
): string {
  const text = jsonOf(value, what, kind);
  const bytes = Buffer.byteLength(text);
  if (bytes > bytesMax)
    throw new JobError(`JOB_${kind}_TOO_LARGE`, `${what} has ${bytes} bytes of JSON; at most ${bytesMax}`, {
      retryable: false,
    });
  return text;
}

/** Returns whether JSON does not fit into a record. */
export const isLarge = (json: string): boolean => Buffer.byteLength(json) > JOB_PAYLOAD_BYTES_MAX;

function jsonOf(value: unknown, what: string, kind: string): string {
  if (value === undefined) return 'null';
  try {
    const text: string | undefined = JSON.stringify(value);
    if (text !== undefined) return text;
  } catch (cause) {
    throw notJson(what, kind, cause);
  }
  throw notJson(what, kind, undefined);
}

const notJson = (what: string, kind: string, cause: unknown): JobError =>
  new JobError(`JOB_${kind}_NOT_JSON`, `${what} is no JSON value`, { cause, retryable: false });

/** Returns the value of JSON from a journal; undefined for none. */
export const parsedOf = (json: string | null): unknown => (json === null ? undefined : (JSON.parse(json) as unknown));
