import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { ConfigError } from '../config-error.ts';
import { ensureDevelopmentKeys } from './development.ts';
import { keyFiles } from './files.ts';
import { DEVELOPMENT_PREFIX, type KeySet, readKeySet, type SigningKey } from './key-set.ts';

/** The part of the configuration that keys need. */
export type KeysConfig = Pick<Config, 'mode' | 'keysDir'>;

function loadKeySet(config: KeysConfig, file: string): KeySet {
  if (config.mode === 'development') ensureDevelopmentKeys(config.keysDir);
  const path = join(config.keysDir, file);
  if (!existsSync(path)) throw new ConfigError(`${path}: expected a JWK Set; production makes no keys by itself`);
  const keys = readKeySet(path);
  const development = [...keys.verifying.keys()].find((kid) => kid.startsWith(DEVELOPMENT_PREFIX));
  if (config.mode === 'production' && development !== undefined)
    throw new ConfigError(`${path}: ${development} is a development key, and KHIPU_MODE is production`);
  return keys;
}

const signerOf = (keys: KeySet, config: KeysConfig, file: string): SigningKey => {
  if (keys.signing === null)
    throw new ConfigError(`${join(config.keysDir, file)}: expected a private key to sign with`);
  return keys.signing;
};

export interface JwtKeys {
  readonly signing: SigningKey;
  readonly verifying: ReadonlyMap<string, KeyObject>;
}

/** Keys of session tokens; made at first start in development. Throws ConfigError. */
export function loadKeys(config: KeysConfig): JwtKeys {
  const keys = loadKeySet(config, keyFiles.jwt);
  return { signing: signerOf(keys, config, keyFiles.jwt), verifying: keys.verifying };
}

/** Public keys, by kid, whose signature makes a constitution valid. Throws ConfigError. */
export const trustedConstitutionKeys = (config: KeysConfig): ReadonlyMap<string, KeyObject> =>
  loadKeySet(config, keyFiles.constitution).verifying;

/** The key that signs constitutions here. Throws ConfigError where only public keys are at hand. */
export const constitutionSigner = (config: KeysConfig): SigningKey =>
  signerOf(loadKeySet(config, keyFiles.constitution), config, keyFiles.constitution);
