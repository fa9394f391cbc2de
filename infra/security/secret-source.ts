import { readFile } from 'node:fs/promises';
import { ConfigError } from '../kit/config-error.ts';
import type { SecretReference } from '../models/registry/provider-declaration.ts';

/** A source of secrets: finds the value of a reference when it is needed. */
export interface SecretSource {
  /** Resolves with the secret. Rejects with ConfigError, which names the reference and never the value, without one. */
  resolve(reference: SecretReference): Promise<string>;
}

/** Returns the source of secrets in environment variables and in files; white space around a value is not part of it. */
export const secretSource = (env: Readonly<Record<string, string | undefined>> = process.env): SecretSource => ({
  async resolve(reference) {
    const [value, where] =
      reference.from === 'environment'
        ? [env[reference.name], reference.name]
        : [await readFile(reference.path, 'utf8').catch(() => undefined), reference.path];
    const secret = value?.trim();
    if (secret === undefined || secret === '') throw new ConfigError(`${where}: expected a secret, found none`);
    return secret;
  },
});
