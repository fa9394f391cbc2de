import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { z } from 'zod';
import { ConfigError } from '../kit/config-error.ts';
import { messageOf } from '../kit/errors.ts';

/** Paths of PEM files for one connection. Certificate and key are given together. */
export interface TlsFiles {
  /** Authorities that the other side must be signed by; null for those that Node trusts. */
  readonly ca: string | null;
  /** Certificate of this side, followed by its chain; null to show none. */
  readonly cert: string | null;
  readonly key: string | null;
}

/** No file: the other side is verified against the authorities that Node trusts, and this side shows no certificate. */
export const NO_FILES: TlsFiles = { ca: null, cert: null, key: null };

const path = (text: string) => z.string().min(1).optional().describe(text);

/** Environment variables of files. Every file is read again when it changes. */
export const tlsVariables = {
  KHIPU_TLS_CA_FILE: path(
    'path of a PEM file with the authorities that Kafka, the registry, Postgres and Redis must be signed by, where they are reached over TLS',
  ),
  KHIPU_TLS_CERT_FILE: path('path of a PEM file with the certificate of this role for those parts, then its chain'),
  KHIPU_TLS_KEY_FILE: path('path of a PEM file with the key of that certificate'),
  KAFKA_SSL_CA_FILE: path('path of a PEM file for Kafka, instead of KHIPU_TLS_CA_FILE'),
  KAFKA_SSL_CERT_FILE: path('path of a PEM file for Kafka, instead of KHIPU_TLS_CERT_FILE'),
  KAFKA_SSL_KEY_FILE: path('path of a PEM file for Kafka, instead of KHIPU_TLS_KEY_FILE'),
  KHIPU_HTTP_TLS_CERT_FILE: path('path of a PEM file with the certificate of the gateway, which then serves https'),
  KHIPU_HTTP_TLS_KEY_FILE: path('path of a PEM file with the key of that certificate'),
  KHIPU_HTTP_TLS_CLIENT_CA_FILE: path(
    'path of a PEM file with authorities of client certificates: a client may show one, and is refused with any other',
  ),
  KHIPU_EXTRA_CA_FILE: path(
    'path of a PEM file with further authorities for model servers, engines, identity providers and KHIPU_URL',
  ),
};

type TlsVariables = z.infer<z.ZodObject<typeof tlsVariables>>;
type Name = keyof TlsVariables;

/** The variables of one group of files. */
interface Names {
  readonly ca: Name | null;
  readonly cert: Name;
  readonly key: Name;
}

const PARTS: Names = { ca: 'KHIPU_TLS_CA_FILE', cert: 'KHIPU_TLS_CERT_FILE', key: 'KHIPU_TLS_KEY_FILE' };
const KAFKA: Names = { ca: 'KAFKA_SSL_CA_FILE', cert: 'KAFKA_SSL_CERT_FILE', key: 'KAFKA_SSL_KEY_FILE' };
const HTTP: Names = {
  ca: 'KHIPU_HTTP_TLS_CLIENT_CA_FILE',
  cert: 'KHIPU_HTTP_TLS_CERT_FILE',
  key: 'KHIPU_HTTP_TLS_KEY_FILE',
};

function read(variable: string, file: string, expected: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(`${variable}: expected the path of ${expected}; ${file}: ${messageOf(cause)}`);
  }
}

/** Returns the first certificate of a PEM file. Throws ConfigError. */
function certificateIn(variable: string, file: string, expected: string): X509Certificate {
  const text = read(variable, file, expected);
  try {
    return new X509Certificate(text);
  } catch {
    throw new ConfigError(`${variable}: expected the path of ${expected}; ${file} has none`);
  }
}

/**
 * Checks files before anything starts. `names` are the variables, or places in a URL, that errors show. Throws ConfigError:
 * a file that cannot be read, has another content, or an expired certificate; a key of another certificate.
 */
export function checkFiles(
  { ca, cert, key }: TlsFiles,
  names: { readonly ca: string; readonly cert: string; readonly key: string },
  now = Date.now(),
): void {
  if (ca !== null) certificateIn(names.ca, ca, 'a PEM file with certificates of authorities');
  if (cert === null && key === null) return;
  if (cert === null) throw new ConfigError(`${names.cert}: expected a certificate, as ${names.key} is set`);
  if (key === null) throw new ConfigError(`${names.key}: expected the key of the certificate, as ${names.cert} is set`);
  const certificate = certificateIn(names.cert, cert, 'a PEM file with a certificate');
  if (certificate.validToDate.getTime() <= now)
    throw new ConfigError(
      `${names.cert}: expected a certificate that is valid now; that of ${cert} expired at ${certificate.validToDate.toISOString()}`,
    );
  const material = { cert: read(names.cert, cert, 'a PEM file'), key: read(names.key, key, 'a PEM file with a key') };
  try {
    createSecureContext(material);
  } catch (cause) {
    throw new ConfigError(
      `${names.key}: expected the unencrypted PEM key of the certificate in ${names.cert}; ${key}: ${messageOf(cause)}`,
    );
  }
}

function filesOf(v: TlsVariables, names: Names, otherwise: TlsFiles = NO_FILES): TlsFiles {
  const of = (name: Name | null): string | null => (name === null ? null : (v[name] ?? null));
  const given = { ca: of(names.ca), cert: of(names.cert), key: of(names.key) };
  checkFiles(given, { ca: names.ca ?? '', cert: names.cert, key: names.key });
  const own = given.cert !== null;
  return {
    ca: given.ca ?? otherwise.ca,
    cert: own ? given.cert : otherwise.cert,
    key: own ? given.key : otherwise.key,
  };
}

/** The files of a process, by where they are used. */
export interface TlsConfig {
  /** Of the registry, Postgres and Redis, unless their URL names others. */
  readonly parts: TlsFiles;
  readonly kafka: TlsFiles;
  /** Of the gateway; `ca` signs clients. Null when it serves http. */
  readonly http: TlsFiles | null;
  /** Further authorities of outside services; null for none. */
  readonly extraCa: string | null;
}

/** Returns the files that the variables name, checked: see `checkFiles`. Throws ConfigError. */
export function tlsOf(v: TlsVariables): TlsConfig {
  const parts = filesOf(v, PARTS);
  const http = filesOf(v, HTTP);
  if (http.cert === null && http.ca !== null)
    throw new ConfigError('KHIPU_HTTP_TLS_CERT_FILE: expected a certificate, as KHIPU_HTTP_TLS_CLIENT_CA_FILE is set');
  const extraCa = v.KHIPU_EXTRA_CA_FILE ?? null;
  if (extraCa !== null) certificateIn('KHIPU_EXTRA_CA_FILE', extraCa, 'a PEM file with certificates of authorities');
  return { parts, kafka: filesOf(v, KAFKA, parts), http: http.cert === null ? null : http, extraCa };
}
