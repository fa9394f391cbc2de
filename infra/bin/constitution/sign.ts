import { sign } from 'node:crypto';
import { preAuthenticationEncoding } from '../../governance/constitution/dsse.ts';
import { CONSTITUTION_PAYLOAD_TYPE, prepareConstitution } from '../../governance/constitution/signing.ts';
import { readKeySet } from '../../security/key-set.ts';
import { failure } from '../failure.ts';

/**
 * Signs a document (DSSE) with the first private key of a JWK Set. The document is prepared exactly as the verifier prepares it,
 * and must have the digest `meant` where one is given, so that only a reviewed document is signed. Throws CONFIG_INVALID without a
 * private key, CONSTITUTION_DIGEST_MISMATCH for another document, and CONSTITUTION_INVALID for an invalid one.
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
