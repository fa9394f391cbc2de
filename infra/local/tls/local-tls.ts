import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { TlsFiles } from '../../tls/tls-files.ts';
import { type IssuedFiles, issuedOnce, openAuthority } from './authority.ts';

/** Principal of `khipu setup`, of commands, and of this machine's checks. It may do everything. */
export const ADMIN_NAME = 'khipu-admin';
/** Returns the principal of a process of the platform: the common name of its certificate. */
export const processPrincipal = (role: string): string => `khipu-${role}`;

/** Certificates of the parts. */
const partsNames = ['kafka', 'registry', 'postgres', 'redis', 'gateway'] as const;

/** The certificates of a platform on this machine. */
export interface LocalTls {
  readonly dir: string;
  /** Returns the files of a certificate. Throws for one that was not issued. */
  files(name: string): IssuedFiles;
}

/** Returns the folder of a platform's certificates. */
export const tlsDir = (dir: string): string => path.join(dir, 'tls');

/** Returns the certificate that clients of a platform trust. */
export const authorityFile = (dir: string): string => path.join(tlsDir(dir), 'ca.crt');

/**
 * Opens the certificates of a platform: makes the authority at the first start, and issues what is missing or old, for the
 * parts, the administrator, and each of `roles`. Keys have mode 0600.
 */
export async function openLocalTls(dir: string, roles: readonly string[] = []): Promise<LocalTls> {
  const folder = tlsDir(dir);
  mkdirSync(folder, { recursive: true });
  const authority = await openAuthority(folder);
  const issued = new Map<string, IssuedFiles>();
  for (const name of new Set([...partsNames, ADMIN_NAME, ...roles]))
    issued.set(name, await issuedOnce(authority, { name }));
  return {
    dir: folder,
    files: (name) => {
      const files = issued.get(name);
      if (files === undefined) throw new Error(`there is no certificate of ${name}`);
      return files;
    },
  };
}

/** Returns the variables of a process that shows a certificate to the parts. */
export const tlsEnv = (files: TlsFiles): Readonly<Record<string, string>> => ({
  KAFKA_SSL: 'true',
  ...(files.ca !== null && { KHIPU_TLS_CA_FILE: files.ca, KHIPU_EXTRA_CA_FILE: files.ca }),
  ...(files.cert !== null && { KHIPU_TLS_CERT_FILE: files.cert }),
  ...(files.key !== null && { KHIPU_TLS_KEY_FILE: files.key }),
});
