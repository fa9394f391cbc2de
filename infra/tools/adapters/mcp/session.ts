import {
  type CallToolResult,
  Client,
  type jsonSchemaValidator,
  StreamableHTTPClientTransport,
  type StreamableHTTPClientTransportOptions,
  type Tool,
  type Transport,
} from '@modelcontextprotocol/client';
import { ToolError } from '../../errors.ts';
import type { ToolRun } from '../port.ts';
import { type Definition, definitionOf, requireShallow } from './definition.ts';
import { toolErrorOf } from './failure.ts';

/** Pages of tools that are read of one server, and tools of all pages. */
const PAGES_MAX = 16;
const TOOLS_MAX = 1_000;
/** Longest wait for a server that may not know the newest revision, in ms. */
const PROBE_MS = 5_000;

/** The output is checked by the schema in the manifest: a schema of a server is never compiled here. */
const unchecked: jsonSchemaValidator = {
  getValidator: () => (value) => ({ valid: true, data: value as never, errorMessage: undefined }),
};

/** Who a server says it is: names alone, never trusted. */
export interface ServerSeen {
  readonly name: string;
  readonly version: string;
  readonly protocol: string;
}

/** A connection to a server, for one run. */
export interface McpSession {
  readonly server: ServerSeen;
  /** Yields what the server offers, page by page. Throws ToolError TOOL_ANSWER_INVALID beyond 1,000 tools. */
  definitions(): AsyncGenerator<Definition>;
  /** Calls a tool; arguments that its definition names are repeated in headers (SEP-2243). */
  call(tool: Definition, given: Readonly<Record<string, unknown>>): Promise<CallToolResult>;
}

/** Opens the transport of a run; `failed` hears why it failed. */
export type OpenTransport = (failed: (error: unknown) => void) => Transport;

/** Returns a transport over streamable HTTP. */
export const httpTransport = (
  url: string,
  options: Pick<StreamableHTTPClientTransportOptions, 'fetch' | 'authProvider'>,
): Transport =>
  new StreamableHTTPClientTransport(new URL(url), {
    ...options,
    // A stream that breaks is the end of the run: a call is not sent twice by its transport.
    reconnectionOptions: {
      maxRetries: 0,
      initialReconnectionDelay: 1,
      maxReconnectionDelay: 1,
      reconnectionDelayGrowFactor: 1,
    },
  });

async function* pagesOf(
  client: Client,
  options: { readonly signal: AbortSignal; readonly timeout: number },
): AsyncGenerator<Definition> {
  let cursor: string | undefined;
  let seen = 0;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    // One page: without a cursor the client would read all of them.
    const listed = await client.request(
      { method: 'tools/list', params: cursor === undefined ? {} : { cursor } },
      options,
    );
    requireShallow(listed, 'none');
    for (const tool of listed.tools) {
      seen += 1;
      if (seen > TOOLS_MAX) break;
      yield definitionOf(tool as Definition);
    }
    cursor = listed.nextCursor;
    if (cursor === undefined) return;
  }
  throw new ToolError(
    'TOOL_ANSWER_INVALID',
    `The server has more than ${TOOLS_MAX} tools or ${PAGES_MAX} pages of them`,
    { effect: 'none' },
  );
}

/** Ends a session of a 2025-11-25 server, which keeps one; a server that does not answer is left alone. */
async function leave(client: Client, transport: Transport): Promise<void> {
  if (transport instanceof StreamableHTTPClientTransport && transport.sessionId !== undefined)
    await Promise.race([
      transport.terminateSession().catch(() => undefined),
      new Promise((over) => setTimeout(over, 500)),
    ]);
  await client.close().catch(() => undefined);
}

/**
 * Connects to a server, by the newest revision that both know, runs `work`, and closes. Rejects with ToolError, with what is
 * known of the effect, and with the reason of the run's signal. `probeMs`: longest wait for the first answer, 5 s by default.
 */
export async function withServer<T>(
  open: OpenTransport,
  run: ToolRun,
  work: (session: McpSession) => Promise<T>,
  probeMs = PROBE_MS,
): Promise<T> {
  const late = AbortSignal.timeout(run.timeoutMs);
  const signal = AbortSignal.any([run.signal, late]);
  const options = { signal, timeout: run.timeoutMs };
  let failure: unknown;
  let isSent = false;
  const transport = open((error) => {
    failure ??= error;
  });
  const client = new Client(
    { name: 'khipu', version: '1.0.0' },
    {
      capabilities: {},
      versionNegotiation: { mode: 'auto', probe: { timeoutMs: Math.min(probeMs, run.timeoutMs) } },
      ...{ inputRequired: { autoFulfill: false }, jsonSchemaValidator: unchecked },
    },
  );
  try {
    await client.connect(transport, options);
    const { name = '', version = '' } = client.getServerVersion() ?? {};
    return await work({
      server: { name, version, protocol: client.getNegotiatedProtocolVersion() ?? '' },
      definitions: () => pagesOf(client, options),
      call(tool, given) {
        isSent = true;
        const _meta = { 'khipu/idempotency-key': run.idempotencyKey };
        return client.callTool(
          { name: tool.name, arguments: { ...given }, _meta },
          { ...options, toolDefinition: tool as Tool },
        );
      },
    });
  } catch (error) {
    run.signal.throwIfAborted();
    throw toolErrorOf(error, { failure, isSent, isLate: late.aborted });
  } finally {
    await leave(client, transport);
  }
}
