import { describe, expect, it, test } from 'vitest';
import { assemble, type Line } from './bpf.ts';
import { absent, judged, refused } from './calls.ts';
import { type Architecture, isArchitecture, seccompFilter } from './filter.ts';

const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
const EPERM = 0x00050001;
const ENOSYS = 0x00050026;
const AUDIT = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;

/** Runs a program over the data of a call, as the kernel does. */
function verdict(
  program: Buffer,
  { nr, audit, args = [] }: { nr: number; audit: number; args?: readonly number[] },
): number {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(nr >>> 0, 0);
  data.writeUInt32LE(audit, 4);
  for (const [n, value] of args.entries()) data.writeUInt32LE(value >>> 0, 16 + 8 * n);
  let accumulator = 0;
  for (let at = 0; at < program.length / 8; at += 1) {
    const [code, yes, no] = [
      program.readUInt16LE(at * 8),
      program.readUInt8(at * 8 + 2),
      program.readUInt8(at * 8 + 3),
    ];
    const k = program.readUInt32LE(at * 8 + 4);
    if (code === 0x20) accumulator = data.readUInt32LE(k);
    else if (code === 0x06) return k;
    else if (code === 0x05) at += k;
    else if (code === 0x15) at += accumulator === k ? yes : no;
    else if (code === 0x35) at += accumulator >= k ? yes : no;
    else if (code === 0x45) at += (accumulator & k) !== 0 ? yes : no;
    else throw new Error(`no instruction ${code}`);
  }
  throw new Error('the program has no end');
}

describe.each(['x64', 'arm64'] as const)('the filter for %s', (architecture: Architecture) => {
  const index = architecture === 'x64' ? 0 : 1;
  const program = seccompFilter(architecture);
  const of = (nr: number, ...args: number[]): number => verdict(program, { nr, audit: AUDIT[architecture], args });

  it('has fewer instructions than the kernel takes', () => {
    expect(program.length % 8).toBe(0);
    expect(program.length / 8).toBeLessThan(4_096);
  });

  it('allows what every program does', () => {
    // read, write, mmap, execve, exit_group, futex, getrandom, openat
    const usual = architecture === 'x64' ? [0, 1, 9, 59, 231, 202, 318, 257] : [63, 64, 222, 221, 94, 98, 278, 56];
    expect(usual.map((nr) => of(nr))).toEqual(usual.map(() => ALLOW));
    expect([436, 437, 439, 449].map((nr) => of(nr))).toEqual(Array(4).fill(ALLOW));
  });

  it('refuses each listed call, and answers each other one as an older kernel', () => {
    for (const [name, numbers] of Object.entries(refused))
      if (numbers[index] !== null) expect([name, of(numbers[index])]).toEqual([name, EPERM]);
    for (const [name, numbers] of Object.entries(absent))
      if (numbers[index] !== null) expect([name, of(numbers[index])]).toEqual([name, ENOSYS]);
  });

  it('knows no call of a later kernel, and none between the tables', () => {
    // pidfd_send_signal, io_uring_*, open_tree, clone3, pidfd_getfd, landlock, and numbers without a call
    const later = [335, 400, 423, 424, 425, 426, 427, 428, 434, 435, 438, 444, 447, 453, 462, 463, 600, 0x3fffffff];
    expect(later.map((nr) => [nr, of(nr)])).toEqual(later.map((nr) => [nr, ENOSYS]));
  });

  it('decides by arguments: new namespaces, terminals, families of socket pairs', () => {
    const [clone, ioctl, socketpair] = [judged.clone[index], judged.ioctl[index], judged.socketpair[index]];
    expect(of(clone, 0x003d0f00)).toBe(ALLOW);
    for (const flag of [0x20000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000])
      expect(of(clone, flag | 17)).toBe(EPERM);
    expect([0x5412, 0x541c, 0x5423].map((request) => of(ioctl, 0, request))).toEqual([EPERM, EPERM, EPERM]);
    expect(of(ioctl, 0, 0x5401)).toBe(ALLOW);
    expect([1, 2, 16, 40].map((family) => of(socketpair, family))).toEqual([ALLOW, EPERM, EPERM, EPERM]);
  });

  it('ends a process that calls in the way of another architecture', () => {
    for (const audit of [0x40000003, 0x40000028, 0xc0000015, AUDIT[architecture === 'x64' ? 'arm64' : 'x64']])
      expect(verdict(program, { nr: 1, audit })).toBe(KILL);
  });
});

test('calls of x32 are none', () => {
  expect(verdict(seccompFilter('x64'), { nr: 0x40000000 | 1, audit: AUDIT.x64 })).toBe(ENOSYS);
});

test('no call is in two lists', () => {
  for (const index of [0, 1]) {
    const all = [refused, absent].flatMap((list) => Object.values(list).map((numbers) => numbers[index] ?? null));
    const known = all.filter((nr) => nr !== null);
    expect(new Set(known).size).toBe(known.length);
  }
});

test('an architecture without a table is none', () => {
  expect([
    isArchitecture('x64'),
    isArchitecture('arm64'),
    isArchitecture('riscv64'),
    isArchitecture('toString'),
  ]).toEqual([true, true, false, false]);
});

test('a jump without a label ahead is refused', () => {
  const lines: Line[] = [
    { op: 'label', name: 'back' },
    { op: 'load', offset: 0 },
    { op: 'jump', when: 'eq', value: 1, to: 'back' },
  ];
  expect(() => assemble(lines)).toThrow('no label back ahead');
  expect(() => assemble([{ op: 'jump', when: 'eq', value: 1, to: 'lost' }])).toThrow('no label lost ahead');
});
