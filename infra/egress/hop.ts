import { pipeline, type Readable, Transform } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Clock } from '../kit/clock.ts';
import { codeOf } from '../kit/errors.ts';
import type { SecretSource } from '../security/secret-source.ts';
import { decoderOf, limited, withoutSecret } from './body.ts';
import { type Attached, attachedCredential } from './credential.ts';
import { egressErrorOf, orAborted } from './error-of.ts';
import { EgressError, isFailure } from './errors.ts';
import { type HeaderList, returnedHeaders } from './headers.ts';
import type { Pools } from './pools.ts';
import type { PrivateHosts } from './private-hosts.ts';
import { type EgressRecord, targetOf } from './record.ts';
import { checkedAddresses, type ResolveName } from './resolve.ts';
import { type EgressRule, hostOf } from './rule.ts';

/** The parts of a broker that a request uses. */
export interface HopParts {
  readonly ruleOf: (url: URL, method: string) => EgressRule;
  readonly privateHosts: PrivateHosts;
  readonly secrets: SecretSource;
  readonly resolve: ResolveName;
  readonly pools: Pools;
  readonly clock: Clock;
  readonly onRequest: (record: EgressRecord) => void | Promise<void>;
}

/** One request to one URL. */
export interface Hop {
  readonly callId: string | null;
  readonly number: number;
  readonly url: URL;
  readonly method: string;
  readonly headers: () => Record<string, string | string[]>;
  /** Reads the body within the limit of a rule. */
  readonly body: (rule: EgressRule) => Promise<Buffer>;
  readonly mayHaveCredential: boolean;
  readonly signal: AbortSignal;
}

/** A response whose status and headers are there. */
export interface HopResponse {
  readonly status: number;
  readonly headers: Record<string, string | string[]>;
  readonly location: string | string[] | undefined;
  /** Ends after the request is recorded. Fails with EgressError. */
  readonly body: Readable;
}

type Draft = { -readonly [Field in keyof EgressRecord]: EgressRecord[Field] };

/** Begins the record of a request. */
export const draftOf = (
  request: {
    readonly callId: string | null;
    readonly number: number;
    readonly url: URL | null;
    readonly method: string;
  },
  clock: Clock,
): Draft => ({
  ...{ callId: request.callId, hop: request.number, at: clock.now(), method: request.method, ...targetOf(request.url) },
  ...{ address: null, hasCredential: false, status: null, requestBytes: 0, responseBytes: 0, durationMs: 0 },
  ...{ outcome: 'answered', code: null },
});

/** Ends the record of a request and hands it on. Rejects with EGRESS_UNRECORDED when it cannot be kept. */
export async function keep(
  draft: Draft,
  error: EgressError | null,
  parts: Pick<HopParts, 'clock' | 'onRequest'>,
): Promise<void> {
  draft.durationMs = Math.max(0, parts.clock.now() - draft.at);
  draft.code = error?.code ?? null;
  draft.outcome = error === null ? 'answered' : isFailure(error.code) ? 'failed' : 'refused';
  try {
    await parts.onRequest({ ...draft });
  } catch (cause) {
    throw new EgressError('EGRESS_UNRECORDED', 'the request cannot be recorded', { cause });
  }
}

/** The next address is tried after these: nothing was sent yet. */
const NOT_CONNECTED: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT'],
]);

/**
 * Sends one request: it finds its rule, checks headers, body and addresses, attaches the credential, and connects to the
 * checked address. Rejects with EgressError after the request is recorded.
 */
export async function send(hop: Hop, parts: HopParts): Promise<HopResponse> {
  const draft = draftOf(hop, parts.clock);
  try {
    const rule = parts.ruleOf(hop.url, hop.method);
    const headers = hop.headers();
    const body = await orAborted(hop.signal, hop.body(rule));
    draft.requestBytes = body.length;
    const addresses = await orAborted(hop.signal, checkedAddresses(hostOf(hop.url), parts.resolve, parts.privateHosts));
    for (const [n, address] of addresses.entries()) {
      draft.address = address;
      const credential =
        rule.credential === undefined || !hop.mayHaveCredential
          ? null
          : await attachedCredential(rule.credential, hop.url, address, parts.secrets);
      draft.hasCredential = credential !== null;
      if (credential !== null) headers[credential.header] = credential.value;
      try {
        const answer = await parts.pools.at(hop.url.origin, address).request({
          ...{ method: hop.method as Dispatcher.HttpMethod, path: hop.url.pathname + hop.url.search },
          ...{ headers: { ...headers, 'accept-encoding': 'identity' }, body: body.length === 0 ? null : body },
          ...{ signal: hop.signal, headersTimeout: 0, bodyTimeout: 0 },
        });
        return received(answer, { hop, rule, credential, draft, parts });
      } catch (error) {
        if (n + 1 === addresses.length || !NOT_CONNECTED.has(codeOf(error))) throw error;
      }
    }
    throw new EgressError('EGRESS_CONNECTION_FAILED', `${hop.url.host} has no address`);
  } catch (error) {
    const refusal = egressErrorOf(hop.signal.aborted ? hop.signal.reason : error);
    await keep(draft, refusal, parts);
    throw refusal;
  }
}

interface Sent {
  readonly hop: Hop;
  readonly rule: EgressRule;
  readonly credential: Attached | null;
  readonly draft: Draft;
  readonly parts: HopParts;
}

function received(answer: Dispatcher.ResponseData, sent: Sent): HopResponse {
  const { hop, rule, credential, draft } = sent;
  try {
    draft.status = answer.statusCode;
    if (credential !== null && repeats(answer.headers, credential.secret))
      throw new EgressError('EGRESS_CREDENTIAL_ECHOED', 'the response has the credential in it');
    const hasBody = hop.method !== 'HEAD' && answer.statusCode !== 204 && answer.statusCode !== 304;
    const decoder = hasBody ? decoderOf(answer.headers['content-encoding']) : null;
    if (hasBody && Number(answer.headers['content-length'] ?? 0) > rule.maxResponseBytes)
      throw new EgressError('EGRESS_RESPONSE_TOO_LARGE', `the response has more than ${rule.maxResponseBytes} bytes`);
    const stages = [
      ...(decoder === null ? [] : [decoder]),
      limited(rule.maxResponseBytes, (bytes) => {
        draft.responseBytes += bytes;
      }),
      ...(credential === null ? [] : [withoutSecret(credential.secret)]),
    ];
    const body = recorder(sent);
    pipeline([answer.body, ...stages, body], () => {});
    return {
      status: answer.statusCode,
      headers: returnedHeaders(answer.headers, ['content-encoding']),
      location: answer.headers['location'],
      body,
    };
  } catch (error) {
    answer.body.on('error', () => {}).destroy();
    throw error;
  }
}

const repeats = (headers: HeaderList, secret: string): boolean =>
  Object.entries(headers).some(
    ([name, value]) => name.includes(secret) || [value ?? ''].flat().some((each) => each.includes(secret)),
  );

/** Passes a body on, and records the request once when it ends, fails, is given up by its reader, or takes too long. */
function recorder({ hop, draft, parts }: Sent): Transform {
  let isKept = false;
  const passed = new Transform({
    transform: (chunk: Buffer, _encoding, done) => done(null, chunk),
    flush(done) {
      isKept = true;
      keep(draft, null, parts).then(() => done(), done);
    },
    destroy(error, done) {
      if (isKept) return done(error);
      isKept = true;
      const stopped = error ?? new EgressError('EGRESS_STOPPED', 'the response was not read to its end');
      const end = egressErrorOf(hop.signal.aborted ? hop.signal.reason : stopped);
      keep(draft, end, parts).then(() => done(end), done);
    },
  });
  const stop = (): void => void passed.destroy(egressErrorOf(hop.signal.reason));
  hop.signal.addEventListener('abort', stop, { once: true });
  passed.once('close', () => hop.signal.removeEventListener('abort', stop));
  // A reader may be gone when it fails.
  passed.on('error', () => {});
  return passed;
}
