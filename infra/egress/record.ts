import { createHash } from 'node:crypto';
import type { EgressCode } from './errors.ts';

/** One request that was asked for, one per hop of a redirect. It has no header, no body, no query and no credential. */
export interface EgressRecord {
  /** The tool call that asked; null when none did. */
  readonly callId: string | null;
  /** 0 for the request itself, then 1 for its first redirect. */
  readonly hop: number;
  /** Begin, ms since 1970. */
  readonly at: number;
  readonly method: string;
  /** Null, as host and port, for a URL that cannot be read. */
  readonly scheme: string | null;
  readonly host: string | null;
  readonly port: number | null;
  /** Address of the connection; null when none was made. */
  readonly address: string | null;
  /** Path without query; segments that may be ids or secrets are `*`. */
  readonly path: string;
  /** SHA-256 of path and query, hex: compares requests without their text. */
  readonly pathDigest: string;
  readonly hasCredential: boolean;
  readonly status: number | null;
  readonly requestBytes: number;
  /** Bytes of the body that were passed on. */
  readonly responseBytes: number;
  readonly durationMs: number;
  /** `refused`: by the broker; `failed`: by the other side or the network. */
  readonly outcome: 'answered' | 'refused' | 'failed';
  /** Null for `answered`. */
  readonly code: EgressCode | null;
}

const PATH_CHARACTERS_MAX = 256;
const WORD = /^(?:[a-z]{1,32}(?:[._-][a-z]{1,32}){0,4}|v\d{1,3}(?:\.\d{1,3})?)$/i;

/** Returns a path of which only segments made of words and versions are left, at most 256 characters. */
export const redactedPath = (path: string): string =>
  path
    .split('/')
    .map((segment) => (segment === '' || WORD.test(segment) ? segment : '*'))
    .join('/')
    .slice(0, PATH_CHARACTERS_MAX);

/** Returns the fields of a record that come from its URL; null for one that cannot be read. */
export function targetOf(url: URL | null): Pick<EgressRecord, 'scheme' | 'host' | 'port' | 'path' | 'pathDigest'> {
  const text = url === null ? '' : url.pathname + url.search;
  const pathDigest = createHash('sha256').update(text).digest('hex');
  if (url === null) return { scheme: null, host: null, port: null, path: '', pathDigest };
  const scheme = url.protocol.slice(0, -1);
  const port = url.port === '' ? (scheme === 'https' ? 443 : 80) : Number(url.port);
  return { scheme, host: url.hostname, port, path: redactedPath(url.pathname), pathDigest };
}
