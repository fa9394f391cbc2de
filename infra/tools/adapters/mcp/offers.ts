import { TOOL_NAME } from '../../../../schemas/contexts/tools.ts';
import { messageOf } from '../../../kit/errors.ts';
import { type Manifest, manifestSchema } from '../../manifest/manifest.ts';
import { prepareManifest } from '../../manifest/signing.ts';
import { addressOf, type McpServerAddress } from './config.ts';
import { CONTENT_SCHEMA } from './content.ts';
import { type Definition, definitionDigest } from './definition.ts';
import type { McpSession, ServerSeen } from './session.ts';

/** Tools of one answer, and bytes of it: an output of a call. */
const OFFERS_MAX = 200;
const BYTES_MAX = 200 * 1024;

/** A tool that a server offers, with a manifest to read, change and sign. */
export interface Offer {
  /** Name at the server. */
  readonly tool: string;
  /** Why the manifest cannot be registered; null for one that can. */
  readonly problem: string | null;
  /** Null where the tool cannot be used. */
  readonly manifest: object | null;
}

export interface Offers {
  readonly server: ServerSeen;
  readonly tools: readonly Offer[];
  /** Tools that were left off, because the answer would be too long. */
  readonly left_off: number;
}

/** Returns text of a server without what a terminal or a model could take for more than text. */
export const plainText = (text: string, charactersMax: number): string =>
  text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]+/gu, ' ')
    .trim()
    .slice(0, charactersMax);

/** Returns a name of the platform for a tool of a server; `tool` when nothing is left of it. */
export function nameFor(tool: string): string {
  const name = tool
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64);
  return TOOL_NAME.test(name) ? name : 'tool';
}

/** Dialects whose schemas say the same in 2020-12, as far as servers use them. */
const OLDER = /^https?:\/\/json-schema\.org\/(?:draft-0[67]\/schema|draft\/2019-09\/schema)#?$/;

function schemaOf(schema: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { $schema, ...rest } = schema;
  return typeof $schema === 'string' && OLDER.test($schema) ? rest : schema;
}

/** The hosts that a server over HTTP needs. Throws for a URL that cannot be read. */
export function hostsOf(address: McpServerAddress): Manifest['hosts'] {
  if (!('url' in address)) return [];
  const { host, protocol } = new URL(address.url);
  return [{ host, methods: ['POST', 'DELETE'], scheme: protocol === 'http:' ? 'http' : 'https' }];
}

/** What the manifests of one server have in common. */
export interface OfferBase {
  readonly address: McpServerAddress;
  readonly tier: Manifest['tier'];
  readonly hosts: Manifest['hosts'];
  readonly credentials: Manifest['credentials'];
}

/**
 * Returns the manifest of a tool, to read and to sign. Nothing that the server says is trusted: whatever its annotations claim,
 * a call is irreversible until a person writes otherwise.
 */
function manifestOf(definition: Definition, { address, tier, hosts, credentials }: OfferBase): object {
  const isOAuth = credentials?.some(({ oauth }) => oauth !== undefined) === true;
  const described = plainText(definition.description ?? definition.title ?? '', 2_000);
  return {
    ...{ name: nameFor(definition.name), version: '1.0.0', adapter: 'mcp', tier, effect: 'irreversible' },
    description: described === '' ? `The tool ${nameFor(definition.name)} of an MCP server` : described,
    input_schema: schemaOf(definition.inputSchema),
    output_schema: schemaOf(definition.outputSchema ?? CONTENT_SCHEMA),
    // A call sends no GET: it is there for the metadata of the server alone, which a token of OAuth needs.
    hosts: hosts.map((each) => ({ ...each, methods: each.methods.filter((method) => isOAuth || method !== 'GET') })),
    ...(credentials !== undefined && { credentials }),
    config: { ...addressOf(address), tool: definition.name, definition: definitionDigest(definition) },
  };
}

function offerOf(definition: Definition, base: OfferBase): Offer {
  const tool = plainText(definition.name, 256);
  const manifest = manifestOf(definition, base);
  const found = manifestSchema.safeParse(manifest);
  const [issue] = found.error?.issues ?? [];
  if (issue !== undefined)
    return { tool, problem: `${issue.path.join('.')}: ${plainText(issue.message, 200)}`, manifest: null };
  try {
    prepareManifest(manifest);
    return { tool, problem: null, manifest };
  } catch (error) {
    return { tool, problem: plainText(messageOf(error), 200), manifest: null };
  }
}

/** Resolves with what a server offers, ordered by name, as far as one answer takes it. */
export async function offersOf({ server, definitions }: McpSession, base: OfferBase): Promise<Offers> {
  const all: Definition[] = [];
  for await (const each of definitions()) all.push(each);
  all.sort((one, other) => (one.name < other.name ? -1 : 1));
  const tools: Offer[] = [];
  let bytes = 0;
  for (const each of all) {
    const offer = offerOf(each, base);
    bytes += Buffer.byteLength(JSON.stringify(offer));
    if (tools.length === OFFERS_MAX || bytes > BYTES_MAX) break;
    tools.push(offer);
  }
  const seen = { name: plainText(server.name, 128), version: plainText(server.version, 64), protocol: server.protocol };
  return { server: seen, tools, left_off: all.length - tools.length };
}
