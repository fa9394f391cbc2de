import { assemble, type Line, OFFSET } from './bpf.ts';
import { absent, judged, refused, SHARED_FROM, sharedAllowed, TABLE_END } from './calls.ts';

const ALLOW = 0x7fff0000;
const KILL_PROCESS = 0x80000000;
const ERRNO = 0x00050000;
const EPERM = ERRNO | 1;
const ENOSYS = ERRNO | 38;

const ARCHITECTURES = { x64: { audit: 0xc000003e, index: 0 }, arm64: { audit: 0xc00000b7, index: 1 } } as const;
export type Architecture = keyof typeof ARCHITECTURES;

/** Calls of x32 have this bit: the same kernel functions under other numbers. */
const X32_BIT = 0x40000000;
/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const CLONE_NEW = 0x7e020000;
const AF_UNIX = 1;
/** TIOCSTI and TIOCLINUX put characters into a terminal; TIOCSETD changes its line discipline. */
const TERMINAL = [0x5412, 0x541c, 0x5423];

const load = (offset: number): Line => ({ op: 'load', offset });
const jump = (when: 'eq' | 'ge' | 'set', value: number, to: string): Line => ({ op: 'jump', when, value, to });
const label = (name: string): Line => ({ op: 'label', name });
const answer = (value: number): Line => ({ op: 'return', value });

export const isArchitecture = (text: string): text is Architecture => Object.hasOwn(ARCHITECTURES, text);

/**
 * Returns the seccomp filter of sandboxes as bytes of BPF. Calls of another architecture end the process; listed calls answer
 * EPERM, calls that a program can do without and calls that are not known yet ENOSYS. New namespaces, sockets of any family,
 * io_uring and every way to another process are among them. Source: Docker's default profile, which allows more.
 */
export function seccompFilter(architecture: Architecture): Buffer {
  const { audit, index } = ARCHITECTURES[architecture];
  const numbersOf = (table: typeof refused): number[] =>
    Object.values(table).flatMap((numbers) => numbers[index] ?? []);
  return assemble([
    load(OFFSET.arch),
    jump('eq', audit, 'known'),
    answer(KILL_PROCESS),
    label('known'),
    load(OFFSET.nr),
    ...(architecture === 'x64' ? [jump('ge', X32_BIT, 'absent')] : []),
    ...sharedAllowed.map((number) => jump('eq', number, 'allow')),
    jump('ge', SHARED_FROM, 'absent'),
    jump('ge', TABLE_END[index] ?? 0, 'absent'),
    ...numbersOf(refused).map((number) => jump('eq', number, 'refuse')),
    ...numbersOf(absent).map((number) => jump('eq', number, 'absent')),
    jump('eq', judged.clone[index], 'clone'),
    jump('eq', judged.ioctl[index], 'ioctl'),
    jump('eq', judged.socketpair[index], 'socketpair'),
    answer(ALLOW),
    label('clone'),
    load(OFFSET.argument(0)),
    jump('set', CLONE_NEW, 'refuse'),
    answer(ALLOW),
    label('ioctl'),
    load(OFFSET.argument(1)),
    ...TERMINAL.map((request) => jump('eq', request, 'refuse')),
    answer(ALLOW),
    label('socketpair'),
    load(OFFSET.argument(0)),
    jump('eq', AF_UNIX, 'allow'),
    label('refuse'),
    answer(EPERM),
    label('absent'),
    answer(ENOSYS),
    label('allow'),
    answer(ALLOW),
  ]);
}
