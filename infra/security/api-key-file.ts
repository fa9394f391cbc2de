import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError } from '../kit/config-error.ts';
import { type ApiKeyGrant, type ApiKeyRecord, apiKeyRecord, newKeyText, recordOf } from './api-key.ts';
import type { StoredKey } from './api-key-verifier.ts';
import { withFileLock } from './file-lock.ts';
import { keyFiles } from './key-paths.ts';
import { DEVELOPMENT_PREFIX } from './key-set.ts';
import { replaceSecret, writeSecretOnce } from './secret-file.ts';

/** Reads the keys of a file. Throws ConfigError for a file that is missing or not a list of keys. */
export function readApiKeys(path: string): readonly ApiKeyRecord[] {
  try {
    return z.array(apiKeyRecord).parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new ConfigError(`${path}: expected a readable list of API keys`, { cause });
  }
}

/**
 * Creates a key and stores its hash. The key's text is only returned, never stored. Running gateways accept it within a
 * second.
 */
export function createApiKey(grant: ApiKeyGrant & { readonly keysDir: string }): { id: string; key: string } {
  const path = join(grant.keysDir, keyFiles.apiKeys);
  const key = newKeyText();
  const record = recordOf(key, grant);
  writeSecretOnce(path, '[]\n');
  withFileLock(path, () => replaceSecret(path, `${JSON.stringify([...readApiKeys(path), record], null, 2)}\n`));
  return { id: record.id, key };
}

const storedOf = ({ id, prefix, tenant_id: tenantId, capabilities, hash }: ApiKeyRecord): StoredKey => ({
  prefix,
  tenantId,
  principal: `api_key:${id}`,
  capabilities,
  hashes: [hash],
});

/** The keys of the file by prefix, reloaded when it changes. The keys have no owner: each is a principal of its own. */
export class ApiKeyFile {
  readonly #path: string;
  readonly #production: boolean;
  #modifiedMs = -1;
  #checkedMs = 0;
  #byPrefix: ReadonlyMap<string, StoredKey> = new Map();

  /** Throws ConfigError when the file cannot be read. In production, generated development keys are ignored. */
  constructor(options: { readonly keysDir: string; readonly production: boolean }) {
    this.#path = join(options.keysDir, keyFiles.apiKeys);
    this.#production = options.production;
    this.#load();
  }

  find(prefix: string): StoredKey | undefined {
    if (Date.now() - this.#checkedMs > 1_000) this.#loadIfChanged();
    return this.#byPrefix.get(prefix);
  }

  #loadIfChanged(): void {
    this.#checkedMs = Date.now();
    try {
      if (statSync(this.#path).mtimeMs !== this.#modifiedMs) this.#load();
    } catch {
      // A file that is missing for a moment must not lock all callers out: the loaded keys stay valid.
    }
  }

  #load(): void {
    const records = readApiKeys(this.#path).filter(
      ({ id }) => !(this.#production && id.startsWith(DEVELOPMENT_PREFIX)),
    );
    this.#byPrefix = new Map(records.map((record) => [record.prefix, storedOf(record)]));
    this.#modifiedMs = statSync(this.#path).mtimeMs;
    this.#checkedMs = Date.now();
  }
}
