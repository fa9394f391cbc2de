import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { serveEgress } from '../../infra/egress/serve.ts';
import { startServer, testEgress } from '../../infra/egress/testing.ts';
import { runCode } from '../../infra/sandbox/code-run.ts';
import { examineSandboxes } from '../../infra/sandbox/doctor.ts';
import { kernelTierLacks } from '../../infra/sandbox/kernel/probe.ts';
import { openSandbox } from '../../infra/sandbox/open.ts';
import { pythonPath, sandboxUid } from '../../infra/sandbox/process/host.ts';
import { processTierLacks } from '../../infra/sandbox/process/probe.ts';
import { openWorkspace } from '../../infra/sandbox/workspace.ts';

const isRequired = process.env['KHIPU_TEST_SANDBOX'] === 'required';
const noPython = pythonPath() === null ? ['/usr/bin/python3 is not there'] : [];
const tiers = [
  ['process', [...(await processTierLacks()), ...noPython]],
  ['kernel', [...(await kernelTierLacks()), ...noPython]],
] as const;
const titleOf = (tier: string, lacks: readonly string[]): string =>
  `${tier}${lacks.length > 0 ? ` (skipped: ${lacks.join('; ')})` : ''}`;

const folders: string[] = [];
function folderOfSandboxes(): string {
  const path = mkdtempSync(join(tmpdir(), 'khipu-programs-'));
  folders.push(path);
  const uid = sandboxUid();
  if (uid !== null) chownSync(path, uid, uid);
  return path;
}
afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true });
});

describe.each(tiers)('a program of the tier %s', (tier, lacks) => {
  describe.skipIf(lacks.length > 0 && !isRequired)(titleOf(tier, lacks), () => {
    it('reads its input and its files, and says how it ended', async () => {
      const argv = ['/bin/sh', '-c', 'cat /files/a/b.txt -; echo no >&2; exit 3'] as const;
      const result = await openSandbox({
        tier,
        program: { argv },
        input: 'in',
        files: { 'a/b.txt': Buffer.from('file ') },
        limits: { wallMs: 60_000 },
      });
      expect(result).toMatchObject({
        exit: 3,
        output: 'file in',
        errors: 'no\n',
        error: { code: 'SANDBOX_PROGRAM_FAILED' },
      });
      expect(result.walls).toMatchObject({
        tier,
        seccomp: true,
        rlimits: true,
        network: 'none',
        ownKernel: tier === 'kernel',
      });
      expect(result.usage.wallMs).toBeGreaterThan(0);
    });

    it.each([
      ['javascript', 'console.log([1, 2].map((n) => n * 2).join())', '2,4\n'],
      ['python', 'print([n * 2 for n in (1, 2)])', '[2, 4]\n'],
    ] as const)('is written in %s', async (language, code, output) => {
      expect(await openSandbox({ tier, program: { language, code }, limits: { wallMs: 60_000 } })).toMatchObject({
        output,
        error: null,
      });
    });

    it('keeps its workspace, within its bound', async () => {
      const workspace = folderOfSandboxes();
      const write = (bytes: number) =>
        [
          '/bin/sh',
          '-c',
          `cat /workspace/* 2>/dev/null; head -c ${bytes} /dev/zero > /workspace/kept && sleep 2`,
        ] as const;
      const open = (argv: readonly [string, ...string[]]) =>
        openSandbox({ tier, program: { argv }, workspace, limits: { diskBytes: 1_000_000, wallMs: 60_000 } });
      expect(await open(write(5))).toMatchObject({ error: null, output: '' });
      expect(readFileSync(join(workspace, 'kept'))).toHaveLength(5);
      expect(await open(write(6))).toMatchObject({ error: null, output: '\0'.repeat(5) });
      expect((await open(write(2_000_000))).error).not.toBeNull();
      const parts = 'for n in 1 2 3; do head -c 600000 /dev/zero > /workspace/$n; done; sleep 20';
      expect((await open(['/bin/sh', '-c', parts])).error?.code).toBe('SANDBOX_DISK_EXCEEDED');
    });
  });
});

describe.each([['wasm', []], ...tiers] as const)('code of a model in the tier %s', (tier, lacks) => {
  describe.skipIf(lacks.length > 0 && !isRequired)(titleOf(tier, lacks), () => {
    it.each([
      ['javascript', 'console.log(1 + 2)'],
      ['python', 'print(1 + 2)'],
    ] as const)('is run in %s, and has no other way out than its output', async (language, code) => {
      const result = await runCode({ language, code }, { tier, limits: { wallMs: 60_000 } });
      expect(result).toMatchObject({ output: '3\n', error: null, files: [], walls: { tier, network: 'none' } });
    });

    it('is refused when it is too large', async () => {
      for (const run of [{ code: 'ä'.repeat(40_000) }, { code: '1', input: 'x'.repeat(262_145) }])
        await expect(runCode({ language: 'python', ...run }, { tier })).rejects.toMatchObject({
          code: 'SANDBOX_REQUEST_INVALID',
        });
    });

    it.runIf(tier !== 'wasm')('leaves files for the next run, and none outside', async () => {
      const workspace = await openWorkspace(folderOfSandboxes(), 'session-1');
      const run = (code: string) =>
        runCode({ language: 'python', code }, { tier, workspace, limits: { wallMs: 60_000 } });
      const first = await run(
        `import os\nos.makedirs('/workspace/out')\nopen('/workspace/out/kept', 'w').write('kept')\nos.symlink('/proc/self/environ', '/workspace/link')`,
      );
      expect(first).toMatchObject({ error: null, files: ['out/kept'] });
      expect(await run(`print(open('/workspace/out/kept').read())`)).toMatchObject({ output: 'kept\n' });
      expect((await workspace.read('out/kept', 100)).toString()).toBe('kept');
      await expect(workspace.read('link', 1_000)).rejects.toMatchObject({ code: 'SANDBOX_REQUEST_INVALID' });
    });
  });
});

describe.each(tiers)('the egress broker in the tier %s', { timeout: 300_000 }, (tier, missing) => {
  describe.skipIf(missing.length > 0 && !isRequired)(titleOf('a sandbox', missing), () => {
    const code = `
import http.client, json, os, socket
class Broker(http.client.HTTPConnection):
    def connect(self):
        given = os.environ
        if 'KHIPU_EGRESS_FD' in given:
            self.sock = socket.socket(fileno=int(given['KHIPU_EGRESS_FD']))
        else:
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.connect(given['KHIPU_EGRESS_SOCKET'])
        self.sock.setblocking(True)
broker = Broker('broker')
for url in json.load(open('/files/urls')):
    broker.request('GET', url, headers={'Host': 'broker'})
    answer = broker.getresponse()
    print(answer.status, answer.read().decode())
    if answer.will_close: break
`;

    it('is the only way out, and holds the credential', async () => {
      const server = await startServer();
      const host = `tool.test:${server.port}`;
      const credential = { secret: { from: 'environment', name: 'TOOL' } } as const;
      const rule = {
        host,
        scheme: 'http',
        methods: ['GET'],
        maxRequestBytes: 0,
        maxResponseBytes: 1_000,
        credential,
      } as const;
      const egress = testEgress({ allow: [rule] }, { 'tool.test': ['127.0.0.1'] });
      const egressSocket = join(folderOfSandboxes(), 'egress.sock');
      const socket = await serveEgress({ egress, path: egressSocket, callId: 'call-9' });
      const urls = [`http://${host}/v1/one`, `http://${host}/v1/two`, 'http://169.254.169.254/latest/'];
      try {
        const files = { urls: Buffer.from(JSON.stringify(urls)) };
        const result = await openSandbox({
          tier,
          program: { language: 'python', code },
          files,
          egressSocket,
          limits: { wallMs: 60_000 },
        });
        expect(result.errors).toBe('');
        expect(result.output.split('\n').slice(0, 2)).toEqual(['200 hello', '200 hello']);
        expect(result.output).toContain('EGRESS_HOST_REFUSED');
        expect(result.walls.network).toBe('egress');
        expect(server.seen.map(({ headers }) => headers.authorization)).toEqual(Array(2).fill('Bearer secret-of-TOOL'));
        expect(JSON.stringify(result)).not.toContain('secret-of-TOOL');
        expect(egress.records.map(({ callId, outcome, code: refusal }) => [callId, outcome, refusal])).toEqual([
          ...Array(2).fill(['call-9', 'answered', null]),
          ['call-9', 'refused', 'EGRESS_HOST_REFUSED'],
        ]);
      } finally {
        await socket.close();
        await egress.close();
        await server.close();
      }
    });

    it('that does not answer ends the start', async () => {
      const missing = join(folderOfSandboxes(), 'none.sock');
      await expect(openSandbox({ tier, program: { argv: ['true'] }, egressSocket: missing })).rejects.toMatchObject({
        code: 'SANDBOX_START_FAILED',
      });
    });
  });
});

it('the doctor reports the tiers that a sandbox is opened in', async () => {
  const { tiers: found } = await examineSandboxes();
  expect(found.map(({ tier }) => tier)).toEqual(['wasm', 'process', 'kernel']);
  for (const { tier, available, languages, lacks } of found) {
    expect(available).toBe(tier === 'wasm' || lacks.length === 0);
    const program = { language: languages[0] ?? 'javascript', code: '1' } as const;
    const opened = openSandbox({ tier, program, limits: { wallMs: 60_000 } });
    if (available) expect((await opened).walls.tier).toBe(tier);
    else await expect(opened).rejects.toMatchObject({ code: 'SANDBOX_UNAVAILABLE' });
  }
});

it('a program that needs the broker is not run in a tier without a way to it', async () => {
  const program = { language: 'python', code: '1' } as const;
  await expect(openSandbox({ tier: 'wasm', program, egressSocket: '/run/none.sock' })).rejects.toMatchObject({
    code: 'SANDBOX_REQUEST_INVALID',
  });
});
