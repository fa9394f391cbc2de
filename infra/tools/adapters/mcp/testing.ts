/** Manifests and runs of tools of MCP servers, for tests. */
import { privateHostsOf } from '../../../egress/private-hosts.ts';
import { type Manifest, manifestSchema } from '../../manifest/manifest.ts';
import type { HttpToolParts } from '../http-client.ts';
import type { ToolRun } from '../port.ts';
import { mcpAdapter } from './adapter.ts';
import type { Offers } from './offers.ts';

/** The parts of a worker that may reach this host; secrets are named after their path. */
export const localParts = (changes: Partial<HttpToolParts> = {}): HttpToolParts => ({
  secretsDir: '/secrets',
  onRequest: () => undefined,
  secrets: { resolve: async (reference) => (reference.from === 'file' ? `secret of ${reference.path}` : '') },
  allowPrivate: privateHostsOf('127.0.0.1') ?? { names: new Set(), ranges: [] },
  ...changes,
});

/** Returns a manifest of a server, which names no tool of it. */
export const serverOf = (config: object, changes: Partial<Manifest> = {}): Manifest =>
  manifestSchema.parse({
    ...{ name: 'server', version: '1', description: 'A server', adapter: 'mcp', tier: 'declared', effect: 'read' },
    ...{ input_schema: {}, output_schema: {}, hosts: [], config },
    ...changes,
  });

/** Returns a manifest of a server over HTTP on this host. */
export const httpServerOf = (
  { url, host }: { readonly url: string; readonly host: string },
  changes: Partial<Manifest> = {},
) => serverOf({ url }, { hosts: [{ host, methods: ['GET', 'POST', 'DELETE'], scheme: 'http' }], ...changes });

export const runWith = (given: Record<string, unknown> = {}, changes: Partial<ToolRun> = {}): ToolRun => ({
  ...{ callId: 'call-1', tenantId: 'acme', arguments: given, idempotencyKey: 'key-1', timeoutMs: 10_000 },
  ...{ principal: 'key-1', decisionId: 'decision-1', sessionId: null, place: null, labels: [] },
  signal: new AbortController().signal,
  ...changes,
});

/** Resolves with what the server of a manifest offers. */
export async function offersOf(manifest: Manifest, parts = localParts(), run = runWith()): Promise<Offers> {
  const connected = mcpAdapter(parts).connect(manifest, 'acme');
  try {
    return (await connected.offers?.(run)) as Offers;
  } finally {
    await connected.close();
  }
}

/** Resolves with the manifest of a tool that a server offers. */
export async function offered(manifest: Manifest, tool: string): Promise<Manifest> {
  const found = (await offersOf(manifest)).tools.find((each) => each.tool === tool);
  return manifestSchema.parse(found?.manifest);
}
