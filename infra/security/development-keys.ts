import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, contexts } from '../../schemas/contexts.ts';
import { newKeyText, recordOf } from './api-key.ts';
import { keyFiles } from './key-paths.ts';
import { DEVELOPMENT_PREFIX, newDevelopmentKeySet } from './key-set.ts';
import { writeSecretOnce } from './secret-file.ts';

const named = [
  'slm:invoke:*',
  'slm:embed:*',
  'slm:moderate',
  'kill-switch:set:*',
  'revocations:create',
  'identity:manage',
  'identity:manage:*',
  'constitution:*',
];

/**
 * All capabilities of the demo tenant's key: these, and all of each further context. Its sessions get these or fewer, and
 * never a governing one.
 */
export const demoCapabilities: readonly string[] = [
  ...named,
  ...Object.values<Context>(contexts).flatMap(({ capability }) =>
    capability === null || named.some((each) => each.startsWith(`${capability}:`)) ? [] : [`${capability}:*`],
  ),
];

/**
 * Creates missing keys: one that signs session tokens, one that signs constitutions, and the API key of tenant `demo`.
 * Several processes may start at once: one creates each file, the others read it.
 */
export function ensureDevelopmentKeys(keysDir: string): void {
  for (const file of [keyFiles.jwt, keyFiles.constitution])
    if (!existsSync(join(keysDir, file))) writeSecretOnce(join(keysDir, file), newDevelopmentKeySet());
  if (existsSync(join(keysDir, keyFiles.apiKeys))) return;
  // The plain text comes first, then its hash from the file's content: the two match, whichever process wins either race.
  const plainPath = join(keysDir, keyFiles.demoApiKey);
  writeSecretOnce(plainPath, `${newKeyText()}\n`);
  const grant = { tenantId: 'demo', name: 'demo', capabilities: demoCapabilities };
  const record = recordOf(readFileSync(plainPath, 'utf8').trim(), grant, DEVELOPMENT_PREFIX);
  writeSecretOnce(join(keysDir, keyFiles.apiKeys), `${JSON.stringify([record], null, 2)}\n`);
}
