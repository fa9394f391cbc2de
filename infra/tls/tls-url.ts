import { ConfigError } from '../kit/config-error.ts';
import { checkFiles, NO_FILES, type TlsFiles } from './tls-files.ts';

/** The parameters of a URL that name files, after libpq (PostgreSQL manual, 32.1.2); of all parts, not of Postgres alone. */
const parameters = { ca: 'sslrootcert', cert: 'sslcert', key: 'sslkey' } as const;
/** The parameters that only connections over TLS have. */
const MODE = 'sslmode';
const VERIFY = 'verify-full';
const modes = ['disable', VERIFY];

/** A URL without those parameters, and what they said. */
export interface TlsTarget {
  readonly url: string;
  readonly host: string;
  /** Null for a connection without TLS. */
  readonly tls: TlsFiles | null;
}

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

const isSecure = (url: URL): boolean =>
  url.protocol === 'https:' ||
  url.protocol === 'rediss:' ||
  (url.protocol.startsWith('postgres') && url.searchParams.get(MODE) === VERIFY);

/** Returns where a URL leads, and the files of its connection. */
export function targetOf(text: string): TlsTarget {
  const url = new URL(text);
  const secure = isSecure(url);
  const of = (name: string): string | null => url.searchParams.get(name);
  const files = { ca: of(parameters.ca), cert: of(parameters.cert), key: of(parameters.key) };
  // Other modes of libpq (require, prefer) stay in the URL: the driver knows them.
  if (secure || of(MODE) === 'disable') url.searchParams.delete(MODE);
  for (const name of Object.values(parameters)) url.searchParams.delete(name);
  const host = bare(url.hostname);
  if (!secure && Object.values(files).every((file) => file === null)) return { url: text, host, tls: null };
  return { url: url.href, host, tls: secure ? files : null };
}

/**
 * Returns the URL of a part with the files of its connection: those that it names, else `otherwise`. Unchanged for one
 * without TLS. Throws ConfigError, which names the variable, for invalid files.
 */
export function withFiles(variable: string, text: string, otherwise: TlsFiles): string {
  const url = new URL(text);
  const mode = url.searchParams.get(MODE);
  const given = Object.values(parameters).filter((name) => url.searchParams.has(name));
  if (url.protocol.startsWith('postgres') && given.length > 0 && mode !== VERIFY)
    throw new ConfigError(`${variable}: expected ${MODE}=${VERIFY} beside ${given.join(', ')}`);
  if (url.protocol.startsWith('postgres') && otherwise.ca !== null && mode !== null && !modes.includes(mode))
    throw new ConfigError(`${variable}: expected ${MODE}=${VERIFY} or ${MODE}=disable, as an authority is configured`);
  const { tls } = targetOf(text);
  if (tls === null) return text;
  const named = (kind: keyof TlsFiles): string => `${variable} (${parameters[kind]})`;
  checkFiles(tls, { ca: named('ca'), cert: named('cert'), key: named('key') });
  const identity = tls.cert === null ? otherwise : tls;
  const files = { ca: tls.ca ?? otherwise.ca, cert: identity.cert, key: identity.key };
  for (const [kind, file] of Object.entries(files))
    if (file !== null) url.searchParams.set(parameters[kind as keyof TlsFiles], file);
  return url.href;
}

/** Returns the query of a URL for a connection with these files: for URLs that are written by the platform. */
export function queryOf(files: TlsFiles): string {
  const query = new URLSearchParams();
  for (const [kind, file] of Object.entries({ ...NO_FILES, ...files }))
    if (file !== null) query.set(parameters[kind as keyof TlsFiles], file);
  return query.toString();
}
