// Its absence is an error of the library's own imports.
import 'reflect-metadata';
import { createPrivateKey, webcrypto } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { writeFileWhole } from '../process/state-file.ts';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
const AUTHORITY_MS = 3_650 * DAY_MS;
const LEAF_MS = 90 * DAY_MS;
/** A certificate that a machine with a slow clock must accept as well. */
const EARLIER_MS = 60_000;

/** An authority for development: it signs certificates of one folder, and its key never leaves that folder. */
export interface Authority {
  /** PEM file of its own certificate, which clients trust. */
  readonly ca: string;
  readonly certificate: X509Certificate;
  readonly keys: CryptoKeyPair;
  readonly dir: string;
}

type CryptoKeyPair = webcrypto.CryptoKeyPair;

/** What a certificate is issued for. */
export interface Wish {
  /** Common name: the principal in ACLs and in maps of users. Lower-case letters, digits and dashes. */
  readonly name: string;
  /** Validity from now, ms. Default: 90 days; a negative one has expired already. */
  readonly validMs?: number;
}

/** PEM files of an issued certificate. */
export interface IssuedFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

// The library's types are those of the DOM, which this project does not load.
cryptoProvider.set(webcrypto as never);

const newKeys = (): Promise<CryptoKeyPair> =>
  webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as Promise<CryptoKeyPair>;

const pemOfKey = async (key: webcrypto.CryptoKey): Promise<string> => {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();
};

const serialNumber = (): string => Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString('hex');

async function keysIn(file: string, certificate: X509Certificate): Promise<CryptoKeyPair> {
  const der = createPrivateKey(readFileSync(file, 'utf8')).export({ type: 'pkcs8', format: 'der' });
  return {
    privateKey: await webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, true, ['sign']),
    publicKey: (await certificate.publicKey.export(ALGORITHM, ['verify'])) as webcrypto.CryptoKey,
  };
}

/** Opens the authority of a folder (`ca.crt`, `ca.key` with mode 0600). Makes it at the first call; valid for ten years. */
export async function openAuthority(dir: string): Promise<Authority> {
  const ca = path.join(dir, 'ca.crt');
  const keyFile = path.join(dir, 'ca.key');
  if (existsSync(ca) && existsSync(keyFile)) {
    const certificate = new X509Certificate(readFileSync(ca, 'utf8'));
    return { dir, ca, certificate, keys: await keysIn(keyFile, certificate) };
  }
  const keys = await newKeys();
  const now = Date.now();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: 'CN=Khipu development authority',
    notBefore: new Date(now - EARLIER_MS),
    notAfter: new Date(now + AUTHORITY_MS),
    keys: keys as never,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  writeFileWhole(keyFile, await pemOfKey(keys.privateKey), 0o600);
  writeFileWhole(ca, `${certificate.toString('pem')}\n`);
  return { dir, ca, certificate, keys };
}

/** Returns the paths of a certificate of a folder. */
export const issuedFiles = (dir: string, name: string): IssuedFiles => ({
  ca: path.join(dir, 'ca.crt'),
  cert: path.join(dir, `${name}.crt`),
  key: path.join(dir, `${name}.key`),
});

/**
 * Issues a certificate for a server on this host and a client, and writes it with its key (PKCS #8, mode 0600): the key
 * first, so that a reader never has a new certificate without its key for long.
 */
export async function issue(authority: Authority, { name, validMs = LEAF_MS }: Wish): Promise<IssuedFiles> {
  const files = issuedFiles(authority.dir, name);
  const keys = await newKeys();
  const now = Date.now();
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${name}`,
    issuer: authority.certificate.subject,
    notBefore: new Date(Math.min(now, now + validMs) - EARLIER_MS),
    notAfter: new Date(now + validMs),
    publicKey: keys.publicKey as never,
    signingKey: authority.keys.privateKey as never,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
      new SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
    ],
  });
  writeFileWhole(files.key, await pemOfKey(keys.privateKey), 0o600);
  writeFileWhole(files.cert, `${certificate.toString('pem')}\n`);
  return files;
}

/** A certificate with less than this share of its life left is issued again. */
const RENEW_BELOW = 1 / 3;

/** Returns the files of a certificate; issues it when there is none, or when most of its life is over. */
export async function issuedOnce(authority: Authority, wish: Wish): Promise<IssuedFiles> {
  const files = issuedFiles(authority.dir, wish.name);
  if (existsSync(files.cert) && existsSync(files.key)) {
    const { notBefore, notAfter } = new X509Certificate(readFileSync(files.cert, 'utf8'));
    if (notAfter.getTime() - Date.now() > (notAfter.getTime() - notBefore.getTime()) * RENEW_BELOW) return files;
  }
  return issue(authority, wish);
}
