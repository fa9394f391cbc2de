import { sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { MANIFEST_PAYLOAD_TYPE } from '../../../schemas/contexts/tools.ts';
import { preAuthenticationEncoding } from '../../governance/constitution/dsse.ts';
import { readKeySet } from '../../security/key-set.ts';
import type { Manifest } from '../../tools/manifest/manifest.ts';
import { prepareManifest } from '../../tools/manifest/signing.ts';
import { failure } from '../failure.ts';

/** The body of a definition: a manifest with one signature. */
export interface SignedManifest {
  readonly manifest: Manifest;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/**
 * Signs a manifest (DSSE) with the first private key of a JWK Set, exactly as the platform verifies it. Throws
 * CONFIG_INVALID without a private key, and TOOL_INVALID for a value that is no manifest.
 */
export function signedManifest(value: unknown, keyFile: string): SignedManifest {
  const { signing } = readKeySet(keyFile);
  if (signing === null) throw failure('CONFIG_INVALID', `${keyFile}: expected a private key to sign with`);
  const { manifest, payload } = prepareManifest(value);
  const message = preAuthenticationEncoding(MANIFEST_PAYLOAD_TYPE, payload);
  const sig = sign(null, message, signing.privateKey).toString('base64');
  return { manifest, signatures: [{ keyid: signing.keyId, sig }] };
}

/** Returns the parsed JSON of a file, not validated. Throws TOOL_INVALID when the file is not readable JSON. */
export function readManifest(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw failure('TOOL_INVALID', `${file}: expected a readable JSON file`, cause);
  }
}
