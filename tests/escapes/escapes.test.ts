import { execFile, spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { makeCgroup } from '../../infra/sandbox/cgroup.ts';
import { kernelTierLacks } from '../../infra/sandbox/kernel/probe.ts';
import { openSandbox } from '../../infra/sandbox/open.ts';
import {
  defaultLimits,
  type SandboxLimits,
  type SandboxRequest,
  type SandboxResult,
} from '../../infra/sandbox/port.ts';
import { pythonPath, sandboxUid } from '../../infra/sandbox/process/host.ts';
import { processTierLacks } from '../../infra/sandbox/process/probe.ts';
import { planOf, prepare, runPlan } from '../../infra/sandbox/process/run.ts';
import { makeStage } from '../../infra/sandbox/stage.ts';
import { type Escape, escapes, OUTER } from './escapes.ts';
import { prelude, startOutside } from './outside.ts';

const run = promisify(execFile);
/** Continuous integration sets it: a machine without a tier fails there. */
const isRequired = process.env['KHIPU_TEST_SANDBOX'] === 'required';
const isRoot = process.getuid?.() === 0;
const lacks = {
  process: [...(await processTierLacks()), ...(pythonPath() === null ? ['/usr/bin/python3 is not there'] : [])],
  kernel: [...(await kernelTierLacks()), ...(pythonPath() === null ? ['/usr/bin/python3 is not there'] : [])],
};
const titleOf = (tier: 'process' | 'kernel'): string =>
  `the tier ${tier}${lacks[tier].length > 0 ? ` (skipped: ${lacks[tier].join('; ')})` : ''}`;
const isSkipped = (tier: 'process' | 'kernel'): boolean => lacks[tier].length > 0 && !isRequired;

let outside: Awaited<ReturnType<typeof startOutside>>;
beforeAll(async () => {
  process.env['KHIPU_ESCAPE_SECRET'] = 'secret';
  outside = await startOutside();
});
afterAll(async () => {
  delete process.env['KHIPU_ESCAPE_SECRET'];
  await outside.stop();
});

const requestOf = (each: Escape, tier: 'process' | 'kernel'): SandboxRequest => ({
  ...{ tier, files: { given: Buffer.from('given') }, limits: { wallMs: 30_000, ...each.limits } },
  program: { language: 'python', code: prelude + each.code(outside) },
});
const escaped = ({ output }: { readonly output: string }): boolean => output.includes('ESCAPED');
/** Processes of this machine whose command line has a text. */
const processesWith = (text: string): string[] =>
  readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(text);
    } catch {
      return false;
    }
  });

const parentOf = (pid: string): string =>
  readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1] ?? '';

/** Runs an escape with its wall taken away, within the outer limit. */
async function runWithout(each: Escape, without: NonNullable<Escape['without']>): Promise<SandboxResult> {
  const request = requestOf(each, 'process');
  const limits: SandboxLimits = { ...defaultLimits, ...request.limits, ...each.limitsWithout };
  // Without a change of user, the files belong to root.
  const stage = await makeStage(each.needsRoot === true ? null : sandboxUid());
  try {
    const whole = planOf(request, limits, await prepare(request, stage));
    await whole.cgroup?.remove();
    return await runPlan({ ...without(whole, outside), cgroup: makeCgroup(OUTER) }, request, limits, stage);
  } finally {
    await stage.remove();
  }
}

/** Reports whether the code succeeds outside every sandbox, as the user of sandboxes. */
async function succeedsOutside(each: Escape): Promise<boolean> {
  const uid = sandboxUid();
  const python = [
    '--nproc=500',
    `--data=${OUTER.memoryBytes}`,
    '/usr/bin/python3',
    '-I',
    '-c',
    prelude + each.code(outside),
  ];
  const { stdout } = await run('/usr/bin/prlimit', python, { ...(uid !== null && { uid, gid: uid }) }).catch(() => ({
    stdout: '',
  }));
  return stdout.includes('ESCAPED');
}

describe.skipIf(isSkipped('process'))(titleOf('process'), { timeout: 300_000 }, () => {
  it('is there', () => expect(lacks.process).toEqual([]));

  it.each(escapes.map((each) => [each.name, each] as const))('holds when %s', async (_name, each) => {
    const result = await openSandbox(requestOf(each, 'process'));
    expect(escaped(result), result.output).toBe(false);
    expect(result.error !== null || result.output.trim() === 'HELD', JSON.stringify(result)).toBe(true);
  });

  const removable = escapes.filter(({ without, needsRoot }) => without !== null && (isRoot || needsRoot !== true));
  it.each(removable.map((each) => [each.name, each] as const))(
    'without its wall lets through that %s',
    async (_name, each) => {
      if (each.without === null) throw new Error('it has no wall that can be taken away');
      const result = await runWithout(each, each.without);
      const expected = each.dependsOnKernel === true ? await succeedsOutside(each) : true;
      expect(escaped(result), JSON.stringify(result)).toBe(expected);
    },
  );

  describe('and its supervisor', () => {
    const one = fileURLToPath(new URL('one.ts', import.meta.url));
    const runOne = async (code: string, without: string): Promise<SandboxResult> => {
      // A descriptor that this process did not open: nothing has marked it.
      const script = 'exec 200</etc/passwd; exec "$@"';
      const args = [
        '-c',
        script,
        'one',
        process.execPath,
        '--disable-warning=ExperimentalWarning',
        one,
        prelude + code,
        without,
      ];
      return JSON.parse((await run('/usr/bin/bash', args)).stdout) as SandboxResult;
    };
    const reads = `attempt(lambda: b'root' in os.read(200, 1000))`;

    it('hands no descriptor on that it inherited itself', async () => {
      expect((await runOne(reads, '')).output).toBe('HELD\n');
      expect((await runOne(reads, 'descriptors')).output).toBe('ESCAPED\n');
    });

    it.each(['', 'parent'])('ends with all that it started (without the wall: %j)', async (without) => {
      const seconds = `99${Math.floor(Math.random() * 1_000_000)}`;
      const code = `import subprocess\nfor n in range(3): subprocess.Popen(['/usr/bin/sleep', '${seconds}'])\ntime.sleep(1000)`;
      const supervisor = spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', one, prelude + code, without],
        { stdio: 'ignore' },
      );
      const sleeping = () => processesWith(`sleep\0${seconds}`);
      await expect.poll(sleeping).toHaveLength(3);
      supervisor.kill('SIGKILL');
      if (without === '') await expect.poll(sleeping).toEqual([]);
      else {
        await new Promise((passed) => setTimeout(passed, 1_000));
        expect(sleeping()).toHaveLength(3);
        // The first process of the namespace, the parent of the program: with it all others end.
        process.kill(Number(parentOf(parentOf(sleeping()[0] ?? ''))), 'SIGKILL');
        await expect.poll(sleeping).toEqual([]);
      }
    });

    it('leaves no process of a program that is stopped', async () => {
      const seconds = `98${Math.floor(Math.random() * 1_000_000)}`;
      const code = `import subprocess\nfor n in range(9): subprocess.Popen(['/usr/bin/setsid', '/usr/bin/sleep', '${seconds}'])\ntime.sleep(1000)`;
      const stop = new AbortController();
      const stopped = openSandbox({
        tier: 'process',
        program: { language: 'python', code: prelude + code },
        signal: stop.signal,
        limits: { wallMs: 60_000 },
      });
      await expect.poll(() => processesWith(`sleep\0${seconds}`)).toHaveLength(9);
      stop.abort();
      expect((await stopped).error?.code).toBe('SANDBOX_STOPPED');
      expect(processesWith(`sleep\0${seconds}`)).toEqual([]);
    });
  });
});

describe.skipIf(isSkipped('kernel'))(titleOf('kernel'), { timeout: 300_000 }, () => {
  it('is there', () => expect(lacks.kernel).toEqual([]));

  const real = escapes.filter(({ ownKernelAnswers }) => ownKernelAnswers !== true);
  it.each(real.map((each) => [each.name, each] as const))('holds when %s', async (_name, each) => {
    const limits = { ...each.limits, wallMs: (each.limits?.wallMs ?? 30_000) + 1_000 };
    const result = await openSandbox({ ...requestOf(each, 'kernel'), limits });
    expect(escaped(result), result.output).toBe(false);
    expect(result.error !== null || result.output.trim() === 'HELD', JSON.stringify(result)).toBe(true);
  });

  describe('with the socket of the egress broker', () => {
    let broker: Server;
    let folder: string;
    const egressSocket = () => join(folder, 'broker.sock');
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'khipu-escapes-broker-'));
      // A connection that only looks whether it answers is ended at once.
      broker = createServer((socket) => socket.on('error', () => undefined).end('broker'));
      await new Promise<void>((listening) => broker.listen(egressSocket(), listening));
    });
    afterAll(() => {
      broker.close();
      rmSync(folder, { recursive: true, force: true });
    });
    const opened = (code: string, changes: Partial<SandboxRequest> = {}) =>
      openSandbox({
        ...{ tier: 'kernel', program: { language: 'python', code: prelude + code }, egressSocket: egressSocket() },
        ...{ limits: { wallMs: 60_000 }, ...changes },
      });
    const connects = (path: string) => `
def act():
    s = socket.socket(socket.AF_UNIX); s.connect('${path}')
attempt(act)`;

    it('reaches the broker, by that socket alone', async () => {
      const code = `
s = socket.socket(socket.AF_UNIX); s.connect(os.environ['KHIPU_EGRESS_SOCKET'])
print(s.recv(10).decode(), os.listdir('/egress'))`;
      const { output, walls } = await opened(code);
      expect([output, walls.network]).toEqual(["broker ['broker.sock']\n", 'egress']);
    });

    const ways = real.filter(({ name }) => /socket|server of the machine|datagram|file of the machine/.test(name));
    it('has no fewer ways to try than there are', () => expect(ways.length).toBeGreaterThanOrEqual(8));
    it.each(ways.map((each) => [each.name, each] as const))('holds when %s', async (_name, each) => {
      const { output } = await opened(each.code(outside));
      expect(output.trim()).toBe('HELD');
    });

    it.each([
      ['a socket is made beside that of the broker', `socket.socket(socket.AF_UNIX).bind('/egress/mine.sock')`],
      ['the socket of the broker is replaced', `os.rename('/egress/broker.sock', '/egress/other.sock')`],
      ['the socket of the broker is removed', `os.unlink('/egress/broker.sock')`],
      ['the rights of the socket are changed', `os.chmod('/egress/broker.sock', 0)`],
      ['a file is put beside it', `open('/egress/file', 'w')`],
    ])('holds when %s', async (_name, code) => {
      expect((await opened(`attempt(lambda: ${code})`)).output.trim()).toBe('HELD');
    });

    it('makes no socket that the machine sees in a workspace', async () => {
      const workspace = mkdtempSync(join(tmpdir(), 'khipu-escapes-workspace-'));
      const uid = sandboxUid();
      if (uid !== null) chownSync(workspace, uid, uid);
      await opened(
        `
s = socket.socket(socket.AF_UNIX)
try: s.bind('/workspace/mine.sock')
except OSError: pass
says(False)`,
        { workspace },
      );
      expect(readdirSync(workspace)).toEqual([]);
      rmSync(workspace, { recursive: true });
    });

    // With its folder mounted, the socket of another service is reached: the mounts are the wall, and the test would see it.
    it('is open without its walls', async () => {
      const workspace = outside.socketFolder;
      const code = connects('/workspace/service.sock');
      chmodSync(workspace, 0o755);
      expect((await opened(code, { workspace })).output.trim()).toBe('ESCAPED');
      // Without the broker, gVisor itself refuses every socket of the machine.
      const program = { language: 'python', code: prelude + code } as const;
      const closed = await openSandbox({ tier: 'kernel', program, workspace, limits: { wallMs: 60_000 } });
      expect(closed.output.trim()).toBe('HELD');
    });
  });

  it('holds when a program uses more processor time than it may', async () => {
    const program = { language: 'python', code: 'import os\nos.fork()\nwhile True: pass' } as const;
    const { error } = await openSandbox({ tier: 'kernel', program, limits: { cpuMs: 500, wallMs: 200_000 } });
    expect(error?.code).toBe('SANDBOX_CPU_EXCEEDED');
  });

  it('answers calls to the kernel with a kernel of its own', async () => {
    const { output, walls } = await openSandbox({
      tier: 'kernel',
      program: { argv: ['/bin/sh', '-c', 'dmesg; uname -r'] },
    });
    expect([walls.ownKernel, output.includes('Starting gVisor')]).toEqual([true, true]);
    expect(output.trim().split('\n').at(-1)).not.toBe(readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim());
  });

  it('leaves no process of a program that is stopped', async () => {
    const before = processesWith('runsc').length;
    const result = await openSandbox({
      tier: 'kernel',
      program: { argv: ['/usr/bin/sleep', '1000'] },
      limits: { wallMs: 3_000 },
    });
    expect(result.error?.code).toBe('SANDBOX_TIME_EXCEEDED');
    expect(processesWith('runsc')).toHaveLength(before);
  });
});

test('there are at least 25 escapes of each of both tiers', () => {
  expect(escapes.length).toBeGreaterThanOrEqual(25);
  expect(escapes.filter(({ ownKernelAnswers }) => ownKernelAnswers !== true).length).toBeGreaterThanOrEqual(25);
  expect(existsSync('/proc')).toBe(process.platform === 'linux');
});
