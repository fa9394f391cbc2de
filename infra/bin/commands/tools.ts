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
  tools
    .command('add')
    .description('sign a manifest, and register the tool or replace its manifest')
    .argument('<file>', 'the manifest, JSON')
    .option('--key <file>', 'JWK Set with an Ed25519 private key; default: constitution.json in KHIPU_KEYS_DIR')
    .option('--print', 'print the body of the request instead of sending it; needs no gateway')
    .option(...jsonOption)
    .action(add);
}

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
