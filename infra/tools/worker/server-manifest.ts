import { z } from 'zod';
import { TOOL_REGISTRY, TOOL_TIMEOUT_MS_MAX } from '../../../schemas/contexts/tools.ts';
import { serverSchema } from '../adapters/mcp/config.ts';
import { hostsOf } from '../adapters/mcp/offers.ts';
import { ToolError } from '../errors.ts';
import type { Manifest } from '../manifest/manifest.ts';

/** The arguments of a question to a server that no tool names. */
const askedSchema = z.strictObject({ server: serverSchema, tier: z.enum(['process', 'kernel']).optional() });

const ASKED_MS = Math.min(30_000, TOOL_TIMEOUT_MS_MAX);

/**
 * Returns the manifest under which a server is asked for what it offers. It has no signature, so it names no credential, and
 * reaches the host of the URL alone, or nothing from a sandbox. Throws ToolError TOOL_INVALID.
 */
export function serverManifest(given: unknown): Manifest {
  const asked = askedSchema.safeParse(given);
  if (!asked.success)
    throw new ToolError('TOOL_INVALID', 'expected the server: its url or its command', { effect: 'none' });
  const { server, tier = 'process' } = asked.data;
  return {
    ...{ name: TOOL_REGISTRY, version: '1', description: 'A server that is asked for what it offers', adapter: 'mcp' },
    ...{ tier: 'url' in server ? 'declared' : tier, effect: 'read', input_schema: {}, output_schema: {} },
    hosts: hostsOf(server).map((host) => ({ ...host, methods: ['GET', ...host.methods] })),
    ...{ limits: { timeout_ms: ASKED_MS }, config: server },
  };
}
