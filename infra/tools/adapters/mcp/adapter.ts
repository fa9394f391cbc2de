import { z } from 'zod';
import { ToolError } from '../../errors.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { declaredAudit } from '../declared.ts';
import type { HttpToolParts, ToolHttp } from '../http-client.ts';
import type { ToolAdapter, ToolRun } from '../port.ts';
import { withEgress } from '../program.ts';
import { limitsOf, sandboxAudit, type TierLacks, tierLacks, tierOf } from '../sandboxed.ts';
import { type Authorized, authOf, authorizedBy, httpOf } from './authorized.ts';
import { type McpConfig, mcpConfigOf } from './config.ts';
import { outputOf } from './content.ts';
import { type Definition, definitionDigest } from './definition.ts';
import { fetchThrough } from './fetch.ts';
import { offersOf } from './offers.ts';
import { SandboxTransport } from './sandbox-transport.ts';
import { httpTransport, type McpSession, withServer } from './session.ts';

const invalid = (detail: string): ToolError => new ToolError('TOOL_INVALID', detail, { effect: 'none' });

/**
 * Resolves with what the server says of the tool. Rejects with ToolError TOOL_DEFINITION_CHANGED unless the manifest has it
 * pinned so.
 */
async function pinned({ definitions }: McpSession, { tool, definition }: McpConfig): Promise<Definition> {
  for await (const each of definitions()) {
    if (each.name !== tool) continue;
    const digest = definitionDigest(each);
    if (digest === definition) return each;
    const detail = `The server describes ${tool} otherwise than the signed manifest: sha256 ${digest}, not ${definition}`;
    throw new ToolError('TOOL_DEFINITION_CHANGED', detail, { effect: 'none' });
  }
  throw new ToolError('TOOL_DEFINITION_CHANGED', `The server no longer offers ${tool}`, { effect: 'none' });
}

/** Throws ToolError TOOL_INVALID for a manifest of a server alone. */
function requireTool({ tool, definition }: McpConfig): void {
  if (tool === undefined || definition === undefined)
    throw invalid('config: the manifest names a server and no tool of it; khipu tools connect shows what it offers');
}

const protectedResource = z.object({
  authorization_servers: z
    .array(z.url({ protocol: /^https?$/ }))
    .max(8)
    .optional(),
});

/**
 * Resolves with who issues tokens for a server, as its metadata says (RFC 9728); with '' when it says nothing. One request
 * through the broker, to the host of the server alone.
 */
async function issuersOf(http: ToolHttp, url: string, run: ToolRun): Promise<string> {
  const { origin, pathname } = new URL(url);
  const at = `${origin}/.well-known/oauth-protected-resource${pathname === '/' ? '' : pathname}`;
  try {
    const { status, bytes } = await http.send({ method: 'GET', url: at, headers: {}, body: null }, run);
    if (status !== 200) return '';
    const { authorization_servers: servers = [] } = protectedResource.parse(JSON.parse(bytes.toString('utf8')));
    return servers.length === 0 ? '' : `; tokens for it are issued by ${servers.join(', ').slice(0, 300)}`;
  } catch {
    return '';
  }
}

/** Runs work at the server of a tool, over HTTP through the broker, or in a sandbox. */
function serverOf(manifest: Manifest, config: McpConfig, http: ToolHttp, authorized: Authorized | null) {
  return async <T>(run: ToolRun, work: (session: McpSession) => Promise<T>): Promise<T> => {
    if ('url' in config)
      return withServer(
        (failed) =>
          httpTransport(config.url, {
            fetch: fetchThrough(http, run, failed),
            ...(authorized !== null && { authProvider: authOf(authorized, run, failed) }),
          }),
        run,
        work,
        // The first answer may be the question for a token, which is asked for before it is asked again.
        authorized === null ? undefined : run.timeoutMs,
      );
    const files = Object.fromEntries(
      Object.entries(config.files ?? {}).map(([path, text]) => [path, Buffer.from(text)]),
    );
    const program = { argv: config.command as [string, ...string[]] };
    return withEgress(manifest, http, run, (egress) => {
      const request = { tier: tierOf(manifest), program, files, limits: limitsOf(run), ...egress };
      return withServer((failed) => new SandboxTransport(request, run, failed), run, work);
    });
  };
}

/**
 * Returns the adapter for one tool of an MCP server: by its URL over streamable HTTP, or a program that speaks it on standard
 * input and output in the tier of the manifest. It speaks 2026-07-28 and 2025-11-25. Each run connects, compares the definition
 * of the server with the pinned one, and only then calls. The credentials of a caller never reach it: its own are those that
 * the manifest names, attached by the broker.
 */
export const mcpAdapter = (parts: HttpToolParts, lacks: TierLacks = tierLacks): ToolAdapter => ({
  name: 'mcp',
  async audit(manifest) {
    if ('url' in mcpConfigOf(manifest)) return declaredAudit(manifest);
    if (manifest.tier === 'wasm' || manifest.tier === 'declared')
      throw new ToolError('SANDBOX_UNAVAILABLE', 'A server that is a program runs in the tier process or kernel', {
        effect: 'none',
      });
    return sandboxAudit(manifest, lacks);
  },
  health: async () => ({ ok: true, detail: 'egress-broker, sandboxes' }),
  connect(manifest, tenantId) {
    const config = mcpConfigOf(manifest);
    const authorized = authorizedBy(manifest, tenantId, parts);
    const http = httpOf(manifest, tenantId, parts, authorized);
    const at = serverOf(manifest, config, http, authorized);
    const { tier, hosts, credentials } = manifest;
    return {
      ...http,
      verify: null,
      async execute(run) {
        requireTool(config);
        return at(run, async (session) => {
          const tool = await pinned(session, config);
          return { output: outputOf(await session.call(tool, run.arguments), config.media) };
        });
      },
      async check(run) {
        requireTool(config);
        await at(run, async (session) => void (await pinned(session, config)));
      },
      async offers(run) {
        try {
          return await at(run, (session) => offersOf(session, { address: config, tier, hosts, credentials }));
        } catch (error) {
          if (!(error instanceof ToolError) || error.code !== 'TOOL_CREDENTIAL_REQUIRED' || !('url' in config))
            throw error;
          const issuers = await issuersOf(http, config.url, run);
          throw new ToolError(error.code, `${error.message}${issuers}`, { effect: 'none', cause: error });
        }
      },
    };
  },
});
