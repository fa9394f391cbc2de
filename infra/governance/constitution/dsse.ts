import { type KeyObject, sign, verify } from 'node:crypto';
import { z } from 'zod';
import { GovernanceError } from './errors.ts';

/** Base64 in its only canonical form: stray bits after the last byte would allow several texts for one envelope. */
const base64 = z
  .base64()
  .refine((text) => Buffer.from(text, 'base64').toString('base64') === text, 'base64 with stray bits');

/** DSSE v1 (secure-systems-lab/dsse), JSON envelope. */
const envelopeSchema = z.strictObject({
  payloadType: z.string().min(1).max(256),
  payload: base64,
  signatures: z
    .array(z.strictObject({ keyid: z.string().min(1).max(256), sig: base64 }))
    .min(1)
    .max(16),
});

/** A parsed envelope; its signatures may be invalid. */
export type DsseEnvelope = z.infer<typeof envelopeSchema>;

/** A private key with its key id. */
export interface Signer {
  readonly keyId: string;
  /** Ed25519. */
  readonly privateKey: KeyObject;
}

/**
 * Returns the pre-authentication encoding: "DSSEv1" SP LEN(type) SP type SP LEN(body) SP body, lengths in bytes as
 * ASCII decimals.
 */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(payloadType, 'utf8')} ${payloadType} ${payload.byteLength} `;
  return Buffer.concat([Buffer.from(head, 'utf8'), payload]);
}

/**
 * Returns the envelope with one signature per signer, as JSON text. Ed25519 is deterministic (RFC 8032): same input,
 * same text.
 */
export function sealEnvelope(payloadType: string, payload: Uint8Array, signers: readonly Signer[]): string {
  const message = preAuthenticationEncoding(payloadType, payload);
  const envelope: DsseEnvelope = {
    payloadType,
    payload: Buffer.from(payload).toString('base64'),
    signatures: signers.map(({ keyId, privateKey }) => ({
      keyid: keyId,
      sig: sign(null, message, privateKey).toString('base64'),
    })),
  };
  return JSON.stringify(envelope);
}

/** A verified payload, and its signers. */
export interface OpenedEnvelope {
  readonly payload: Buffer;
  /** Trusted keys with a valid signature, each once. */
  readonly signedBy: readonly string[];
}

/**
 * Opens an envelope that at least `required` different trusted keys have signed. Signatures of untrusted keys are ignored;
 * keys are compared by their bytes, so that one key under two names counts once.
 * Throws GovernanceError.
 */
export function openEnvelope(
  text: string,
  payloadType: string,
  trusted: ReadonlyMap<string, KeyObject>,
  required = 1,
): OpenedEnvelope {
  const envelope = parseEnvelope(text);
  if (envelope.payloadType !== payloadType)
    throw new GovernanceError('PAYLOAD_TYPE_UNKNOWN', `the payload is a ${envelope.payloadType}, not a ${payloadType}`);
  const payload = Buffer.from(envelope.payload, 'base64');
  const message = preAuthenticationEncoding(payloadType, payload);
  const signedBy = new Map<string, string>();
  for (const { keyid, sig } of envelope.signatures) {
    const key = trusted.get(keyid);
    if (key === undefined || !verify(null, message, key, Buffer.from(sig, 'base64'))) continue;
    const identity = key.export({ type: 'spki', format: 'der' }).toString('base64');
    if (!signedBy.has(identity)) signedBy.set(identity, keyid);
  }
  if (signedBy.size < required)
    throw new GovernanceError(
      'SIGNATURE_INVALID',
      `${signedBy.size} of ${required} signatures are valid under a trusted key (signed by ${envelope.signatures.map(({ keyid }) => keyid).join(', ')})`,
    );
  return { payload, signedBy: [...signedBy.values()] };
}

/** Parses an envelope without verifying it. Throws GovernanceError. */
export function parseEnvelope(text: string): DsseEnvelope {
  try {
    return envelopeSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new GovernanceError('ENVELOPE_INVALID', 'the envelope is not DSSE JSON', { cause });
  }
}
