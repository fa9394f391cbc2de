import type { Command } from 'commander';
import type { Schemas } from '../../client/api.ts';
import { failure } from '../failure.ts';
import { registerResource, registerVerb } from '../resources/register.ts';
import { fieldsText } from '../show/fields.ts';
import { jsonOption, print } from '../show/print.ts';

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
