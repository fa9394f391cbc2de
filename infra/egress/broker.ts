import { type Clock, systemClock } from '../kit/clock.ts';
import type { SecretSource } from '../security/secret-source.ts';
import { bodyWithin, bytesOf } from './body.ts';
import { egressErrorOf } from './error-of.ts';
import { EgressError } from './errors.ts';
import { forwardedHeaders, type HeaderList, withoutHeaders } from './headers.ts';
import { draftOf, type HopParts, type HopResponse, keep, send } from './hop.ts';
import { createPools } from './pools.ts';
import { noPrivateHosts, type PrivateHosts } from './private-hosts.ts';
import type { EgressRecord } from './record.ts';
import { type ResolveName, resolveWithSystem } from './resolve.ts';
import { type EgressRule, ruleFinder } from './rule.ts';
import { methodAfter, redirectOf, targetUrl } from './target.ts';

export interface EgressSettings {
  /** The hosts that may be reached; empty for none. */
  readonly allow: readonly EgressRule[];
  /** Hosts outside the internet that may be reached, from `KHIPU_EGRESS_PRIVATE_HOSTS`; default: none. */
  readonly allowPrivate?: PrivateHosts;
  readonly secrets: SecretSource;
  /** Takes the record of each request, before its response ends. A request that it rejects fails with EGRESS_UNRECORDED. */
  readonly onRequest: (record: EgressRecord) => void | Promise<void>;
  readonly resolve?: ResolveName;
  /** Further certificate authorities, PEM. */
  readonly certificateAuthorities?: readonly string[];
  /** Longest time to connect, ms; default: 5,000. */
  readonly connectMs?: number;
  readonly clock?: Clock;
}

export interface EgressRequest {
  /** The tool call that asks; null for the platform itself. */
  readonly callId: string | null;
  readonly method: string;
  /** Absolute http or https URL. */
  readonly url: string;
  readonly headers?: HeaderList;
  readonly body?: Uint8Array | AsyncIterable<Uint8Array> | null;
  /** `follow`, the default: at most 5 redirects, each checked as a request of its own. `return`: a redirect is the response. */
  readonly redirect?: 'follow' | 'return';
  /** Longest time for everything until the body has ended, ms; default: 30,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface EgressResponse {
  readonly status: number;
  /** Names in lower case; without headers of the connection, length and encoding. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** URL of the last redirect. */
  readonly url: string;
  /** Decoded body. It fails with EgressError, and ends after the request is recorded. */
  readonly body: HopResponse['body'];
  /** Reads the whole body, at most `maxResponseBytes` of the rule. */
  bytes(): Promise<Buffer>;
}

export interface Egress {
  /**
   * Sends a request and resolves with status and headers. Rejects with EgressError: EGRESS_HOST_REFUSED and
   * EGRESS_METHOD_REFUSED by the rules, EGRESS_ADDRESS_REFUSED by the address, EGRESS_REQUEST_TOO_LARGE, EGRESS_TIMEOUT …
   */
  fetch(request: EgressRequest): Promise<EgressResponse>;
  /** Ends every connection. */
  close(): Promise<void>;
}

const REDIRECTS_MAX = 5;
const TIMEOUT_MS = 30_000;
const CONNECT_MS = 5_000;

/**
 * Returns the broker through which every request to the outside goes: the one way out of a sandbox, and the way of declared
 * tools, MCP, webhooks and OAuth discovery. It resolves names itself, refuses addresses outside the internet, connects to the
 * address that it checked, and reads no variable of a proxy. Throws TypeError for a rule that is malformed. Source: the OWASP
 * cheat sheet on server-side request forgery.
 */
export function createEgress(settings: EgressSettings): Egress {
  const pools = createPools({
    connectMs: settings.connectMs ?? CONNECT_MS,
    certificateAuthorities: settings.certificateAuthorities ?? [],
  });
  const parts: HopParts = {
    ruleOf: ruleFinder(settings.allow),
    privateHosts: settings.allowPrivate ?? noPrivateHosts,
    resolve: settings.resolve ?? resolveWithSystem,
    clock: settings.clock ?? systemClock,
    ...{ secrets: settings.secrets, onRequest: settings.onRequest, pools },
  };
  return { fetch: (request) => follow(request, parts), close: () => pools.close() };
}

async function firstUrl(request: EgressRequest, parts: HopParts): Promise<URL> {
  try {
    return targetUrl(request.url);
  } catch (error) {
    const refusal = egressErrorOf(error);
    await keep(
      draftOf({ callId: request.callId, number: 0, url: null, method: request.method }, parts.clock),
      refusal,
      parts,
    );
    throw refusal;
  }
}

/** Aborts with an EgressError as its reason. */
function limitOf({ timeoutMs = TIMEOUT_MS, signal }: EgressRequest): AbortSignal {
  const limit = new AbortController();
  const timer = setTimeout(
    () => limit.abort(new EgressError('EGRESS_TIMEOUT', `the request took more than ${timeoutMs} ms`)),
    timeoutMs,
  );
  timer.unref();
  const stop = (): void => limit.abort(new EgressError('EGRESS_STOPPED', 'the caller gave the request up'));
  if (signal?.aborted === true) stop();
  signal?.addEventListener('abort', stop, { once: true, signal: limit.signal });
  return limit.signal;
}

async function follow(request: EgressRequest, parts: HopParts): Promise<EgressResponse> {
  const signal = limitOf(request);
  let url = await firstUrl(request, parts);
  let method = request.method;
  let content: Buffer | null = null;
  let drop = { sensitive: false, body: false };
  for (let number = 0; ; number += 1) {
    const answer: HopResponse = await send(
      {
        ...{ callId: request.callId, number, url, method, signal, mayHaveCredential: !drop.sensitive },
        headers: () => withoutHeaders(forwardedHeaders(request.headers ?? {}), drop),
        body: async ({ maxRequestBytes }) => {
          content = await bodyWithin(drop.body ? null : (content ?? request.body ?? null), maxRequestBytes);
          return content;
        },
      },
      parts,
    );
    const next = request.redirect === 'return' ? null : nextOf(answer, url, number);
    if (next === null)
      return {
        status: answer.status,
        headers: answer.headers,
        url: url.href,
        body: answer.body,
        bytes: () => bytesOf(answer.body),
      };
    await bytesOf(answer.body);
    const after = methodAfter(answer.status, method);
    drop = { sensitive: drop.sensitive || next.origin !== url.origin, body: drop.body || after !== method };
    [url, method] = [next, after];
  }
}

function nextOf(answer: HopResponse, url: URL, number: number): URL | null {
  try {
    const next = redirectOf(answer.status, answer.location, url);
    if (next !== null && number === REDIRECTS_MAX)
      throw new EgressError('EGRESS_REDIRECT_REFUSED', `the response redirects more than ${REDIRECTS_MAX} times`);
    return next === null ? null : targetUrl(next.href);
  } catch (error) {
    answer.body.destroy(egressErrorOf(error));
    throw error;
  }
}
