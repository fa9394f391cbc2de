import { sign } from 'node:crypto';
import { CONSTITUTION_PAYLOAD_TYPE, prepareConstitution } from '../../governance/constitution-signing.ts';
import { preAuthenticationEncoding } from '../../governance/dsse.ts';
import { readKeySet } from '../../keys/key-set.ts';
import type { VersionDetail } from './api.ts';

const failure = (code: string, message: string): Error => Object.assign(new Error(message), { code });

/**
 * The DSSE signature of a version by the first private key of a JWK Set. The document is read as whoever verifies will read
 * it, and must have the digest that is shown beside it: nothing is signed that was not looked at. Throws with a code.
 */
export function signatureOf(
  { version, digest, document }: Pick<VersionDetail, 'version' | 'digest' | 'document'>,
  keyFile: string,
): { readonly digest: string; readonly keyid: string; readonly sig: string } {
  const { signing } = readKeySet(keyFile);
  if (signing === null) throw failure('CONFIG_INVALID', `${keyFile}: expected a private key to sign with`);
  if (document === null) throw failure('CONSTITUTION_UNKNOWN', `constitution ${version} was rejected`);
  const prepared = prepareConstitution(document);
  if (prepared.digest !== digest)
    throw failure('CONSTITUTION_DIGEST_MISMATCH', `the document has sha256 ${prepared.digest}, not ${digest}`);
  const message = preAuthenticationEncoding(CONSTITUTION_PAYLOAD_TYPE, prepared.payload);
  return { digest, keyid: signing.keyId, sig: sign(null, message, signing.privateKey).toString('base64') };
}
