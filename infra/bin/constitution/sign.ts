import { sign } from 'node:crypto';
import { CONSTITUTION_PAYLOAD_TYPE, prepareConstitution } from '../../governance/constitution-signing.ts';
import { preAuthenticationEncoding } from '../../governance/dsse.ts';
import { readKeySet } from '../../keys/key-set.ts';
import { failure } from '../failure.ts';

/**
 * The DSSE signature of a document by the first private key of a JWK Set. The document is read as whoever verifies will read
 * it, and must have the digest that is meant, where one is: nothing is signed that was not looked at. Throws with a code.
 */
export function signatureOf(
  document: unknown,
  meant: string | undefined,
  keyFile: string,
): { readonly digest: string; readonly keyid: string; readonly sig: string } {
  const { signing } = readKeySet(keyFile);
  if (signing === null) throw failure('CONFIG_INVALID', `${keyFile}: expected a private key to sign with`);
  const { digest, payload } = prepareConstitution(document);
  if (meant !== undefined && digest !== meant)
    throw failure('CONSTITUTION_DIGEST_MISMATCH', `the document has sha256 ${digest}, not ${meant}`);
  const message = preAuthenticationEncoding(CONSTITUTION_PAYLOAD_TYPE, payload);
  return { digest, keyid: signing.keyId, sig: sign(null, message, signing.privateKey).toString('base64') };
}
