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
