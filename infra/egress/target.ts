import { EgressError } from './errors.ts';

const URL_CHARACTERS_MAX = 8_192;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
const UNCLEAR = /[\s\\\x00-\x1f\x7f]/;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Returns the URL of a request. Throws EGRESS_URL_REFUSED for one with another scheme than http and https, with a user or a
 * password, above 8,192 characters, or with characters that parsers read in different ways.
 */
export function targetUrl(text: string): URL {
  const url = text.length > URL_CHARACTERS_MAX || UNCLEAR.test(text) ? null : URL.parse(text);
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url === null || !isWeb || url.username !== '' || url.password !== '' || url.hostname === '')
    throw new EgressError('EGRESS_URL_REFUSED', 'the URL is not an http or https URL without a user and a password');
  url.hash = '';
  return url;
}

/**
 * Returns where a response redirects to; null when it does not. Throws EGRESS_REDIRECT_REFUSED from https to http and for a
 * location that is no URL.
 */
export function redirectOf(status: number, location: string | string[] | undefined, from: URL): URL | null {
  if (!REDIRECTS.has(status) || location === undefined) return null;
  const next = typeof location === 'string' ? URL.parse(location, from.href) : null;
  if (next === null)
    throw new EgressError('EGRESS_REDIRECT_REFUSED', 'the response redirects to something that is no URL');
  if (from.protocol === 'https:' && next.protocol !== 'https:')
    throw new EgressError('EGRESS_REDIRECT_REFUSED', 'the response redirects from https to another scheme');
  return next;
}

/** Returns the method after a redirect. Source: RFC 9110, 15.4; the Fetch standard, HTTP-redirect fetch. */
export const methodAfter = (status: number, method: string): string =>
  (status === 303 && method !== 'HEAD') || ((status === 301 || status === 302) && method === 'POST') ? 'GET' : method;
