import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { openSandbox } from '../../sandbox/open.ts';
import { languages, type Program, type SandboxResult } from '../../sandbox/port.ts';
import { ToolError } from '../errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type HttpToolParts, type ToolHttp, toolHttp } from './http-client.ts';
import type { ToolAdapter, ToolRun } from './port.ts';
import { limitsOf, ran, sandboxAudit, type TierLacks, tierLacks, tierOf } from './sandboxed.ts';

const configSchema = z.union([
  z.strictObject({ language: z.enum(languages), code: z.string().min(1).max(65_536) }),
  z.strictObject({ argv: z.tuple([z.string().min(1)], z.string()) }),
]);

/** Longest detail of a program that failed, in characters: the end of its standard error. */
const ERRORS_SHOWN = 300;

/** Returns the program of a manifest. Throws ToolError TOOL_INVALID. */
function programOf({ config, tier }: Manifest): Program {
  const found = configSchema.safeParse(config);
  if (!found.success)
    throw new ToolError('TOOL_INVALID', 'config: expected language and code, or argv', { effect: 'none' });
  if ('argv' in found.data && tier === 'wasm')
    throw new ToolError('TOOL_INVALID', 'config: argv needs the tier process or kernel', { effect: 'none' });
  return found.data;
}

/** Returns what a program answers: its value in `wasm`, JSON on its standard output otherwise. Throws ToolError. */
function outputOf({ value, output, errors, error }: SandboxResult, { tier, hosts }: Manifest): unknown {
  if (error !== null) {
    const said = errors.trim().slice(-ERRORS_SHOWN);
    // Without a host it reached nothing.
    const effect = hosts.length === 0 ? 'none' : 'unknown';
    throw new ToolError('TOOL_PROGRAM_FAILED', `${error.code}: ${error.detail}${said === '' ? '' : `: ${said}`}`, {
      effect,
    });
  }
  if (tier === 'wasm') return value === null ? null : (JSON.parse(value) as unknown);
  try {
    return output.trim() === '' ? null : (JSON.parse(output) as unknown);
  } catch (cause) {
    throw new ToolError('TOOL_ANSWER_INVALID', 'The standard output is not JSON', { effect: 'done', cause });
  }
}

/** Runs work with the socket of the broker for one call; without one for a tool that reaches no host. */
export async function withEgress<T>(
  { hosts }: Manifest,
  http: ToolHttp,
  run: ToolRun,
  work: (egress: { readonly egressSocket?: string }) => Promise<T>,
): Promise<T> {
  if (hosts.length === 0) return work({});
  const folder = await mkdtemp(join(tmpdir(), 'khipu-egress-'));
  try {
    const egressSocket = join(folder, 'egress.sock');
    const socket = await http.serve(egressSocket, run);
    try {
      return await work({ egressSocket });
    } finally {
      await socket.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Returns the adapter for a program that the manifest has, in the tier of the manifest: `config` is `language` and `code`, or
 * `argv`. The program reads the arguments as JSON, in `wasm` from the variable `input`, else from standard input; it answers
 * with JSON, in `wasm` as its value, else on standard output. It reaches the hosts of the manifest through the broker: in the
 * tier `process` by the descriptor in `KHIPU_EGRESS_FD`, in `kernel` by the socket in `KHIPU_EGRESS_SOCKET`.
 */
export const programAdapter = (parts: HttpToolParts, lacks: TierLacks = tierLacks): ToolAdapter => ({
  name: 'program',
  audit: (manifest) => sandboxAudit(manifest, lacks),
  health: async () => ({ ok: true, detail: 'sandboxes' }),
  connect(manifest, tenantId) {
    const tier = tierOf(manifest);
    const program = programOf(manifest);
    const http = toolHttp(manifest, tenantId, parts);
    return {
      ...http,
      verify: null,
      execute: (run) =>
        withEgress(manifest, http, run, async (egress) => {
          const input = JSON.stringify(run.arguments);
          const asked = { tier, program, input, limits: limitsOf(run), signal: run.signal, ...egress };
          return { output: outputOf(await ran(run, () => openSandbox(asked)), manifest) };
        }),
    };
  },
});
