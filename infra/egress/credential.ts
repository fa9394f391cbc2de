import type { SecretReference } from '../models/registry/provider-declaration.ts';
import type { SecretSource } from '../security/secret-source.ts';
import { addressClass } from './address.ts';
import { EgressError } from './errors.ts';
import type { EgressCredential } from './rule.ts';

/** A credential as it is sent. */
export interface Attached {
  readonly header: string;
  readonly value: string;
  /** No response may have this in it. */
  readonly secret: string;
}

const readSecret = (reference: SecretReference, url: URL, secrets: SecretSource): Promise<string> =>
  secrets.resolve(reference).catch((cause: unknown) => {
    throw new EgressError('EGRESS_CREDENTIAL_UNAVAILABLE', `the credential of ${url.host} cannot be read`, { cause });
  });

/**
 * Reads a credential for a request; null for a token that is not there yet. Rejects with EGRESS_CREDENTIAL_INSECURE over http to an address of the internet, and with
 * EGRESS_CREDENTIAL_UNAVAILABLE when its secret cannot be read or cannot be sent in a header.
 */
export async function attachedCredential(
  credential: EgressCredential,
  url: URL,
  address: string,
  secrets: SecretSource,
): Promise<Attached | null> {
  const token = credential.secret.from === 'token' ? credential.secret.current() : undefined;
  if (token === null) return null;
  if (url.protocol !== 'https:' && addressClass(address) === 'public')
    throw new EgressError('EGRESS_CREDENTIAL_INSECURE', `${url.host} has a credential and is asked over http`);
  const header = (credential.header ?? 'authorization').toLowerCase();
  const secret = token ?? (await readSecret(credential.secret as SecretReference, url, secrets));
  if (!/^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(secret))
    throw new EgressError('EGRESS_CREDENTIAL_UNAVAILABLE', `the credential of ${url.host} cannot be sent in a header`);
  const prefix = credential.prefix ?? (header === 'authorization' ? 'Bearer ' : '');
  return { header, value: prefix + secret, secret };
}
