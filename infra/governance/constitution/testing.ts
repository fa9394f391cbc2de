/** Keys and signed documents for tests. */
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { ConstitutionDocument } from '../../../schemas/contexts/constitution/document.ts';
import { constitutionActivated, constitutionPublished } from '../../../schemas/generated/records.ts';
import type { Signer } from './dsse.ts';
import { signConstitution } from './signing.ts';

/** Returns a signer with a new key. */
export const newSigner = (keyId: string): Signer => ({
  keyId,
  privateKey: generateKeyPairSync('ed25519').privateKey,
});

/** Returns the public keys of the signers, as trusted keys. */
export const trusting = (...signers: readonly Signer[]): ReadonlyMap<string, KeyObject> =>
  new Map(signers.map(({ keyId, privateKey }) => [keyId, createPublicKey(privateKey)]));

/** Returns the events that put a signed document in force. */
export function putInForce(document: ConstitutionDocument, signer: Signer) {
  const signed = signConstitution(document, signer);
  const { version, digest } = signed;
  return [
    constitutionPublished(signed),
    constitutionActivated({ slot: 'active', version, digest, activatedBy: null }),
  ] as const;
}
