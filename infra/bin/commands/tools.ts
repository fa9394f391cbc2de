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
  tools
    .command('add')
    .description('sign a manifest, and register the tool or replace its manifest')
    .argument('<file>', 'the manifest, JSON')
    .option('--key <file>', 'JWK Set with an Ed25519 private key; default: constitution.json in KHIPU_KEYS_DIR')
    .option('--print', 'print the body of the request instead of sending it; needs no gateway')
    .option(...jsonOption)
    .action(add);
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
  const [{ readManifest, signedManifest }, { defaultKey }] = await Promise.all([
    import('../tools/sign.ts'),
    import('../constitution/default-key.ts'),
  ]);
  const body = signedManifest(readManifest(file), options.key ?? defaultKey());
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
