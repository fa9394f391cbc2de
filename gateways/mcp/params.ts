import { fromJsonSchema, type McpServer } from '@modelcontextprotocol/server';
import type { Caller } from '../shared/auth/caller.ts';
import type { McpServices } from './asked.ts';
import { listedFor } from './list.ts';

/** Keyword of a schema that names the header in which a client repeats an argument: `Mcp-Param-<value>` (SEP-2243). */
const KEYWORD = '"x-mcp-header"';

/** Arguments are checked by the context of tools: the framing compares headers alone. */
const unchecked = { getValidator: () => (value: unknown) => ({ valid: true, data: value, errorMessage: undefined }) };

/**
 * Makes the framing compare the headers `Mcp-Param-*` of a call with its arguments, for the tools of a caller whose schema asks
 * for such headers: a proxy that routes by a header and the platform must see one value. A difference is answered with status
 * 400 and the error -32020, before policy decides. The answers of the tools are those of the handler of `tools/call`.
 */
export function mirrorParams(server: McpServer, services: Pick<McpServices, 'tables'>, caller: Caller): void {
  for (const { name, inputSchema } of listedFor(services, caller)) {
    if (!JSON.stringify(inputSchema).includes(KEYWORD)) continue;
    server.registerTool(name, { inputSchema: fromJsonSchema(inputSchema as never, unchecked as never) }, () => {
      throw new Error('a call is served by the handler of tools/call');
    });
  }
}
