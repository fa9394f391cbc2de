import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newKeyText, recordOf } from './api-key.ts';
import { keyFiles } from './files.ts';
import { DEVELOPMENT_PREFIX, newDevelopmentKeySet } from './key-set.ts';
import { writeSecretOnce } from './secret-file.ts';

/** All that the demo tenant's key may do. Its sessions get these or fewer, and never one that governs. */
export const demoCapabilities = [
  'slm:invoke:*',
  'slm:embed:*',
  'kill-switch:set:*',
  'access:revoke',
  'identity:manage',
  'identity:manage:*',
  'constitution:*',
] as const;

/**
 * Makes what is missing: a key that signs session tokens, one that signs constitutions, and the API key of tenant `demo`.
 * Several processes may start at once: one makes each file, the others read it.
 */
export function ensureDevelopmentKeys(keysDir: string): void {
  for (const file of [keyFiles.jwt, keyFiles.constitution])
    if (!existsSync(join(keysDir, file))) writeSecretOnce(join(keysDir, file), newDevelopmentKeySet());
  if (existsSync(join(keysDir, keyFiles.apiKeys))) return;
  // The plain text first, then its hash from what the file holds: whoever wins either race, the two belong together.
  const plainPath = join(keysDir, keyFiles.demoApiKey);
  writeSecretOnce(plainPath, `${newKeyText()}\n`);
  const grant = { tenantId: 'demo', name: 'demo', capabilities: demoCapabilities };
  const record = recordOf(readFileSync(plainPath, 'utf8').trim(), grant, DEVELOPMENT_PREFIX);
  writeSecretOnce(join(keysDir, keyFiles.apiKeys), `${JSON.stringify([record], null, 2)}\n`);
}
