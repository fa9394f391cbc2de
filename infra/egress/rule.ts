import type { SecretReference } from '../models/registry/provider-declaration.ts';
import { EgressError } from './errors.ts';

/** A token that is asked for while requests are made, such as one of OAuth. It is kept in memory alone. */
export interface TokenSource {
  readonly from: 'token';
  /** Returns the token in force; null without one. */
  current(): string | null;
}

/** A credential that the broker attaches outside the sandbox. */
export interface EgressCredential {
  /** By reference; or a token that changes, which is null before there is one: then nothing is attached. */
  readonly secret: SecretReference | TokenSource;
  /** Header that carries it; default: `authorization`. */
  readonly header?: string;
  /** Text before the secret; default: `Bearer ` for `authorization`, else none. */
  readonly prefix?: string;
}

/** One host that may be reached. */
export interface EgressRule {
  /** Host name, address, or `*.` and a name of two labels or more for every name below it; then `:port` if not the usual one. */
  readonly host: string;
  /** Default: https. */
  readonly scheme?: 'https' | 'http';
  /** Such as GET; upper case. */
  readonly methods: readonly string[];
  /** Largest request body, in bytes; at most 16 MiB. */
  readonly maxRequestBytes: number;
  /** Largest response body after decompression, in bytes; at most 256 MiB. */
  readonly maxResponseBytes: number;
  readonly credential?: EgressCredential;
}

export const MAX_REQUEST_BYTES = 16 * 1024 * 1024;
export const MAX_RESPONSE_BYTES = 256 * 1024 * 1024;

/** Methods that open a tunnel or echo the request, credential included. */
const NEVER: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK']);
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** A rule as requests are compared with it. */
interface KnownRule {
  readonly rule: EgressRule;
  readonly scheme: 'https' | 'http';
  /** For a wildcard, `.` and the name that hosts end in. */
  readonly host: string;
  readonly isWildcard: boolean;
  readonly port: string;
}

const bounded = (value: number, max: number): boolean => Number.isSafeInteger(value) && value >= 0 && value <= max;

/** Returns the host of a URL as it is compared: lower case, without brackets and a final dot. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');

function knownRule(rule: EgressRule): KnownRule {
  const scheme = rule.scheme ?? 'https';
  const isWildcard = rule.host.startsWith('*.');
  const url = URL.parse(`${scheme}://${isWildcard ? rule.host.slice(2) : rule.host}/`);
  const plain = url !== null && url.username === '' && url.password === '' && url.pathname === '/' && url.search === '';
  if (!plain || url.hostname.includes('*') || (isWildcard && !/[a-z].*\.[a-z]/.test(url.hostname)))
    throw new TypeError(`egress rule ${rule.host}: expected a host, or *. and a name of two labels or more`);
  if (rule.methods.length === 0 || rule.methods.some((each) => NEVER.has(each) || !/^[A-Z]+$/.test(each)))
    throw new TypeError(`egress rule ${rule.host}: expected methods in upper case, without CONNECT and TRACE`);
  if (!bounded(rule.maxRequestBytes, MAX_REQUEST_BYTES) || !bounded(rule.maxResponseBytes, MAX_RESPONSE_BYTES))
    throw new TypeError(`egress rule ${rule.host}: expected at most 16 MiB of request and 256 MiB of response`);
  if (rule.credential?.header !== undefined && !TOKEN.test(rule.credential.header))
    throw new TypeError(`egress rule ${rule.host}: expected the name of a header for its credential`);
  const host = hostOf(url);
  return { rule, scheme, host: isWildcard ? `.${host}` : host, isWildcard, port: url.port };
}

/**
 * Returns the rule for a request by its URL and method. An exact host is preferred to a wildcard, then the order of rules
 * counts. It throws EGRESS_HOST_REFUSED without a rule for scheme, host and port, and EGRESS_METHOD_REFUSED when no such
 * rule has the method. Throws TypeError at once for a rule that is malformed.
 */
export function ruleFinder(rules: readonly EgressRule[]): (url: URL, method: string) => EgressRule {
  const known = rules.map(knownRule).sort((one, other) => Number(one.isWildcard) - Number(other.isWildcard));
  return (url, method) => {
    const host = hostOf(url);
    const ofHost = known.filter(
      (each) =>
        `${each.scheme}:` === url.protocol &&
        each.port === url.port &&
        (each.isWildcard ? host.endsWith(each.host) && host.length > each.host.length : host === each.host),
    );
    if (ofHost.length === 0)
      throw new EgressError('EGRESS_HOST_REFUSED', `${url.protocol}//${url.host} is not allowed`);
    const found = ofHost.find(({ rule }) => rule.methods.includes(method));
    if (found === undefined) throw new EgressError('EGRESS_METHOD_REFUSED', `${method} is not allowed for ${url.host}`);
    return found.rule;
  };
}
