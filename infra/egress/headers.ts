import { EgressError } from './errors.ts';

export type HeaderList = Readonly<Record<string, string | readonly string[] | undefined>>;

const HEADERS_MAX = 100;
const HEADERS_BYTES_MAX = 16 * 1024;
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Visible characters, spaces, tabs and bytes above ASCII: no line break, no NUL. Source: RFC 9110, 5.5. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Headers of one connection, and headers that the broker itself sets. Source: RFC 9110, 7.6.1. */
const NOT_FORWARDED: ReadonlySet<string> = new Set([
  ...[
    'connection',
    'keep-alive',
    'proxy-connection',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'http2-settings',
  ],
  ...['proxy-authenticate', 'proxy-authorization', 'proxy-authentication-info'],
  ...['host', 'content-length', 'accept-encoding', 'expect', 'alt-svc'],
]);

/** Headers that carry a credential of the caller: dropped when a redirect leads to another origin. */
const SENSITIVE: ReadonlySet<string> = new Set(['authorization', 'cookie', 'x-api-key']);

const nominatedBy = (value: string | readonly string[] | undefined): string[] =>
  [value ?? []].flat().flatMap((each) =>
    each
      .toLowerCase()
      .split(',')
      .map((name) => name.trim()),
  );

/**
 * Returns the headers of a request that are sent on, names in lower case: without headers of the connection. Throws
 * EGRESS_HEADER_REFUSED for a name or value that could be read as another header, and above 100 headers or 16 KiB.
 */
export function forwardedHeaders(headers: HeaderList): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  const entries = Object.entries(headers).filter(
    (entry): entry is [string, string | string[]] => entry[1] !== undefined,
  );
  const nominated = new Set(
    entries.flatMap(([name, value]) => (name.toLowerCase() === 'connection' ? nominatedBy(value) : [])),
  );
  let bytes = 0;
  for (const [given, value] of entries) {
    const name = given.toLowerCase();
    const values = [value].flat();
    if (!NAME.test(given) || !values.every((each) => VALUE.test(each)))
      throw new EgressError(
        'EGRESS_HEADER_REFUSED',
        'a header has a name or value with characters that are not allowed',
      );
    bytes += values.reduce((sum, each) => sum + name.length + each.length, 0);
    if (NOT_FORWARDED.has(name) || nominated.has(name)) continue;
    if (name in kept) throw new EgressError('EGRESS_HEADER_REFUSED', 'a header is given twice');
    kept[name] = Array.isArray(value) ? [...value] : value;
  }
  if (entries.length > HEADERS_MAX || bytes > HEADERS_BYTES_MAX)
    throw new EgressError('EGRESS_HEADER_REFUSED', 'the request has more than 100 headers or 16 KiB of them');
  return kept;
}

/** Returns the headers of a response that are passed on; `without` names more that are not. */
export function returnedHeaders(
  headers: HeaderList,
  without: readonly string[] = [],
): Record<string, string | string[]> {
  const nominated = new Set(nominatedBy(headers['connection']));
  const kept: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (const [given, value] of Object.entries(headers)) {
    const name = given.toLowerCase();
    const drops = NOT_FORWARDED.has(name) || nominated.has(name) || without.includes(name);
    if (value !== undefined && !drops) kept[name] = typeof value === 'string' ? value : [...value];
  }
  return kept;
}

/** Removes the headers that must not follow a redirect to another origin, or a body that is not sent again. */
export function withoutHeaders(
  headers: Readonly<Record<string, string | string[]>>,
  drop: { readonly sensitive: boolean; readonly body: boolean },
): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !(drop.sensitive && SENSITIVE.has(name)) && !(drop.body && name.startsWith('content-')),
    ),
  );
}
