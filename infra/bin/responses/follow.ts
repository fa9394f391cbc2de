import { createApi } from '../../client/api.ts';
import { followResponse, type ResponseEvent } from '../../client/response-events.ts';
import { answered, gatewayOf } from '../api/ask.ts';
import { failure } from '../failure.ts';

export interface FollowOptions {
  readonly startingAfter?: number;
  readonly json?: true;
}

/** The body of a response, as far as its end is shown. */
interface Ended {
  readonly status?: string;
  readonly error?: { readonly code: string; readonly message: string } | null;
}

/** Returns what an event adds to the text on the screen. Throws the error of a response that failed. */
function shownOf({ event, data }: ResponseEvent): string {
  if (event === 'response.output_text.delta') return String(data['delta']);
  if (event === 'response.function_call_arguments.done') return `\n${data['name']} ${data['arguments']}`;
  const { status, error } = (data['response'] ?? {}) as Ended;
  if (event === 'response.failed') throw failure(error?.code ?? 'UNEXPECTED', error?.message ?? 'the response failed');
  if (event === 'response.incomplete') return `\n[${status}]`;
  return '';
}

/** Prints the text of a response as it arrives, to its end, or until SIGINT or SIGTERM: with `json` each event on a line. */
export async function printResponse(responseId: string, { startingAfter, json }: FollowOptions): Promise<void> {
  const { url, token } = gatewayOf();
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
  const events = followResponse(createApi({ url, token }), { responseId, startingAfter, signal: stopped.signal });
  try {
    for (;;) {
      const next = await answered(events.next());
      if (next.done === true) break;
      process.stdout.write(json === true ? `${JSON.stringify(next.value.data)}\n` : shownOf(next.value));
    }
    if (json !== true) process.stdout.write('\n');
  } catch (error) {
    if (!stopped.signal.aborted) throw error;
  }
}
