import type { RequestListener } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EgressRecord } from '../../../egress/record.ts';
import { startServer, type TestServer } from '../../../egress/testing.ts';
import { ToolError } from '../../errors.ts';
import { type Manifest, manifestSchema } from '../../manifest/manifest.ts';
import { mcpAdapter } from './adapter.ts';
import { CONTENT_SCHEMA } from './content.ts';
import { definitionDigest } from './definition.ts';
import { nameFor, plainText } from './offers.ts';
import { httpServerOf, localParts, offersOf, runWith } from './testing.ts';

/** A server that answers as a test says, by the method of the request. */
let server: TestServer;
const records: EgressRecord[] = [];
const parts = localParts({ onRequest: (record) => void records.push(record) });
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

type Answers = Readonly<Record<string, unknown>>;
const TOOL = { name: 'echo', description: 'Repeats', inputSchema: { type: 'object' } };
const cached = { ttlMs: 0, cacheScope: 'private' };
const discovered = {
  ...{ resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, ...cached },
  serverInfo: { name: 'hostile', version: '1' },
};
const listed = { resultType: 'complete', tools: [TOOL], ...cached };

/** Returns what answers each method with its result, as text where the answer is text. */
const answering =
  (answers: Answers): RequestListener =>
  (_request, response) => {
    const { id, method = '' } = JSON.parse(server.seen.at(-1)?.body || '{}') as { id?: number; method?: string };
    const all: Answers = { 'server/discover': discovered, 'tools/list': listed, ...answers };
    const result = all[method];
    response.writeHead(200, { 'content-type': 'application/json' });
    if (typeof result === 'string') response.end(result.replace('"ID"', String(id)));
    else
      response.end(
        JSON.stringify({
          jsonrpc: '2.0',
          id,
          ...(result === undefined ? { error: { code: -32_601, message: 'no' } } : { result }),
        }),
      );
  };

const manifest = (changes: Partial<Manifest> = {}): Manifest => {
  const base = httpServerOf({ url: `http://127.0.0.1:${server.port}/mcp`, host: `127.0.0.1:${server.port}` });
  return manifestSchema.parse({
    ...{ ...base, output_schema: CONTENT_SCHEMA, limits: { max_response_bytes: 20_000 } },
    config: { ...base.config, tool: 'echo', definition: definitionDigest(TOOL) },
    ...changes,
  });
};
async function call(answers: Answers | RequestListener, run = runWith({ text: 'x' })): Promise<unknown> {
  server.answer(typeof answers === 'function' ? answers : answering(answers));
  const connected = mcpAdapter(parts).connect(manifest(), 'acme');
  try {
    return await connected.execute(run).catch((error: unknown) => error);
  } finally {
    await connected.close();
  }
}
const error = (code: string, effect: string) => expect.objectContaining({ code, effect });
const text = (value: string) => ({ resultType: 'complete', content: [{ type: 'text', text: value }] });

/** Each call connects; a busy machine takes its time. */
const BUSY = { timeout: 120_000 };

describe('a server that is hostile', BUSY, () => {
  it('is called when it behaves', async () => {
    expect(await call({ 'tools/call': text('hi') })).toEqual({ output: { content: [{ type: 'text', text: 'hi' }] } });
  });

  it('cannot answer with more than the manifest takes, whole or in pieces', async () => {
    expect(await call({ 'tools/call': text('x'.repeat(30_000)) })).toEqual(error('TOOL_OUTPUT_TOO_LARGE', 'unknown'));
    const endless: RequestListener = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const write = (): void => {
        if (!response.destroyed) response.write(`: ${'x'.repeat(1_000)}\n\n`, () => setImmediate(write));
      };
      write();
    };
    expect(await call(endless)).toEqual(error('TOOL_OUTPUT_TOO_LARGE', 'none'));
  });

  it('cannot hold a call longer than its time, by silence or by drops', async () => {
    const run = runWith({}, { timeoutMs: 400 });
    expect(await call(() => undefined, run)).toEqual(error('TOOL_TIMEOUT', 'none'));
    const slowly: RequestListener = (request, response) => {
      if (!server.seen.at(-1)?.body.includes('tools/call')) return answering({})(request, response);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const timer = setInterval(() => response.write(': wait\n\n'), 20);
      response.on('close', () => clearInterval(timer));
    };
    expect(await call(slowly, run)).toEqual(error('TOOL_TIMEOUT', 'unknown'));
  });

  it('cannot lead a request to another address', async () => {
    const before = server.seen.length;
    for (const location of ['http://169.254.169.254/latest/meta-data', 'http://127.0.0.1:1/', '/elsewhere']) {
      const redirect: RequestListener = (_request, response) => void response.writeHead(307, { location }).end();
      expect(await call(redirect)).toEqual(error('TOOL_REFUSED', 'none'));
    }
    expect(server.seen.slice(before).map(({ path }) => path)).toEqual(['/mcp', '/mcp', '/mcp']);
    expect(new Set(records.map(({ host, port }) => `${host}:${port}`))).toEqual(new Set([`127.0.0.1:${server.port}`]));
  });

  it('cannot nest what it says without a bound', async () => {
    const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    const answer = (levels: number) =>
      `{"jsonrpc":"2.0","id":"ID","result":{"resultType":"complete","content":[],"structuredContent":{"a":${deep(levels)}}}}`;
    for (const levels of [100, 9_000])
      expect(await call({ 'tools/call': answer(levels) })).toEqual(error('TOOL_ANSWER_INVALID', 'done'));
    const schema = `{"jsonrpc":"2.0","id":"ID","result":{"resultType":"complete","ttlMs":0,"cacheScope":"private","tools":[{"name":"echo","inputSchema":{"type":"object","x":${deep(9_000)}}}]}}`;
    expect(await call({ 'tools/list': schema })).toEqual(error('TOOL_ANSWER_INVALID', 'none'));
  });

  it('cannot page its tools without an end', async () => {
    const endless = { ...listed, tools: [{ ...TOOL, name: 'other' }], nextCursor: 'more' };
    expect(await call({ 'tools/list': endless })).toEqual(error('TOOL_ANSWER_INVALID', 'none'));
  });

  it('cannot ask for input, hand out a task, or answer with what no revision knows', async () => {
    const asks = { resultType: 'input_required', inputRequests: { a: { method: 'roots/list', params: {} } } };
    expect(await call({ 'tools/call': asks })).toEqual(error('TOOL_INPUT_REQUIRED', 'unknown'));
    const task = { resultType: 'task', taskId: 't', status: 'working', createdAt: '', lastUpdatedAt: '', ttlMs: null };
    for (const result of [task, { resultType: 'complete', content: 'x' }, 7, { resultType: 'complete' }])
      expect(await call({ 'tools/call': result })).toEqual(error('TOOL_ANSWER_INVALID', 'unknown'));
    expect(await call({ 'tools/call': '<html>' })).toBeInstanceOf(ToolError);
  });

  it('never causes another request than those of the protocol, and never a rejection that is no ToolError', async () => {
    const answer = fc.oneof(fc.json(), fc.string(), fc.constant('{"jsonrpc":"2.0","id":"ID","result":{}}'));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('server/discover', 'tools/list', 'tools/call', 'initialize'),
        answer,
        async (method, given) => {
          const before = server.seen.length;
          const result = await call({ [method]: given }, runWith({}, { timeoutMs: 600 }));
          expect(result instanceof ToolError || 'output' in (result as object)).toBe(true);
          expect(server.seen.length - before).toBeLessThanOrEqual(6);
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('what a server offers', BUSY, () => {
  const offering = async (...tools: readonly object[]) => {
    server.answer(answering({ 'tools/list': { ...listed, tools } }));
    return offersOf(manifest({ limits: {} }), parts);
  };

  it('is shown without what a terminal obeys, and named as the platform names', () => {
    expect(plainText('a\u001b[2Jb\u202Ec\r\nd', 100)).toBe('a [2Jb c d');
    expect([nameFor('../../Übel TOOL'), nameFor('💀'), nameFor('a'.repeat(99)).length]).toEqual([
      'bel-tool',
      'tool',
      64,
    ]);
  });

  it('has no manifest where a schema has no bound, or says what this platform does not read', async () => {
    const { tools } = await offering(
      {
        ...TOOL,
        name: 'loop',
        inputSchema: { type: 'object', $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } },
      },
      {
        ...TOOL,
        name: 'slow',
        inputSchema: { type: 'object', properties: { a: { type: 'string', pattern: '(a+)+$' } } },
      },
      { ...TOOL, name: 'far', inputSchema: { type: 'object', $ref: 'http://169.254.169.254/' } },
      { ...TOOL, name: 'large', inputSchema: { type: 'object', description: 'x'.repeat(40_000) } },
      { ...TOOL, name: 'old', inputSchema: { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' } },
    );
    expect(tools.map(({ tool, problem, manifest: found }) => [tool, problem === null, found !== null])).toEqual([
      ...['far', 'large', 'loop'].map((name) => [name, false, false]),
      ['old', true, true],
      ['slow', false, false],
    ]);
  });

  it('is bounded, and says what was left off', async () => {
    const { tools, left_off } = await offering(
      ...Array.from({ length: 300 }, (_, nth) => ({ ...TOOL, name: `tool-${nth}`, description: 'x'.repeat(500) })),
    );
    expect(tools.length + left_off).toBe(300);
    expect(Buffer.byteLength(JSON.stringify(tools))).toBeLessThanOrEqual(200 * 1024);
  });
});
