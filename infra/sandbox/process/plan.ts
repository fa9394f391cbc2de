import type { Cgroup } from '../cgroup.ts';
import { type CommandLine, launched } from '../launch.ts';
import type { SandboxLimits } from '../port.ts';

/** A program behind the walls of this tier, as data: tests take one wall away from it, nothing else does. */
export interface ProcessPlan {
  /** Arguments of bubblewrap; the filter is the descriptor of `--seccomp`. */
  readonly bubblewrap: readonly string[];
  /** BPF. */
  readonly seccomp: Buffer | null;
  /** Options of prlimit, for the program. */
  readonly rlimits: readonly string[];
  readonly argv: readonly string[];
  /** User and group to become before anything else; null to stay. */
  readonly uid: number | null;
  readonly cgroup: Cgroup | null;
  readonly closesDescriptors: boolean;
  /** Environment of the outermost process, beside its PATH; empty. */
  readonly env: Readonly<Record<string, string>>;
}

/** A read-only folder or file of this machine inside a sandbox. */
export interface Mount {
  readonly from: string;
  readonly to: string;
}

export interface Inside {
  readonly limits: SandboxLimits;
  readonly mounts: readonly Mount[];
  /** Symbolic links of the root of this machine into /usr, such as bin → usr/bin. */
  readonly links: readonly (readonly [name: string, target: string])[];
  readonly workspace: string | null;
  readonly env: Readonly<Record<string, string>>;
}

const DEVICES = ['null', 'zero', 'full', 'random', 'urandom'];
const DEV_BYTES = 65_536;
/** Descriptor numbers inside bubblewrap: 3 is the connection to the broker, which the program keeps. */
export const EGRESS_FD = 3;
export const SECCOMP_FD = 4;
export const STATUS_FD = 5;

/** User inside; no user of the machine by the mapping of the namespace. */
const UID_INSIDE = '1000';

/**
 * Returns the arguments of bubblewrap: every namespace of its own and no further one, no capability, a root without anything
 * that was not named, devices without a terminal and without shared memory, and nothing writable but the workspace and /tmp.
 */
export function bubblewrapArguments({ limits, mounts, links, workspace, env }: Inside): readonly string[] {
  const disk = String(limits.diskBytes);
  return [
    ...['--unshare-user', '--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts', '--unshare-cgroup'],
    ...['--disable-userns', '--cap-drop', 'ALL', '--uid', UID_INSIDE, '--gid', UID_INSIDE, '--hostname', 'sandbox'],
    ...['--new-session', '--die-with-parent', '--clearenv'],
    ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--ro-bind', '/usr', '/usr', ...links.flatMap(([name, target]) => ['--symlink', target, `/${name}`])],
    ...['--proc', '/proc', '--size', String(DEV_BYTES), '--tmpfs', '/dev'],
    ...DEVICES.flatMap((name) => ['--dev-bind', `/dev/${name}`, `/dev/${name}`]),
    ...['--remount-ro', '/dev'],
    ...mounts.flatMap(({ from, to }) => ['--ro-bind', from, to]),
    ...(workspace === null
      ? ['--size', disk, '--tmpfs', '/workspace', '--symlink', 'workspace', '/tmp']
      : ['--bind', workspace, '/workspace', '--size', disk, '--tmpfs', '/tmp']),
    ...['--remount-ro', '/', '--chdir', '/workspace'],
  ];
}

const seconds = (ms: number): number => Math.max(1, Math.ceil(ms / 1_000));

/** Returns the options of prlimit: the kernel bounds each process. Of processor time the hard limit is a second later. */
export const rlimitArguments = (limits: SandboxLimits, reservedBytes: number): readonly string[] => [
  `--nproc=${limits.processes}`,
  `--data=${limits.memoryBytes + reservedBytes}`,
  `--cpu=${seconds(limits.cpuMs)}:${seconds(limits.cpuMs) + 1}`,
  `--fsize=${limits.diskBytes}`,
  ...['--nofile=256', '--core=0', '--memlock=65536', '--msgqueue=0', '--rttime=0', '--stack=8388608'],
];

/** Returns the command line of a plan, from the outermost wall to the program. */
export function commandLine(plan: ProcessPlan): CommandLine {
  const inner = plan.rlimits.length === 0 ? plan.argv : ['prlimit', ...plan.rlimits, '--', ...plan.argv];
  const filter = plan.seccomp === null ? [] : ['--seccomp', String(SECCOMP_FD)];
  return launched(plan, [
    'bwrap',
    ...plan.bubblewrap,
    ...filter,
    '--json-status-fd',
    String(STATUS_FD),
    '--',
    ...inner,
  ]);
}
