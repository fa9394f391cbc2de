import canonicalize from 'canonicalize';
import { MANIFEST_PAYLOAD_TYPE } from '../../../../schemas/contexts/tools.ts';

/** A private key of a JWK Set, as this page signs with it. */
interface SigningJwk extends JsonWebKey {
  readonly kid?: string;
}

/** A signature as the API takes it. */
export interface ManifestSignature {
  readonly keyid: string;
  /** Base64. */
  readonly sig: string;
}

/** Returns the first private Ed25519 key of a JWK Set; null for any other text. */
export function signingKeyIn(text: string): SigningJwk | null {
  try {
    const { keys } = JSON.parse(text) as { readonly keys?: readonly SigningJwk[] };
    return keys?.find(({ crv, d, kid }) => crv === 'Ed25519' && d !== undefined && kid !== undefined) ?? null;
  } catch {
    return null;
  }
}

/** Returns the pre-authentication encoding of DSSE: "DSSEv1", and each part behind its length in bytes. */
function encoded(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(
    `DSSEv1 ${MANIFEST_PAYLOAD_TYPE.length} ${MANIFEST_PAYLOAD_TYPE} ${payload.byteLength} `,
  );
  const message = new Uint8Array(head.byteLength + payload.byteLength);
  message.set(head);
  message.set(payload, head.byteLength);
  return message;
}

/**
 * Signs the canonical JSON (RFC 8785) of a manifest in this browser, exactly as the platform verifies it: the key does not leave
 * the page.
 * Rejects for a key that is none of Ed25519, and for a browser without that algorithm.
 */
export async function signManifest(
  manifest: object,
  { kid = '', kty, crv, x, d }: SigningJwk,
): Promise<ManifestSignature> {
  const jwk = { ...(kty && { kty }), ...(crv && { crv }), ...(x && { x }), ...(d && { d }) };
  const key = await crypto.subtle.importKey('jwk', jwk, { name: 'Ed25519' }, false, ['sign']);
  const payload = new TextEncoder().encode(canonicalize(manifest) ?? '');
  const sig = await crypto.subtle.sign({ name: 'Ed25519' }, key, encoded(payload));
  return { keyid: kid, sig: btoa(String.fromCharCode(...new Uint8Array(sig))) };
}
