/** Messages of the Model Context Protocol, as they are on the wire. */

import { until } from '../../support/api-client.ts';
import { signedTool } from '../../support/outside-service.ts';
import type { Harness } from '../http/support/harness.ts';

export const MODERN = '2026-07-28';
const TASKS = 'io.modelcontextprotocol/tasks';

/** A result or an error, with the status of HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly result: Readonly<Record<string, unknown>> & { readonly isError?: boolean };
  readonly error: {
    readonly code: number;
    readonly message: string;
    readonly data?: Readonly<Record<string, unknown>>;
  };
}

export interface Sending {
  readonly token?: string;
  readonly takesTasks?: boolean;
  /** It opens pages for its user: the `url` mode of elicitation. */
  readonly opensPages?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

const NAMES: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};

/** Sends one request of 2026-07-28 and resolves with its answer. */
export async function send(
  url: string,
  method: string,
  params: Readonly<Record<string, unknown>> = {},
  sending: Sending = {},
): Promise<Answer> {
  const { token, takesTasks = false, opensPages = false, headers = {} } = sending;
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': MODERN,
    'io.modelcontextprotocol/clientInfo': { name: 'wire-test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {
      ...(takesTasks && { extensions: { [TASKS]: {} } }),
      ...(opensPages && { elicitation: { url: {} } }),
    },
    ...(params['_meta'] as object | undefined),
  };
  const name = params[NAMES[method] ?? ''];
  const response = await fetch(`${url}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': MODERN,
      'mcp-method': method,
      ...(typeof name === 'string' && { 'mcp-name': name }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } }),
  });
  const body = (await response.json().catch(() => ({}))) as Partial<Answer>;
  return { status: response.status, headers: response.headers, ...body } as Answer;
}

/** Registers a tool with the first key of the platform. */
export async function register(
  platform: Harness,
  manifest: { readonly name: string },
  client = platform.api,
): Promise<void> {
  const body = signedTool(manifest, platform.config.keysDir);
  const { status } = await client.call('PUT', `/v1/tools/${manifest.name}`, { body });
  if (status !== 201) throw new Error(`${manifest.name} was not registered: ${status}`);
}

/** Resolves with a task when it has one of these states. */
export const taskIn = (url: string, taskId: string, sending: Sending, ...states: readonly string[]): Promise<Answer> =>
  until(
    () => send(url, 'tasks/get', { taskId }, { takesTasks: true, ...sending }),
    ({ result }) => states.includes(String(result?.['status'])),
    30_000,
  );
