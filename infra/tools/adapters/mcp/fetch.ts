import { Readable } from 'node:stream';
import type { FetchLike } from '@modelcontextprotocol/client';
import { ToolError } from '../../errors.ts';
import { type ToolHttp, toolErrorOf } from '../http-client.ts';
import type { ToolRun } from '../port.ts';

/** Statuses whose answers have no body. */
const EMPTY: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * Returns a `fetch` whose requests all leave by the egress broker. A redirect is an answer, and never followed. `failed` hears
 * why a request or the body of its answer failed.
 */
export const brokerFetch =
  (http: Pick<ToolHttp, 'open'>, run: ToolRun, failed: (error: unknown) => void): FetchLike =>
  async (url, init = {}) => {
    const body = init.body instanceof URLSearchParams ? init.body.toString() : init.body;
    if (body !== undefined && body !== null && typeof body !== 'string')
      throw new ToolError('TOOL_REQUEST_REFUSED', 'a body that is not text', { effect: 'none' });
    try {
      const headers = Object.fromEntries(new Headers(init.headers));
      const answer = await http.open(
        { method: init.method ?? 'GET', url: String(url), headers, body: body ?? null },
        run,
      );
      answer.body.on('error', (error) => failed(toolErrorOf(error)));
      const { status } = answer;
      if (status >= 300 && status < 400) {
        answer.body.destroy();
        throw new ToolError('TOOL_REFUSED', `The server answered with the redirect ${status}, which is not followed`, {
          effect: 'none',
        });
      }
      const shown = new Headers();
      for (const [name, value] of Object.entries(answer.headers))
        for (const each of [value].flat()) shown.append(name, each as string);
      if (EMPTY.has(status)) answer.body.resume();
      const stream = EMPTY.has(status) ? null : (Readable.toWeb(answer.body) as unknown as ReadableStream<Uint8Array>);
      return new Response(stream, { status, headers: shown });
    } catch (error) {
      failed(error);
      throw error;
    }
  };

/**
 * Returns a `fetch` for the client of the protocol. A `GET` would open a stream for messages outside of a call, which are not
 * read: it is answered here with 405.
 */
export const fetchThrough = (
  http: Pick<ToolHttp, 'open'>,
  run: ToolRun,
  failed: (error: unknown) => void,
): FetchLike => {
  const through = brokerFetch(http, run, failed);
  return async (url, init) =>
    (init?.method ?? 'GET') === 'GET' ? new Response(null, { status: 405 }) : through(url, init);
};
