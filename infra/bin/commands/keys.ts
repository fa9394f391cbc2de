import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { homeDir } from '../../local/home.ts';
import { registerResource } from '../resources/register.ts';

interface CreateKey {
  readonly tenant: string;
  readonly name: string;
  readonly capability: readonly string[];
  readonly json?: true;
}

/** The same pattern as in the request bodies of the gateways. */
const CAPABILITY = /^[\w.:*/-]{1,200}$/;

function capability(text: string, before: readonly string[] = []): readonly string[] {
  if (!CAPABILITY.test(text)) throw new InvalidArgumentError('expected a capability, such as identity:manage:*');
  return [...before, text];
}

async function create({ tenant: tenantId, name, capability: capabilities, json }: CreateKey): Promise<void> {
  const { createApiKey } = await import('../../security/api-key-file.ts');
  const { ensureDevelopmentKeys } = await import('../../security/development-keys.ts');
  const keysDir = process.env['KHIPU_KEYS_DIR'] || path.join(homeDir(), 'keys');
  // A first start creates the development keys together, and only where none exists: an existing api-keys.json would count as all of them.
  if (process.env['KHIPU_MODE'] !== 'production') ensureDevelopmentKeys(keysDir);
  const { id, key } = createApiKey({ keysDir, tenantId, name, capabilities });
  if (json === true) console.log(JSON.stringify({ id, key, principal: `api_key:${id}`, tenant_id: tenantId }));
  else console.log(key);
}

/**
 * Registers `khipu keys`: the verbs of API keys over HTTP, and `bootstrap`, which creates an operator's initial key on this
 * machine. All other keys are created with it.
 */
export function register(program: Command): void {
  registerResource(program, 'keys')
    .command('bootstrap')
    .description('create an operator’s initial API key in KHIPU_KEYS_DIR; it is printed once')
    .requiredOption('--tenant <id>', 'tenant of the key')
    .requiredOption('--name <name>', 'name for people')
    .requiredOption('--capability <capability>', 'capability of the key; repeatable', capability)
    .option('--json', 'print JSON with id and principal')
    .action(create);
}
