/** Keys and signed documents for tests. */
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { ConstitutionDocument } from '../../schemas/constitution.ts';
import { constitutionActivated, constitutionPublished } from '../../schemas/generated/records.ts';
import { signConstitution } from './constitution-signing.ts';
import type { Signer } from './dsse.ts';

export const newSigner = (keyId: string): Signer => ({
  keyId,
  privateKey: generateKeyPairSync('ed25519').privateKey,
});

export const trusting = (...signers: readonly Signer[]): ReadonlyMap<string, KeyObject> =>
  new Map(signers.map(({ keyId, privateKey }) => [keyId, createPublicKey(privateKey)]));

/** The events that put a signed document in force. */
export function putInForce(document: ConstitutionDocument, signer: Signer) {
  const signed = signConstitution(document, signer);
  const { version, digest } = signed;
  return [
    constitutionPublished(signed),
    constitutionActivated({ slot: 'active', version, digest, activatedBy: null }),
  ] as const;
}
