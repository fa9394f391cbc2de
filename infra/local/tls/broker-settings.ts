import { readFileSync } from 'node:fs';
import path from 'node:path';
import { writeFileWhole } from '../process/state-file.ts';
import type { IssuedFiles } from './authority.ts';
import { ADMIN_NAME, type LocalTls } from './local-tls.ts';

/** Writes key and certificate into one file, as Kafka reads PEM (KIP-651), with mode 0600. Returns its path. */
export function writeKeyStore(dir: string, name: string, { key, cert }: IssuedFiles): string {
  const file = path.join(dir, `${name}.pem`);
  writeFileWhole(file, readFileSync(key, 'utf8') + readFileSync(cert, 'utf8'), 0o600);
  return file;
}

/**
 * Returns the settings of a broker whose listeners all use TLS 1.3 and ask for a certificate. Its common name is the
 * principal of the ACLs, which are enforced. The registry writes its own topics; it is the only part with all rights.
 */
export function brokerTls(tls: LocalTls): Readonly<Record<string, string>> {
  const files = tls.files('kafka');
  return {
    'security.inter.broker.protocol': 'SSL',
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': writeKeyStore(tls.dir, 'kafka', files),
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': files.ca,
    'ssl.protocol': 'TLSv1.3',
    'ssl.enabled.protocols': 'TLSv1.3',
    'ssl.client.auth': 'required',
    'ssl.principal.mapping.rules': 'RULE:^CN=([a-z0-9-]+).*$/$1/,DEFAULT',
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': `User:kafka;User:registry;User:${ADMIN_NAME}`,
  };
}
