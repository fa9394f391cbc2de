import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openSandbox } from '../../infra/sandbox/open.ts';
import { defaultLimits, type Language, type SandboxLimits, type SandboxResult } from '../../infra/sandbox/port.ts';
import { pythonPath } from '../../infra/sandbox/process/host.ts';
import { runWasm } from '../../infra/sandbox/wasm/run.ts';

const run = promisify(execFile);

/** Expressions that are true where a program has reached something outside its interpreter. */
const javascript = [
  `typeof process !== 'undefined'`,
  `typeof require !== 'undefined'`,
  `typeof fetch !== 'undefined'`,
  `typeof XMLHttpRequest !== 'undefined' || typeof WebSocket !== 'undefined'`,
  `typeof WebAssembly !== 'undefined'`,
  `typeof setTimeout !== 'undefined'`,
  `typeof Buffer !== 'undefined'`,
  `typeof performance !== 'undefined'`,
  `typeof structuredClone !== 'undefined'`,
  `typeof Function('return this')().process !== 'undefined'`,
  `typeof (0, eval)('this').process !== 'undefined'`,
  `typeof console.log.constructor('return this')().process !== 'undefined'`,
  `typeof console.constructor.constructor('return this')().process !== 'undefined'`,
  `typeof (async () => {}).constructor('return this')().then === 'function' && typeof globalThis.process !== 'undefined'`,
  `typeof Object.getPrototypeOf(function* () {}).constructor('return this')().next().value.process !== 'undefined'`,
  `typeof globalThis.constructor.constructor('return process')() !== 'undefined'`,
  `(() => { try { null.x } catch (error) { return typeof error.constructor.constructor('return process')() !== 'undefined' } })()`,
  `import('node:fs').then((fs) => typeof fs.readFileSync === 'function')`,
  `import('node:child_process').then((each) => typeof each.spawn === 'function')`,
  `import('data:text/javascript,export default 1').then((each) => each.default === 1)`,
] as const;

/** Programs whose last expression is true where they have reached something outside. */
const python = [
  `import os\nlen(os.listdir('/')) > 0`,
  `import os\nlen(dict(os.environ)) >= 0`,
  `import os\nos.getpid() > 0`,
  `import os\nos.system('true') == 0`,
  `import subprocess\nsubprocess.run(['true']).returncode == 0`,
  `import socket\nsocket.socket() is not None`,
  `import ctypes\nctypes.CDLL(None) is not None`,
  `import shutil\nshutil.disk_usage('/') is not None`,
  `import importlib\nimportlib.import_module('os') is not None`,
  `len(open('/etc/hosts').read()) >= 0`,
  `__import__('os') is not None`,
  `eval('1') == 1`,
  `exec('x = 1') is None`,
  `len(().__class__.__base__.__subclasses__()) > 0`,
  `len((lambda: 0).__globals__) > 0`,
  `len((lambda: 0).__code__.co_code) > 0`,
  `print.__self__ is not None`,
  `from pathlib import Path\nPath('/etc/hosts').exists() is not None and len(Path('/etc/hosts').read_text()) >= 0`,
  `import sys\nlen(sys.modules) > 0`,
  `import signal\nsignal.getsignal(2) is not None`,
] as const;

/** Programs that a limit ends. */
const limited: readonly (readonly [Language, string, string, Partial<SandboxLimits>])[] = [
  ['javascript', 'for (;;);', 'SANDBOX_CPU_EXCEEDED', { cpuMs: 300 }],
  ['javascript', '/^(a+)+$/.test("a".repeat(40) + "b")', 'SANDBOX_CPU_EXCEEDED', { cpuMs: 300 }],
  [
    'javascript',
    'const all = []; for (;;) all.push(new Uint8Array(1e6))',
    'SANDBOX_MEMORY_EXCEEDED',
    { memoryBytes: 30_000_000 },
  ],
  ['javascript', 'for (;;) console.log("x".repeat(10_000))', 'SANDBOX_OUTPUT_EXCEEDED', { outputBytes: 100_000 }],
  ['javascript', 'const deep = () => deep(); deep()', 'SANDBOX_PROGRAM_FAILED', {}],
  ['javascript', 'new Promise(() => {})', 'SANDBOX_PROGRAM_FAILED', {}],
  ['javascript', 'for (;;);', 'SANDBOX_TIME_EXCEEDED', { wallMs: 1_500 }],
  ['python', 'while True: pass', 'SANDBOX_CPU_EXCEEDED', { cpuMs: 300 }],
  ['python', 'all = []\nwhile True: all.append("x" * 100000)', 'SANDBOX_MEMORY_EXCEEDED', { memoryBytes: 30_000_000 }],
  ['python', 'while True: print("x" * 10000)', 'SANDBOX_OUTPUT_EXCEEDED', { outputBytes: 100_000 }],
  ['python', 'def deep(): return deep()\ndeep()', 'SANDBOX_PROGRAM_FAILED', {}],
  ['python', 'x = 10 ** 10 ** 10', 'SANDBOX_MEMORY_EXCEEDED', { memoryBytes: 30_000_000 }],
];

const open = (language: Language, code: string, limits: Partial<SandboxLimits> = {}): Promise<SandboxResult> =>
  openSandbox({ tier: 'wasm', program: { language, code }, limits: { wallMs: 60_000, ...limits } });

describe('JavaScript in the tier wasm', () => {
  it.each(javascript)('does not reach: %s', async (code) =>
    expect((await open('javascript', code)).value).not.toBe('true'),
  );

  it.each(javascript)('without its interpreter reaches: %s', async (code) => {
    const script = `Promise.resolve(eval(process.argv[1])).then((value) => console.log(value))`;
    expect((await run(process.execPath, ['-e', script, code])).stdout.trim()).toBe('true');
  });

  it('cannot change the answer of its interpreter', async () => {
    const code = `Object.prototype.toJSON = () => 'forged'; JSON.stringify = () => 'forged'; console.log('{"error":null}'); 7`;
    const { value, output, error } = await open('javascript', code);
    expect([value, output, error]).toEqual(['forged', '{"error":null}\n', null]);
  });
});

describe.skipIf(pythonPath() === null && process.env['KHIPU_TEST_SANDBOX'] !== 'required')(
  `Python in the tier wasm${pythonPath() === null ? ' (skipped: /usr/bin/python3 is not there to compare with)' : ''}`,
  () => {
    it.each(python)('does not reach: %j', async (code) => expect((await open('python', code)).value).not.toBe('true'));

    it.each(python)('without its interpreter reaches: %j', async (code) => {
      const script = `import ast, sys\ntree = ast.parse(sys.argv[1])\nlast = ast.Expression(tree.body.pop().value)\nnames = {}\nexec(compile(tree, '', 'exec'), names)\nprint(eval(compile(last, '', 'eval'), names))`;
      expect((await run('/usr/bin/python3', ['-c', script, code])).stdout.trim()).toBe('True');
    });
  },
);

describe('a limit of the tier wasm', () => {
  it.each(limited)('ends %s %j with %s', async (language, code, expected, limits) => {
    expect((await open(language, code, limits)).error?.code).toBe(expected);
  });

  it('is not there for a program that stays below it', async () => {
    for (const [language, code] of [
      ['javascript', 'let n = 0; for (let i = 0; i < 1e5; i++) n += i; n'],
      ['python', 'n = 0\nfor i in range(100000): n += i\nn'],
    ] as const)
      expect(await open(language, code)).toMatchObject({ value: '4999950000', error: null, exit: 0 });
  });
});

describe('a program of the tier wasm', () => {
  it.each(['javascript', 'python'] as const)('in %s reads its input and its files', async (language) => {
    const code = language === 'javascript' ? `console.log(input); files['a/b.txt']` : `print(input)\nfiles['a/b.txt']`;
    const request = {
      tier: 'wasm',
      program: { language, code },
      input: 'in',
      files: { 'a/b.txt': Buffer.from('ä') },
    } as const;
    const result = await openSandbox(request);
    expect(result).toMatchObject({
      output: 'in\n',
      value: '"ä"',
      error: null,
      walls: { tier: 'wasm', network: 'none' },
    });
    expect(result.walls.by).toMatch(language === 'javascript' ? /^QuickJS / : /^Monty /);
  });

  it('cannot have a workspace, a network or a command', async () => {
    const program = { language: 'javascript', code: '1' } as const;
    for (const more of [{ workspace: '/tmp' }, { egressSocket: '/tmp/a' }, { program: { argv: ['true'] as const } }])
      await expect(runWasm({ tier: 'wasm', program, ...more } as never, defaultLimits)).rejects.toMatchObject({
        code: 'SANDBOX_REQUEST_INVALID',
      });
  });
});
