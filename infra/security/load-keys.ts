import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../kit/config-error.ts';
import { ensureDevelopmentKeys } from './development-keys.ts';
import { keyFiles } from './key-paths.ts';
import { DEVELOPMENT_PREFIX, type KeySet, readKeySet, type SigningKey } from './key-set.ts';

/** The settings that keys need; the configuration of each role has them. */
export interface KeysConfig {
  readonly mode: 'development' | 'production';
  /** Folder of the key files. */
  readonly keysDir: string;
}

function loadKeySet(config: KeysConfig, file: string): KeySet {
  if (config.mode === 'development') ensureDevelopmentKeys(config.keysDir);
  const path = join(config.keysDir, file);
  if (!existsSync(path)) throw new ConfigError(`${path}: expected a JWK Set; production does not generate keys`);
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

/** The keys of session tokens, by kid for verification. */
export interface JwtKeys {
  readonly signing: SigningKey;
  readonly verifying: ReadonlyMap<string, KeyObject>;
}

/** Returns the keys of session tokens; generated at the first start in development. Throws ConfigError. */
export function loadKeys(config: KeysConfig): JwtKeys {
  const keys = loadKeySet(config, keyFiles.jwt);
  return { signing: signerOf(keys, config, keyFiles.jwt), verifying: keys.verifying };
}

/** Returns the public keys, by kid, whose signatures make a constitution valid. Throws ConfigError. */
export const trustedConstitutionKeys = (config: KeysConfig): ReadonlyMap<string, KeyObject> =>
  loadKeySet(config, keyFiles.constitution).verifying;

/** Returns the key that signs constitutions here. Throws ConfigError when there are only public keys. */
export const constitutionSigner = (config: KeysConfig): SigningKey =>
  signerOf(loadKeySet(config, keyFiles.constitution), config, keyFiles.constitution);
