import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { cgroupVersion, makeCgroup } from './cgroup.ts';
import { diskUse } from './disk-use.ts';
import { adviceFor } from './doctor.ts';
import { openSandbox } from './open.ts';
import { defaultLimits, type Walls } from './port.ts';
import { isRecent } from './process/host.ts';
import { bubblewrapArguments, commandLine, rlimitArguments } from './process/plan.ts';
import { endOf } from './result.ts';
import { isSafePath, makeStage, sweepStages } from './stage.ts';
import { type Supervised, supervise } from './supervise.ts';

const folder = mkdtempSync(join(tmpdir(), 'sandbox-parts-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a request', () => {
  it.each([{ wallMs: 0 }, { memoryBytes: -1 }, { processes: 1.5 }, { diskBytes: Number.NaN }])(
    'with limits %j is refused',
    async (limits) => {
      const program = { language: 'javascript', code: '1' } as const;
      await expect(openSandbox({ tier: 'wasm', program, limits })).rejects.toMatchObject({
        code: 'SANDBOX_REQUEST_INVALID',
      });
    },
  );

  it.each(['a', 'a/b.txt', '.hidden', 'a..b', '…'])('may have the file %s', (path) =>
    expect(isSafePath(path)).toBe(true),
  );
  it.each(['', '/a', '../a', 'a/../b', '.', 'a//b', 'a/', 'a\0b', 'x'.repeat(256), `${'a/'.repeat(600)}a`])(
    'may not have the file %j',
    (path) => expect(isSafePath(path)).toBe(false),
  );

  it('has its files in a folder of one run', async () => {
    const stage = await makeStage(null);
    const path = await stage.put('files', { 'a/b/c.txt': 'one', 'a/d.txt': Buffer.from('two') });
    expect([readFileSync(join(path, 'a/b/c.txt'), 'utf8'), readFileSync(join(path, 'a/d.txt'), 'utf8')]).toEqual([
      'one',
      'two',
    ]);
    await expect(stage.put('more', { '../out': 'x' })).rejects.toMatchObject({ code: 'SANDBOX_REQUEST_INVALID' });
    await stage.remove();
    expect(existsSync(path)).toBe(false);
  });
});

test('folders of runs that were left behind are removed', async () => {
  const root = join(folder, 'stages');
  for (const name of ['khipu-sandbox-old', 'khipu-sandbox-new', 'another-old'])
    mkdirSync(join(root, name, 'files'), { recursive: true });
  symlinkSync(join(root, 'another-old'), join(root, 'khipu-sandbox-link'));
  for (const name of ['khipu-sandbox-old', 'another-old']) utimesSync(join(root, name), 0, 0);
  await sweepStages(root);
  expect(readdirSync(root).sort()).toEqual(['another-old', 'khipu-sandbox-link', 'khipu-sandbox-new']);
});

describe('the walls of the tier process', () => {
  const inside = {
    limits: defaultLimits,
    mounts: [{ from: '/a', to: '/files' }],
    links: [['bin', 'usr/bin'] as const],
    env: { A: 'b' },
  };

  it('are every namespace, no capability, no terminal, and a root that is read-only at the end', () => {
    const args = bubblewrapArguments({ ...inside, workspace: null });
    for (const wall of ['user', 'ipc', 'pid', 'net', 'uts', 'cgroup']) expect(args).toContain(`--unshare-${wall}`);
    for (const wall of ['--disable-userns', '--new-session', '--die-with-parent', '--clearenv'])
      expect(args).toContain(wall);
    expect(args.join(' ')).toContain('--cap-drop ALL');
    expect(args.join(' ')).toMatch(
      /--size 67108864 --tmpfs \/workspace --symlink workspace \/tmp --remount-ro \/ --chdir \/workspace$/,
    );
    expect(args.join(' ')).not.toMatch(/--(?:dev-)?bind(?:-try)? (?!\/dev\/(?:null|zero|full|random|urandom) )/);
  });

  it('leave one folder writable, with a bounded /tmp', () => {
    const text = bubblewrapArguments({ ...inside, workspace: '/w' }).join(' ');
    expect(text).toContain('--bind /w /workspace --size 67108864 --tmpfs /tmp');
  });

  it('bound each process', () => {
    const limits = rlimitArguments({ ...defaultLimits, cpuMs: 1_500 }, 10);
    expect(limits).toEqual(
      expect.arrayContaining(['--nproc=64', `--data=${512 * 1_024 * 1_024 + 10}`, '--cpu=2:3', '--core=0']),
    );
  });

  it('are set up from the outermost to the program', () => {
    const cgroup = {
      version: 'v2',
      joins: ['/g/cgroup.procs'],
      ranOutOfMemory: () => false,
      remove: async () => {},
    } as const;
    const plan = {
      bubblewrap: ['--x'],
      seccomp: Buffer.alloc(8),
      rlimits: ['--cpu=1'],
      argv: ['p'],
      uid: 7,
      cgroup,
      closesDescriptors: true,
      env: {},
    };
    const { args, env } = commandLine(plan);
    const order = ['--reuid=7', 'bwrap', '--seccomp', '--json-status-fd', 'prlimit', 'p'].map((each) =>
      args.indexOf(each),
    );
    expect(order).toEqual([...order].sort((one, other) => one - other));
    expect(order.every((at) => at > 0)).toBe(true);
    expect(env).toEqual({ PATH: '/usr/bin:/bin', KHIPU_CGROUPS: '/g/cgroup.procs' });
  });

  it('need bubblewrap 0.8', () => {
    expect(['0.7.1', '0.8.0', '0.11.0', '1.0'].map(isRecent)).toEqual([false, true, true, true]);
  });
});

describe('the end of a program', () => {
  const usage = { wallMs: 1, cpuMs: 1, memoryPeakBytes: 1, outputBytes: 0 };
  const run = { exit: 0, endedBy: null, output: '', errors: '', piped: [], usage } as const;
  const codeOf = (change: object, ranOutOfMemory = false) =>
    endOf({ ...run, ...change }, {} as Walls, { limits: defaultLimits, ranOutOfMemory }).error?.code ?? null;

  it.each([
    [{}, null],
    [{ exit: 3 }, 'SANDBOX_PROGRAM_FAILED'],
    [{ exit: 137 }, 'SANDBOX_PROGRAM_FAILED'],
    [{ exit: 152 }, 'SANDBOX_CPU_EXCEEDED'],
    [{ exit: 153 }, 'SANDBOX_DISK_EXCEEDED'],
    ...(['time', 'cpu', 'memory', 'disk', 'processes', 'output'] as const).map(
      (endedBy) => [{ exit: null, endedBy }, `SANDBOX_${endedBy.toUpperCase()}_EXCEEDED`] as const,
    ),
    [{ exit: null, endedBy: 'stopped' }, 'SANDBOX_STOPPED'],
  ] as const)('%j is %s', (change, expected) => expect(codeOf(change)).toBe(expected));

  it('is for want of memory when the kernel says so', () =>
    expect(codeOf({ exit: 137 }, true)).toBe('SANDBOX_MEMORY_EXCEEDED'));
});

describe('a process that is supervised', () => {
  const work = (script: string, change: Partial<Supervised> = {}): Supervised => ({
    ...{
      command: process.execPath,
      args: ['-e', script],
      env: {},
      input: '',
      limits: { ...defaultLimits, wallMs: 60_000 },
    },
    ...{ descriptors: [], diskBytes: null, processesMax: null, signal: undefined, ...change },
  });

  it('has its input, and its output is read to the end', async () => {
    const script = 'process.stdin.pipe(process.stdout); process.stderr.write("e"); process.exitCode = 4';
    expect(await supervise(work(script, { input: 'in' }))).toMatchObject({
      exit: 4,
      endedBy: null,
      output: 'in',
      errors: 'e',
    });
    // It ends without reading.
    expect(await supervise(work('', { input: 'x'.repeat(1e6) }))).toMatchObject({ exit: 0, endedBy: null });
  });

  it('is ended by the first limit', async () => {
    const limits = { ...defaultLimits, wallMs: 60_000 };
    const endOfRun = async (script: string, change: Partial<Supervised>) =>
      (await supervise(work(script, change))).endedBy;
    const idle = 'setTimeout(() => {}, 100000)';
    expect(await endOfRun(idle, { limits: { ...limits, wallMs: 200 } })).toBe('time');
    expect(
      await endOfRun('const print = () => process.stdout.write("x".repeat(1e5), print); print()', {
        limits: { ...limits, outputBytes: 250_000 },
      }),
    ).toBe('output');
    expect(await endOfRun(idle, { diskBytes: () => defaultLimits.diskBytes + 1 })).toBe('disk');
    expect(await endOfRun(idle, { signal: AbortSignal.timeout(100) })).toBe('stopped');
    expect(await endOfRun(idle, { signal: AbortSignal.abort() })).toBe('stopped');
  });

  it.runIf(process.platform === 'linux')('is sampled', async () => {
    const limits = { ...defaultLimits, wallMs: 60_000 };
    expect((await supervise(work('for (;;);', { limits: { ...limits, cpuMs: 200 } }))).endedBy).toBe('cpu');
    const grows = 'const all = []; setInterval(() => all.push(Buffer.alloc(2e7, 1)), 20)';
    expect((await supervise(work(grows, { limits: { ...limits, memoryBytes: 150_000_000 } }))).endedBy).toBe('memory');
    const forks = `for (let n = 0; n < 4; n++) require('node:child_process').spawn('/bin/sleep', ['50']); setTimeout(() => {}, 50000)`;
    expect((await supervise(work(forks, { processesMax: 3 }))).endedBy).toBe('processes');
  });

  it('that cannot be started rejects', async () => {
    await expect(supervise(work('', { command: '/not/there' }))).rejects.toThrow('ENOENT');
  });
});

test('the use of a folder counts files and entries, and follows no link', () => {
  const path = join(folder, 'use');
  mkdirSync(join(path, 'a'), { recursive: true });
  writeFileSync(join(path, 'a', 'b'), Buffer.alloc(100_000, 1));
  const before = diskUse(path);
  expect(before).toBeGreaterThanOrEqual(100_000);
  symlinkSync('/usr', join(path, 'link'));
  expect(diskUse(path) - before).toBeLessThan(5_000);
  for (let n = 0; n < 10_001; n += 1) writeFileSync(join(path, 'a', String(n)), '');
  expect(diskUse(path)).toBe(Number.POSITIVE_INFINITY);
  expect(diskUse(join(folder, 'missing'))).toBe(0);
});

describe('a control group', () => {
  it('of version 2 bounds memory without swap, and processes', async () => {
    const root = join(folder, 'v2');
    mkdirSync(root);
    writeFileSync(join(root, 'cgroup.subtree_control'), 'cpu memory pids');
    const made = makeCgroup({ memoryBytes: 9, processes: 3 }, root);
    const group = made?.joins[0]?.replace('/cgroup.procs', '') ?? '';
    const written = (name: string) => readFileSync(join(group, name), 'utf8');
    expect(['memory.max', 'memory.swap.max', 'pids.max'].map(written)).toEqual(['9', '0', '3']);
    expect([made?.version, made?.ranOutOfMemory()]).toEqual(['v2', false]);
    writeFileSync(join(group, 'memory.events'), 'oom 2\noom_kill 1\n');
    expect(made?.ranOutOfMemory()).toBe(true);
  });

  it('that was left behind is removed, and one that is new is kept', () => {
    const parent = join(folder, 'v2', 'khipu-sandbox');
    for (const name of ['old', 'new']) mkdirSync(join(parent, name));
    utimesSync(join(parent, 'old'), 0, 0);
    makeCgroup({ memoryBytes: 9, processes: 3 }, join(folder, 'v2'));
    expect(['old', 'new'].map((name) => existsSync(join(parent, name)))).toEqual([false, true]);
  });

  it('is not made where none can be', () => {
    expect(cgroupVersion(join(folder, 'none'))).toBeNull();
    expect(makeCgroup({ memoryBytes: 9, processes: 3 }, join(folder, 'none'))).toBeNull();
    const partly = join(folder, 'partly');
    mkdirSync(partly);
    writeFileSync(join(partly, 'cgroup.subtree_control'), 'cpu');
    expect(cgroupVersion(partly)).toBeNull();
  });
});

test('the doctor says what to install', () => {
  const lacks = [
    '/usr/bin/bwrap is not there',
    '/usr/bin/setpriv is not there',
    'a trial failed: Permission denied',
    '/usr/bin/runsc is not there',
  ];
  expect(adviceFor('process', lacks)).toHaveLength(5);
  expect(adviceFor('kernel', [])).toEqual([]);
});
