import type { Schemas } from '../../../../infra/client/api.ts';

type Version = Schemas['ToolVersion'];

/** Returns the quarantine of a tool, of its versions with the newest first; null when none is listed. */
export const quarantineOf = (versions: readonly Version[]): Version | null =>
  versions.find(({ status }) => status === 'quarantined') ?? null;

/** What a server offers: each tool by its name there, with a manifest to read and sign, or why there is none. */
interface Offers {
  readonly tools?: readonly {
    readonly tool: string;
    readonly problem: string | null;
    readonly manifest: object | null;
  }[];
}

/** Returns the name of a tool at its server, as its signed manifest has it; null for a tool without a server. */
export function nameAtServer({ manifest }: Pick<Schemas['Tool'], 'manifest'>): string | null {
  const { config } = (manifest ?? {}) as { readonly config?: { readonly tool?: unknown } };
  return typeof config?.tool === 'string' ? config.tool : null;
}

/** Returns the manifest that a server offers for a tool now; a text says why there is none. */
export function offeredManifest(
  { output, code, detail }: Pick<Schemas['ToolCallEnded'], 'output' | 'code' | 'detail'>,
  name: string | null,
): object | string {
  if (code !== null) return `${code}: ${detail ?? ''}`;
  const { tools = [] } = (output ?? {}) as Offers;
  const offer = tools.find(({ tool }) => tool === name);
  return offer?.manifest ?? offer?.problem ?? `Its server does not offer ${name ?? 'it'} now.`;
}

/** A manifest as far as a review changes it. */
interface ReviewedManifest {
  readonly version?: string;
  readonly effect?: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** Returns the version after one: its last number is one more; a text without a number at its end gets one. */
export function nextVersion(version: string): string {
  const [, head, last] = version.match(/^(.*?)(\d+)$/) ?? [];
  return last === undefined ? `${version}.1` : `${head}${Number(last) + 1}`;
}

/**
 * Returns the manifest that approves what a server says now: the pinned one, with the description, the schemas and the digest of
 * the definition that the server offers. What people decided stays: isolation, effect, hosts, credentials, limits and labels.
 */
export function approvableManifest(pinned: unknown, offered: object): ReviewedManifest {
  const before = pinned as ReviewedManifest;
  const { description, input_schema, output_schema, config } = offered as ReviewedManifest;
  return {
    ...before,
    ...{ version: nextVersion(before.version ?? '1.0.0'), description, input_schema, output_schema },
    config: { ...before.config, definition: config?.['definition'] },
  };
}
