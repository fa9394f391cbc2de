import { sign } from 'node:crypto';
import { canonicalJson } from '../../infra/governance/canonical-json.ts';
import { CONSTITUTION_PAYLOAD_TYPE } from '../../infra/governance/constitution-signing.ts';
import { preAuthenticationEncoding } from '../../infra/governance/dsse.ts';
import type { SigningKey } from '../../infra/keys/key-set.ts';

/** What somebody signs a constitution with, away from the platform. */
export function signatureOf(document: object, signer: SigningKey): { readonly keyid: string; readonly sig: string } {
  const message = preAuthenticationEncoding(CONSTITUTION_PAYLOAD_TYPE, canonicalJson(document));
  return { keyid: signer.keyId, sig: sign(null, message, signer.privateKey).toString('base64') };
}
