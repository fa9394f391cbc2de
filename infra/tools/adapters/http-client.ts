import { join } from 'node:path';
import { TOOL_ARGUMENTS_BYTES_MAX, TOOL_OUTPUT_BYTES_DEFAULT } from '../../../schemas/contexts/tools.ts';
import type { EgressRequest } from '../../../schemas/generated/records.ts';
import { createEgress, type Egress, type EgressResponse, type EgressSettings } from '../../egress/broker.ts';
import { type EgressCode, EgressError } from '../../egress/errors.ts';
import type { EgressRecord } from '../../egress/record.ts';
import type { EgressRule, TokenSource } from '../../egress/rule.ts';
import { type EgressSocket, serveEgress } from '../../egress/serve.ts';
import { codeOf } from '../../kit/errors.ts';
import type { SecretReference } from '../../models/registry/provider-declaration.ts';
import { type EffectKnown, ToolError } from '../errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { REQUESTS_MAX, type ToolRun } from './port.ts';

/** What tools over HTTP need of their process. */
export interface HttpToolParts extends Pick<EgressSettings, 'allowPrivate' | 'secrets' | 'resolve'> {
  /** Folder of the secrets of tools: `<tenant>/<name>`, one file each. */
  readonly secretsDir: string;
  /** Takes the record of each request. */
  readonly onRequest: (record: EgressRecord) => void;
  /** Replaces the secret in a file, for a refresh token that changes with each use. Throws where it cannot be written. */
  readonly writeSecret?: (path: string, text: string) => void;
}

/** A request of a call. */
export interface ToolRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Text of the body; null without one. */
  readonly body: string | null;
}

/** An answer of the other side. */
export interface ToolResponse {
  readonly status: number;
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** Sends the requests of one tool through the egress broker. */
export interface ToolHttp {
  /** Sends a request. Rejects with ToolError. */
  send(request: ToolRequest, run: ToolRun): Promise<ToolResponse>;
  /** Sends a request and resolves as soon as status and headers are there; the body fails with EgressError. Rejects with ToolError. */
  open(request: ToolRequest, run: ToolRun): Promise<EgressResponse>;
  /** Opens a socket for the program of a call. */
  serve(path: string, run: ToolRun): Promise<EgressSocket>;
  requests(callId: string): readonly EgressRequest[];
  forget(callId: string): void;
  close(): Promise<void>;
}

/** Returns the rules of a manifest, with the secrets of its tenant by reference. */
function rulesOf(
  { hosts, credentials = [], limits }: Manifest,
  secretOf: (name: string) => SecretReference,
  token: TokenSource | undefined,
): EgressRule[] {
  return hosts.map(({ host, methods, scheme }) => {
    const found = credentials.find((each) => each.host === host);
    const secret = found?.oauth !== undefined && token !== undefined ? token : secretOf(found?.name ?? '');
    const { header, prefix } = found ?? {};
    return {
      ...{ host, methods, maxRequestBytes: TOOL_ARGUMENTS_BYTES_MAX },
      maxResponseBytes: limits?.max_response_bytes ?? TOOL_OUTPUT_BYTES_DEFAULT,
      ...(scheme !== undefined && { scheme }),
      ...(found !== undefined && {
        credential: { secret, ...(header !== undefined && { header }), ...(prefix !== undefined && { prefix }) },
      }),
    };
  });
}

/** Refusals of the broker after the request was sent: the effect may have taken place. */
const AFTER: ReadonlySet<EgressCode> = new Set([
  ...(['EGRESS_CREDENTIAL_ECHOED', 'EGRESS_ENCODING_REFUSED', 'EGRESS_REDIRECT_REFUSED'] as const),
  ...(['EGRESS_RESPONSE_INVALID', 'EGRESS_STOPPED', 'EGRESS_UNRECORDED'] as const),
]);
/** Errors of a connection that was not made: nothing was sent. */
const NOT_CONNECTED: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'UND_ERR_CONNECT_TIMEOUT'],
]);

/** Returns an error of the broker as one of the call. */
export function toolErrorOf(error: unknown): unknown {
  if (!(error instanceof EgressError)) return error;
  const { code, message, cause } = error;
  const as = (to: ToolError['code'], effect: EffectKnown, canRetry: boolean): ToolError =>
    new ToolError(to, `${code}: ${message}`, { effect, canRetry, cause: error });
  switch (code) {
    case 'EGRESS_TIMEOUT':
      return as('TOOL_TIMEOUT', 'unknown', true);
    case 'EGRESS_CONNECTION_FAILED':
      return as('TOOL_UNAVAILABLE', NOT_CONNECTED.has(codeOf(cause)) ? 'none' : 'unknown', true);
    case 'EGRESS_NAME_UNRESOLVED':
      return as('TOOL_UNAVAILABLE', 'none', true);
    case 'EGRESS_RESPONSE_TOO_LARGE':
      return as('TOOL_OUTPUT_TOO_LARGE', 'unknown', false);
    case 'EGRESS_CREDENTIAL_UNAVAILABLE':
      return as('TOOL_CREDENTIAL_UNAVAILABLE', 'none', false);
    default:
      return AFTER.has(code) ? as('TOOL_UNAVAILABLE', 'unknown', true) : as('TOOL_REQUEST_REFUSED', 'none', false);
  }
}

const requestOf = ({ host, port, ...record }: EgressRecord): EgressRequest => {
  const { method, path, pathDigest, address, status, requestBytes, responseBytes, durationMs, outcome, code } = record;
  return {
    ...{ method, host: host === null ? null : `${host}:${port}`, path, pathDigest, address, status },
    ...{ requestBytes, responseBytes, durationMs: Math.round(durationMs), outcome, code },
  };
};

/** Returns the reference of a secret of a tenant. */
export const toolSecret = (secretsDir: string, tenantId: string, name: string) =>
  ({ from: 'file', path: join(secretsDir, tenantId, name) }) as const;

/**
 * Returns the HTTP client of a tool; `token`: that of its credential of OAuth. Throws ToolError TOOL_INVALID for hosts that the
 * broker does not understand.
 */
export function toolHttp(manifest: Manifest, tenantId: string, parts: HttpToolParts, token?: TokenSource): ToolHttp {
  const made = new Map<string, EgressRequest[]>();
  const { secretsDir, onRequest, writeSecret: _write, ...settings } = parts;
  let egress: Egress;
  try {
    egress = createEgress({
      ...settings,
      allow: rulesOf(manifest, (name) => toolSecret(secretsDir, tenantId, name), token),
      onRequest(record) {
        const { callId } = record;
        if (callId !== null) {
          const requests = made.get(callId) ?? [];
          if (requests.length < REQUESTS_MAX) made.set(callId, [...requests, requestOf(record)]);
        }
        onRequest(record);
      },
    });
  } catch (cause) {
    throw new ToolError('TOOL_INVALID', 'the hosts of the manifest cannot be used', { effect: 'none', cause });
  }
  const open: ToolHttp['open'] = async (request, { callId, idempotencyKey, timeoutMs, signal }) => {
    try {
      return await egress.fetch({
        ...request,
        ...{ callId, timeoutMs, signal, redirect: 'return' },
        headers: { accept: 'application/json', ...request.headers, 'idempotency-key': idempotencyKey },
        body: request.body === null ? null : Buffer.from(request.body),
      });
    } catch (error) {
      throw toolErrorOf(error);
    }
  };
  return {
    open,
    async send(request, run) {
      const response = await open(request, run);
      try {
        const bytes = await response.bytes();
        const type = response.headers['content-type'];
        return { status: response.status, contentType: typeof type === 'string' ? type : '', bytes };
      } catch (error) {
        throw toolErrorOf(error);
      }
    },
    serve: (path, { callId, timeoutMs }) => serveEgress({ egress, path, callId, timeoutMs }),
    requests: (callId) => made.get(callId) ?? [],
    forget: (callId) => void made.delete(callId),
    close: () => egress.close(),
  };
}

/** Statuses after which nothing has happened, and another run may help. */
const LATER: ReadonlySet<number> = new Set([425, 429]);

/** Throws ToolError for an answer that is no success. A server that fails may have had the effect before. */
export function requireSuccess({ status }: ToolResponse): void {
  if (status >= 200 && status < 300) return;
  const detail = `The other side answered with status ${status}`;
  if (LATER.has(status)) throw new ToolError('TOOL_UNAVAILABLE', detail, { effect: 'none', canRetry: true });
  if (status === 408 || status >= 500)
    throw new ToolError('TOOL_UNAVAILABLE', detail, { effect: 'unknown', canRetry: true });
  throw new ToolError('TOOL_REFUSED', detail, { effect: 'none' });
}

/** Returns the content of a successful answer as a JSON value. Throws ToolError TOOL_ANSWER_INVALID. */
export function outputOf({ contentType, bytes }: ToolResponse): unknown {
  if (bytes.length === 0) return null;
  const text = bytes.toString('utf8');
  if (!/^application\/(?:[^;]*\+)?json\b/i.test(contentType)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new ToolError('TOOL_ANSWER_INVALID', 'The answer is not JSON, as its type says', { effect: 'done', cause });
  }
}
