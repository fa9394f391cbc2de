import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { privateHostsOf } from '../../infra/egress/private-hosts.ts';
import { startServer, type TestServer } from '../../infra/egress/testing.ts';
import { pythonPath } from '../../infra/sandbox/process/host.ts';
import { processTierLacks } from '../../infra/sandbox/process/probe.ts';
import type { ToolRun } from '../../infra/tools/adapters/port.ts';
import { programAdapter } from '../../infra/tools/adapters/program.ts';
import { type Manifest, manifestSchema } from '../../infra/tools/manifest/manifest.ts';

const isRequired = process.env['KHIPU_TEST_SANDBOX'] === 'required';
const lacks = [...(await processTierLacks()), ...(pythonPath() === null ? ['/usr/bin/python3 is not there'] : [])];

const code = `
import http.client, json, os, socket, sys
class Broker(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(fileno=int(os.environ['KHIPU_EGRESS_FD'])); self.sock.setblocking(True)
given = json.load(sys.stdin)
broker = Broker('broker')
broker.request('GET', given['url'])
answer = broker.getresponse()
print(json.dumps({'status': answer.status, 'body': answer.read().decode()[:200]}))
`;

describe.skipIf(lacks.length > 0 && !isRequired)(
  `the program of a tool in the tier process${lacks.length > 0 ? ` (skipped: ${lacks.join('; ')})` : ''}`,
  () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startServer();
    });
    afterAll(() => server.close());

    const manifestOf = (changes: Partial<Manifest> = {}): Manifest =>
      manifestSchema.parse({
        ...{ name: 'look', version: '1', description: 'Looks', adapter: 'program', tier: 'process', effect: 'read' },
        ...{ input_schema: {}, output_schema: {}, config: { language: 'python', code } },
        hosts: [{ host: `127.0.0.1:${server.port}`, methods: ['GET'], scheme: 'http' }],
        ...changes,
      });
    const adapter = programAdapter({
      ...{ secretsDir: '/none', secrets: { resolve: async () => '' }, onRequest: () => undefined },
      allowPrivate: privateHostsOf('127.0.0.1/32') ?? { names: new Set<string>(), ranges: [] },
    });
    const run = (args: Record<string, unknown>): ToolRun => ({
      ...{
        callId: 'call-1',
        tenantId: 'acme',
        principal: 'key-1',
        decisionId: 'd',
        sessionId: null,
        place: null,
        labels: [],
        arguments: args,
        idempotencyKey: 'k',
        timeoutMs: 60_000,
      },
      signal: new AbortController().signal,
    });

    it('reaches the hosts of its manifest through the broker, and each request is recorded', async () => {
      const tool = adapter.connect(manifestOf(), 'acme');
      const url = `http://127.0.0.1:${server.port}/a`;
      expect(await tool.execute(run({ url }))).toEqual({ output: { status: 200, body: 'hello' } });
      const { output } = await tool.execute(run({ url: 'http://127.0.0.1:1/b' }));
      expect(output).toMatchObject({ status: 403, body: expect.stringContaining('EGRESS_HOST_REFUSED') as string });
      expect(tool.requests('call-1').map(({ outcome, path }) => [outcome, path])).toEqual([
        ['answered', '/a'],
        ['refused', '/b'],
      ]);
      await tool.close();
    });

    it('has no way out without hosts, and fails for what its caller can read', async () => {
      const tool = adapter.connect(manifestOf({ hosts: [] }), 'acme');
      await expect(tool.execute(run({ url: 'http://127.0.0.1/' }))).rejects.toMatchObject({
        ...{ code: 'TOOL_PROGRAM_FAILED', effect: 'none' },
        message: expect.stringContaining('KHIPU_EGRESS_FD') as string,
      });
      await tool.close();
    });

    it('answers with JSON alone', async () => {
      const config = { argv: ['/bin/sh', '-c', 'echo hi'] };
      const tool = adapter.connect(manifestOf({ config, hosts: [] }), 'acme');
      await expect(tool.execute(run({}))).rejects.toMatchObject({ code: 'TOOL_ANSWER_INVALID', effect: 'done' });
      await tool.close();
    });
  },
);
