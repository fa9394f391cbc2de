import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { homeDir } from '../../local/home.ts';

interface CreateKey {
  readonly tenant: string;
  readonly name: string;
  readonly capability: readonly string[];
  readonly json?: true;
}

/** The pattern of the gateways' own bodies. */
const CAPABILITY = /^[\w.:*/-]{1,200}$/;

function capability(text: string, before: readonly string[] = []): readonly string[] {
  if (!CAPABILITY.test(text)) throw new InvalidArgumentError('expected a capability, such as identity:manage:*');
  return [...before, text];
}

async function create({ tenant: tenantId, name, capability: capabilities, json }: CreateKey): Promise<void> {
  const { createApiKey } = await import('../../keys/api-key-file.ts');
  const { ensureDevelopmentKeys } = await import('../../keys/development.ts');
  const keysDir = process.env['KHIPU_KEYS_DIR'] || path.join(homeDir(), 'keys');
  // A first start makes what is missing of these together: a file that is there already would be taken for all of them.
  if (process.env['KHIPU_MODE'] !== 'production') ensureDevelopmentKeys(keysDir);
  const { id, key } = createApiKey({ keysDir, tenantId, name, capabilities });
  if (json === true) console.log(JSON.stringify({ id, key, principal: `api_key:${id}`, tenant_id: tenantId }));
  else console.log(key);
}

/** `khipu keys create`: the first key of those who operate the platform; all others are made with it, over HTTP. */
export function register(program: Command): void {
  program
    .command('keys')
    .description('keys of those who operate the platform, in KHIPU_KEYS_DIR')
    .command('create')
    .description('make an API key; it is printed here and never again, and gateways take it up within a second')
    .requiredOption('--tenant <id>', 'tenant that it acts for')
    .requiredOption('--name <name>', 'what people call it')
    .requiredOption('--capability <capability>', 'what may be done with it; once for each', capability)
    .option('--json', 'print id and principal too, as JSON')
    .action(create);
}
