import { sign } from 'node:crypto';
import { canonicalJson } from '../../infra/governance/constitution/canonical-json.ts';
import { preAuthenticationEncoding } from '../../infra/governance/constitution/dsse.ts';
import { CONSTITUTION_PAYLOAD_TYPE } from '../../infra/governance/constitution/signing.ts';
import type { SigningKey } from '../../infra/security/key-set.ts';

/** Signs a constitution outside of the platform. */
export function signatureOf(document: object, signer: SigningKey): { readonly keyid: string; readonly sig: string } {
  const message = preAuthenticationEncoding(CONSTITUTION_PAYLOAD_TYPE, canonicalJson(document));
  return { keyid: signer.keyId, sig: sign(null, message, signer.privateKey).toString('base64') };
}
