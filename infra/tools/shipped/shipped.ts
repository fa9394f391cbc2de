import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ToolError } from '../errors.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const SUFFIX = '.json';

/** Names of the tools that ship with the platform: each is a manifest beside this file, not signed yet. */
export const shippedTools: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith(SUFFIX))
  .map((name) => name.slice(0, -SUFFIX.length))
  .sort();

/** What an installation changes of a shipped manifest. */
export interface Installation {
  /** Name in the tenant; that of the manifest when omitted. */
  readonly as?: string | undefined;
  /** Hosts with their methods, such as `api.example.com` or `api.example.com=GET,POST`. */
  readonly hosts?: readonly string[] | undefined;
  /** Members of `config` that are replaced. */
  readonly config?: Readonly<Record<string, unknown>> | undefined;
  readonly tier?: string | undefined;
}

function hostOf(text: string): { readonly host: string; readonly methods: readonly string[] } {
  const [host = '', methods = 'GET'] = text.split('=');
  return { host, methods: methods.split(',') };
}

/** Returns the manifest of a shipped tool as an installation wants it, not validated. Throws ToolError TOOL_INVALID. */
export function shippedManifest(name: string, { as, hosts, config, tier }: Installation = {}): object {
  if (!shippedTools.includes(name))
    throw new ToolError('TOOL_INVALID', `no tool ${name} ships; there are ${shippedTools.join(', ')}`, {
      effect: 'none',
    });
  const shipped = JSON.parse(readFileSync(`${folder}${name}${SUFFIX}`, 'utf8')) as Readonly<Record<string, unknown>>;
  const own = shipped['config'] as object | undefined;
  return {
    ...shipped,
    ...(as !== undefined && { name: as }),
    ...(hosts !== undefined && hosts.length > 0 && { hosts: hosts.map(hostOf) }),
    ...(tier !== undefined && { tier }),
    ...((own !== undefined || config !== undefined) && { config: { ...own, ...config } }),
  };
}
