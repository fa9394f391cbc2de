import type { Command } from 'commander';
import type { Schemas } from '../../client/api.ts';
import { failure } from '../failure.ts';
import { registerResource, registerVerb } from '../resources/register.ts';
import { fieldsText, rowsText } from '../show/fields.ts';
import { jsonOption, print } from '../show/print.ts';
import type { Offer } from '../tools/connect.ts';

const CALL_COLUMNS = ['call_id', 'status', 'code', 'principal', 'latency_ms', 'cost', 'created_at'];
const VERSION_COLUMNS = ['version', 'status', 'digest', 'principal', 'created_at'];

interface Add {
  readonly key?: string;
  readonly print?: true;
  readonly json?: true;
}

/** Registers `khipu tools`: the verbs of tools over HTTP, and `add`, which signs a manifest with a key of this machine. */
export function register(program: Command): void {
  const tools = registerResource(program, 'tools');
  registerVerb(tools, 'versions', { operation: 'listToolVersions' }, VERSION_COLUMNS);
  registerVerb(tools, 'audit', { operation: 'auditTool' }, CALL_COLUMNS);
  definition(
    tools
      .command('add')
      .description('sign a manifest, and register the tool or replace its manifest')
      .argument('<file>', 'the manifest, JSON'),
  ).action(add);
  definition(
    tools
      .command('install')
      .description('sign a manifest that ships with the platform, and register the tool or replace its manifest')
      .argument('<name>', 'code.run, files, http.fetch, khipu.memory or sql.query')
      .option('--as <name>', 'name in the tenant; default: that of the tool')
      .option('--host <host...>', 'host that calls may reach, with its methods if not GET: api.example.com=GET,POST')
      .option('--config <json>', 'settings of the adapter that are replaced, such as {"database":"sales"}')
      .option('--tier <tier>', 'least isolation, where the tool has several: wasm, process or kernel'),
  ).action(install);
  tools
    .command('connect')
    .description('ask an MCP server which tools it offers, with a manifest to read, change and sign for each')
    .argument('[server...]', 'URL of its streamable HTTP, or a program with its arguments, which runs in a sandbox')
    .option('--tool <name>', 'a tool whose signed manifest names the server and its credentials, instead of a server')
    .option('--tier <tier>', 'isolation of a program: process or kernel')
    .option('--file <path...>', 'files that a program finds below /files, by their names')
    .option('--out <folder>', 'write each manifest to <folder>/<name>.json')
    .option(...jsonOption)
    .action(connect);
  tools
    .command('authorize')
    .description(
      'ask a person to authorize the platform at an MCP server, and keep what workers need; needs no gateway',
    )
    .argument('<file>', 'manifest of the server, JSON, with a credential that has oauth')
    .requiredOption('--tenant <tenant>', 'tenant whose tools use the credential')
    .option('--secrets <folder>', 'folder of the secrets of tools; default: KHIPU_TOOL_SECRETS_DIR')
    .option('--client-metadata <url>', 'https URL of the metadata document of this client')
    .option('--client-id <id>', 'a client that is registered already; its secret in KHIPU_OAUTH_CLIENT_SECRET')
    .option('--port <port>', 'port of this machine to which the answer comes back; default: a free one', Number)
    .option(...jsonOption)
    .action(authorizeServer);
}

interface Authorize {
  readonly tenant: string;
  readonly secrets?: string;
  readonly clientMetadata?: string;
  readonly clientId?: string;
  readonly port?: number;
  readonly json?: true;
}

async function authorizeServer(file: string, { json, ...options }: Authorize): Promise<void> {
  const [{ readManifest }, { authorize }] = await Promise.all([
    import('../tools/sign.ts'),
    import('../tools/authorize.ts'),
  ]);
  // Standard output is for the result.
  const show = (page: URL) => console.error(`Open this page and agree: ${page.href}`);
  const { path, tools } = await authorize(readManifest(file), { ...options, show });
  print(json, { path, tools }, () => [`written: ${path}`, `tools: ${tools.join(', ')}`]);
}

/** Adds the options of a definition, whichever way its manifest is found. */
const definition = (command: Command): Command =>
  command
    .option('--key <file>', 'JWK Set with an Ed25519 private key; default: constitution.json in KHIPU_KEYS_DIR')
    .option('--print', 'print the body of the request instead of sending it; needs no gateway')
    .option(...jsonOption);

interface Install extends Add {
  readonly as?: string;
  readonly host?: readonly string[];
  readonly config?: string;
  readonly tier?: string;
}

/** Returns the settings of `--config`. Throws REQUEST_INVALID for text that is no JSON object. */
function configIn(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // As any other text that is no object.
  }
  throw failure('REQUEST_INVALID', '--config: expected a JSON object');
}

async function install(name: string, options: Install): Promise<void> {
  const { shippedManifest } = await import('../../tools/shipped/shipped.ts');
  const { as, host, tier, config } = options;
  await define(shippedManifest(name, { as, hosts: host, tier, config: configIn(config) }), options);
}

interface Connect {
  readonly tool?: string;
  readonly tier?: string;
  readonly file?: readonly string[];
  readonly out?: string;
  readonly json?: true;
}

async function connect(server: readonly string[], { out, json, ...options }: Connect): Promise<void> {
  const { offersIn, questionOf, writeManifests } = await import('../tools/connect.ts');
  const body = questionOf(server, options);
  const { settle } = await import('../api/ask.ts');
  const call = await settle((api, headers) =>
    api.POST('/v1/tools/connect', { params: { header: headers }, body: body as Schemas['ConnectTools'] }),
  );
  if (call === undefined) throw failure('OUTCOME_PENDING', 'the outcome is not known yet');
  if (call.status !== 'succeeded')
    throw failure(call.code ?? 'TOOL_UNAVAILABLE', call.detail ?? 'the server did not answer');
  const offers = offersIn(call.output);
  const written = out === undefined ? [] : writeManifests(out, offers);
  print(json, { ...offers, written }, () => [
    `${offers.server.name} ${offers.server.version}, MCP ${offers.server.protocol}`,
    rowsText(offers.tools.map(shownOffer), ['tool', 'name', 'problem', 'description']),
    ...(offers.left_off > 0 ? [`${offers.left_off} more were left off`] : []),
    ...written.map((path) => `written: ${path}`),
  ]);
}

const shownOffer = ({ tool, problem, manifest }: Offer) => ({
  ...{
    tool,
    name: manifest?.name ?? '',
    problem: problem ?? '',
    description: manifest?.description.slice(0, 60) ?? '',
  },
});

async function add(file: string, options: Add): Promise<void> {
  const { readManifest } = await import('../tools/sign.ts');
  await define(readManifest(file), options);
}

async function define(manifest: unknown, options: Add): Promise<void> {
  const [{ signedManifest }, { defaultKey }] = await Promise.all([
    import('../tools/sign.ts'),
    import('../constitution/default-key.ts'),
  ]);
  const body = signedManifest(manifest, options.key ?? defaultKey());
  if (options.print === true) return print(true, body, () => []);
  const { ask, settle } = await import('../api/ask.ts');
  const params = { path: { tool: body.manifest.name } };
  const known = await ask((api) => api.GET('/v1/tools/{tool}', { params })).catch((error: unknown) => {
    if ((error as { readonly code?: unknown } | null)?.code === 'TOOL_UNKNOWN') return undefined;
    throw error;
  });
  const ifMatch = known === undefined ? {} : { 'if-match': `"${known.version}"` };
  const made = await settle((api, headers) =>
    api.PUT('/v1/tools/{tool}', {
      ...{ params: { ...params, header: { ...ifMatch, ...headers } } },
      body: body as unknown as Schemas['PutTool'],
    }),
  );
  if (made === undefined) throw failure('OUTCOME_PENDING', 'the outcome is not known yet');
  const { manifest: _manifest, envelope: _envelope, ...shown } = made;
  print(options.json, made, () => [fieldsText(shown)]);
}
