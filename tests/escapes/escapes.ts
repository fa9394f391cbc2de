import type { SandboxLimits } from '../../infra/sandbox/port.ts';
import type { ProcessPlan } from '../../infra/sandbox/process/plan.ts';

/** What the host of a test has outside the sandbox: every one of these must stay out of reach. */
export interface Outside {
  readonly udpPort: number;
  readonly tcpPort: number;
  /** Unix socket that answers, in a folder of its own. */
  readonly socketFolder: string;
  /** Name of an abstract socket. */
  readonly abstract: string;
  /** A process of the user of the sandbox, whose command line has this number. */
  readonly marker: { readonly pid: number; readonly seconds: string };
  /** File with the text `secret`, which the user of the sandbox could read. */
  readonly secretFolder: string;
}

export interface Escape {
  readonly name: string;
  /** Python after the prelude; it says ESCAPED or HELD. */
  readonly code: (outside: Outside) => string;
  readonly limits?: Partial<SandboxLimits>;
  /** Takes the wall away, within the outer limit of 500 processes and 512 MB; null for a wall that the tier always has. */
  readonly without: ((plan: ProcessPlan, outside: Outside) => ProcessPlan) | null;
  /** Limits without the wall, where the supervisor is the wall. */
  readonly limitsWithout?: Partial<SandboxLimits>;
  /** The call is answered by a kernel of its own, where there is one: it says nothing about the machine. */
  readonly ownKernelAnswers?: true;
  /** Without its wall it needs root, as the test itself is then. */
  readonly needsRoot?: true;
  /** Without its wall it needs something that not every kernel has: the same code outside says whether this one has. */
  readonly dependsOnKernel?: true;
}

/** Replaces a run of arguments. Throws when it is not there: a wall that was never up cannot be taken away. */
function replaced(plan: ProcessPlan, from: readonly string[], to: readonly string[] = []): ProcessPlan {
  const at = plan.bubblewrap.findIndex((_, n) => from.every((each, m) => plan.bubblewrap[n + m] === each));
  if (at === -1) throw new Error(`the plan has no ${from.join(' ')}`);
  return { ...plan, bubblewrap: [...plan.bubblewrap.slice(0, at), ...to, ...plan.bubblewrap.slice(at + from.length)] };
}
/** Mounts after the root is made, before it is read-only. */
const mounted = (plan: ProcessPlan, ...args: readonly string[]): ProcessPlan =>
  replaced(plan, ['--remount-ro', '/'], [...args, '--remount-ro', '/']);
const noFilter = (plan: ProcessPlan): ProcessPlan => ({ ...plan, seccomp: null });
const noNet = (plan: ProcessPlan): ProcessPlan => noFilter(replaced(plan, ['--unshare-net']));
/** Capabilities of the namespace that owns the others: a nested one would have none over them. */
const allCapabilities = (plan: ProcessPlan): ProcessPlan =>
  noFilter(replaced(replaced(plan, ['--disable-userns']), ['--cap-drop', 'ALL'], ['--cap-add', 'ALL']));
const rlimit = (plan: ProcessPlan, name: string, value: string): ProcessPlan => ({
  ...plan,
  cgroup: null,
  rlimits: plan.rlimits.map((each) => (each.startsWith(`--${name}=`) ? `--${name}=${value}` : each)),
});
const call = (text: string): string => `result, error = ${text}\nsays(result >= 0)`;

const MB = 1_024 * 1_024;
/** Bounds of a run without a wall. */
export const OUTER = { processes: 500, memoryBytes: 512 * MB };

export const escapes: readonly Escape[] = [
  {
    name: 'a name is looked up with a datagram',
    code: ({ udpPort }) => `
def act():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(2)
    s.sendto(b'secret.evil.example', ('127.0.0.1', ${udpPort})); s.recv(10)
attempt(act)`,
    without: noNet,
  },
  {
    name: 'a server of the machine is connected to',
    code: ({ tcpPort }) => `attempt(lambda: socket.create_connection(('127.0.0.1', ${tcpPort}), 2))`,
    without: noNet,
  },
  {
    name: 'a Unix socket of the machine is connected to',
    code: ({ socketFolder }) => `
def act():
    s = socket.socket(socket.AF_UNIX); s.connect('${socketFolder}/service.sock')
attempt(act)`,
    without: (plan, { socketFolder }) => noFilter(mounted(plan, '--bind', socketFolder, socketFolder)),
  },
  {
    name: 'an abstract socket of the machine is connected to',
    code: ({ abstract }) => `
def act():
    s = socket.socket(socket.AF_UNIX); s.connect('\\0${abstract}')
attempt(act)`,
    without: noNet,
  },
  {
    name: 'a netlink socket is opened',
    code: () => `attempt(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0))`,
    ...{ without: noFilter, ownKernelAnswers: true },
  },
  {
    name: 'a vsock socket is opened',
    code: () => `attempt(lambda: socket.socket(40, socket.SOCK_STREAM, 0))`,
    ...{ without: noFilter, dependsOnKernel: true },
  },
  {
    name: 'a packet socket is opened',
    code: () => `attempt(lambda: socket.socket(17, socket.SOCK_RAW, 0x0300))`,
    without: allCapabilities,
  },
  {
    name: 'processes of others are read in /proc',
    code: ({ marker }) => `
import glob
def has(path):
    try:
        return b'${marker.seconds}' in open(path, 'rb').read()
    except OSError:
        return False
says(any(has(path) for path in glob.glob('/proc/[0-9]*/cmdline') if str(os.getpid()) not in path))`,
    without: (plan) =>
      replaced(replaced(plan, ['--unshare-pid']), ['--proc', '/proc'], ['--ro-bind', '/proc', '/proc']),
  },
  {
    name: 'a process of others is signalled',
    code: ({ marker }) => `attempt(lambda: os.kill(${marker.pid}, 0))`,
    without: (plan) =>
      replaced(replaced(plan, ['--unshare-pid']), ['--proc', '/proc'], ['--ro-bind', '/proc', '/proc']),
  },
  {
    name: 'a setting of the kernel is opened for writing',
    code: () => `attempt(lambda: os.open('/proc/sys/kernel/core_pattern', os.O_WRONLY))`,
    without: (plan) => ({
      ...replaced(replaced(plan, ['--unshare-pid']), ['--proc', '/proc'], ['--bind', '/proc', '/proc']),
      uid: null,
    }),
    ...{ needsRoot: true },
  },
  {
    name: 'ptrace is called',
    code: () => call('call(101, 117, 0, 0, 0, 0)'),
    ...{ without: noFilter, ownKernelAnswers: true },
  },
  {
    name: 'memory is read through process_vm_readv',
    code: () => call('call(310, 270, os.getpid(), 0, 0, 0, 0, 0)'),
    ...{ without: noFilter, ownKernelAnswers: true },
  },
  {
    name: 'a user namespace is made with unshare',
    code: () => call('call(272, 97, 0x10000000)'),
    ...{ without: (plan) => noFilter(replaced(plan, ['--disable-userns'])), ownKernelAnswers: true },
  },
  {
    name: 'a user namespace is made with clone',
    code: () => `
result, error = call(56, 220, 0x10000000 | 17, 0, 0, 0, 0)
if result == 0: os._exit(0)
says(result > 0)`,
    ...{ without: (plan) => noFilter(replaced(plan, ['--disable-userns'])), ownKernelAnswers: true },
  },
  {
    name: 'a file system is mounted',
    code: () => call("call(165, 40, b'tmpfs', b'/workspace', b'tmpfs', 0, 0)"),
    without: allCapabilities,
  },
  {
    name: 'the root is changed',
    code: () => call("call(161, 51, b'/usr')"),
    without: allCapabilities,
  },
  {
    name: 'settings of the machine are read in /etc',
    code: () => `attempt(lambda: open('/etc/passwd').read())`,
    without: (plan) => mounted(plan, '--ro-bind', '/etc', '/etc'),
  },
  {
    name: 'a file of the machine is read by its path',
    code: ({ secretFolder }) => `attempt(lambda: open('${secretFolder}/secret').read())`,
    without: (plan, { secretFolder }) => mounted(plan, '--ro-bind', secretFolder, secretFolder),
  },
  {
    name: 'a file of the machine is read through a symbolic link',
    code: ({ secretFolder }) => `
os.symlink('${secretFolder}/secret', '/workspace/link')
attempt(lambda: open('/workspace/link').read())`,
    without: (plan, { secretFolder }) => mounted(plan, '--ro-bind', secretFolder, secretFolder),
  },
  {
    name: 'a file of the machine is hard linked into the workspace',
    code: ({ secretFolder }) => `attempt(lambda: os.link('${secretFolder}/secret', '${secretFolder}/second'))`,
    without: (plan, { secretFolder }) => mounted(plan, '--bind', secretFolder, secretFolder),
  },
  {
    name: 'a file that was given is changed',
    code: () => `attempt(lambda: os.open('/files/given', os.O_WRONLY))`,
    without: (plan) => {
      const at = plan.bubblewrap.indexOf('/files');
      return { ...plan, bubblewrap: plan.bubblewrap.map((each, n) => (n === at - 2 ? '--bind' : each)) };
    },
  },
  {
    name: 'processes are made without end',
    code: () => `
children = 0
try:
    while children < 300:
        if os.fork() == 0: time.sleep(30); os._exit(0)
        children += 1
except OSError: pass
says(children > 100)`,
    ...{ limits: { processes: 32, wallMs: 60_000 }, limitsWithout: { memoryBytes: 8 * OUTER.memoryBytes } },
    without: (plan) => rlimit(plan, 'nproc', String(OUTER.processes)),
  },
  {
    name: 'memory is taken without end',
    code: () => `
def act():
    block = mmap.mmap(-1, ${300 * MB}, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    for at in range(0, ${300 * MB}, 4096): block[at] = 1
attempt(act)`,
    ...{ limits: { memoryBytes: 128 * MB }, limitsWithout: { memoryBytes: OUTER.memoryBytes } },
    without: (plan) => rlimit(plan, 'data', String(OUTER.memoryBytes)),
  },
  {
    name: 'shared memory is taken without end',
    code: () => `
def act():
    block = mmap.mmap(-1, ${300 * MB}, flags=mmap.MAP_SHARED | mmap.MAP_ANONYMOUS)
    for at in range(0, ${300 * MB}, 4096): block[at] = 1
    time.sleep(0.5)
attempt(act)`,
    ...{ limits: { memoryBytes: 128 * MB }, limitsWithout: { memoryBytes: OUTER.memoryBytes } },
    without: (plan) => ({ ...plan, cgroup: null }),
  },
  {
    name: 'memory is taken as a file without a name',
    code: () => call("call(319, 279, b'a', 0)"),
    ...{ without: noFilter, ownKernelAnswers: true },
  },
  {
    name: 'memory is taken with System V',
    code: () => call('call(29, 194, 0, 4096, 0o1600)'),
    ...{ without: noFilter, ownKernelAnswers: true },
  },
  {
    name: 'the disk is filled',
    code: () => `
def act():
    for n in range(10):
        with open('/workspace/%d' % n, 'wb') as file: file.write(b'x' * ${4 * MB})
attempt(act)`,
    ...{ limits: { diskBytes: 8 * MB, memoryBytes: 128 * MB }, ownKernelAnswers: true },
    without: (plan) =>
      replaced(
        plan,
        ['--size', String(8 * MB), '--tmpfs', '/workspace'],
        ['--size', String(OUTER.memoryBytes), '--tmpfs', '/workspace'],
      ),
  },
  {
    name: 'the root is written to',
    code: () => `attempt(lambda: open('/written', 'w'))`,
    without: (plan) => replaced(plan, ['--remount-ro', '/']),
  },
  {
    name: 'the folder of devices is written to',
    code: () => `attempt(lambda: open('/dev/written', 'w'))`,
    ...{ without: (plan) => replaced(plan, ['--remount-ro', '/dev']), ownKernelAnswers: true },
  },
  {
    name: 'a terminal of the machine is opened',
    code: () => `attempt(lambda: os.open('/dev/ptmx', os.O_RDWR))`,
    ...{
      without: (plan) => replaced(plan, ['--remount-ro', '/dev'], ['--dev-bind', '/dev', '/dev']),
      ownKernelAnswers: true,
    },
  },
  {
    name: 'a disk or the log of the kernel is opened',
    code: () => `
import glob, stat
def opens(path):
    try: return os.open(path, os.O_RDONLY) >= 0
    except OSError: return False
says(any(opens(path) for path in ['/dev/kmsg', '/dev/mem', '/dev/kvm', '/dev/fuse', *glob.glob('/dev/[vs]d*'), *glob.glob('/dev/nvme*')]))`,
    without: (plan) => ({ ...replaced(plan, ['--remount-ro', '/dev'], ['--dev-bind', '/dev', '/dev']), uid: null }),
    ...{ needsRoot: true, ownKernelAnswers: true },
  },
  {
    name: 'characters are put into a terminal',
    code: () => `
result, error = call(16, 29, 1, 0x5412, b'x')
says(error != errno.EPERM)`,
    ...{ without: noFilter, ownKernelAnswers: true },
  },
  {
    name: 'secrets of the environment are read',
    code: () => `
seen = ' '.join(os.environ) + ' '.join(open('/proc/%d/environ' % pid, errors='replace').read() for pid in [os.getpid()])
says('KHIPU_ESCAPE_SECRET' in seen)`,
    without: (plan) => replaced({ ...plan, env: { KHIPU_ESCAPE_SECRET: 'x' } }, ['--clearenv']),
  },
  {
    name: 'a program runs longer than it may',
    code: () => `
time.sleep(4)
says(True)`,
    ...{ limits: { wallMs: 1_500 }, limitsWithout: { wallMs: 30_000 }, without: (plan) => plan },
  },
  {
    name: 'more processor time is used than allowed',
    code: () => `
os.fork()
until = time.time() + 90
while time.process_time() < 2.9 and time.time() < until: pass
says(True)`,
    ...{ limits: { cpuMs: 3_000, wallMs: 100_000 }, limitsWithout: { cpuMs: 120_000 } },
    ownKernelAnswers: true,
    without: (plan) => rlimit(plan, 'cpu', '120'),
  },
  {
    name: 'the log is filled',
    code: () => `
for n in range(40): sys.stdout.write('x' * 100_000)
says(True)`,
    ...{ limits: { outputBytes: 1 * MB }, limitsWithout: { outputBytes: 16 * MB }, without: (plan) => plan },
  },
  {
    name: 'io_uring is set up',
    // Any other answer comes from io_uring itself.
    code: () => `
result, error = call(425, 425, 4, ctypes.create_string_buffer(256))
says(result >= 0 or error != errno.ENOSYS)`,
    ...{ without: noFilter, dependsOnKernel: true, ownKernelAnswers: true },
  },
  {
    name: 'a key is put into a keyring',
    code: () => call("call(248, 217, b'user', b'khipu-escape', b'x', 1, -2)"),
    ...{ without: noFilter, dependsOnKernel: true },
  },
  {
    name: 'userfaultfd is called',
    code: () => `
result, error = call(323, 282, 1)
says(error != errno.ENOSYS)`,
    ...{ without: noFilter, dependsOnKernel: true },
  },
  {
    name: 'bpf is called',
    code: () => `
result, error = call(321, 280, 9999, 0, 0)
says(error == errno.EINVAL or result >= 0)`,
    ...{ without: noFilter, dependsOnKernel: true },
  },
  {
    name: 'the clock is reached',
    code: () => call('call(305, 266, 0, ctypes.create_string_buffer(256))'),
    ...{ without: noFilter, ownKernelAnswers: true },
  },
  {
    name: 'the layout of memory is made predictable',
    code: () => call('call(135, 92, 0x0040000)'),
    ...{ without: noFilter, ownKernelAnswers: true },
  },
  {
    name: 'a node of a file system is made',
    code: () => call("call(259, 33, -100, b'/workspace/node', 0o010600, 0)"),
    ...{ without: noFilter, ownKernelAnswers: true },
  },
  {
    name: 'another user is become',
    code: () => `attempt(lambda: os.setuid(12345))`,
    without: (plan) =>
      ['--unshare-user', '--uid 1000', '--gid 1000'].reduce(
        (left, each) => replaced(left, each.split(' ')),
        allCapabilities({ ...plan, uid: null }),
      ),
    ...{ needsRoot: true },
  },
  {
    name: 'a program that belongs to root gives its rights',
    code: () => `
import subprocess
done = subprocess.run(['/usr/bin/su', '-c', 'true'], stdin=subprocess.DEVNULL, capture_output=True)
says(libc.prctl(39, 0, 0, 0, 0) != 1)`,
    without: null,
  },
  {
    name: 'the system calls of another architecture are used',
    code: () => `
if ARM: says(False)
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(bytes.fromhex('b814000000cd80c3'))
run = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
says(run() > 0)`,
    ...{ without: noFilter, dependsOnKernel: true, ownKernelAnswers: true },
  },
  {
    name: 'the mount calls of newer kernels are used',
    code: () => `
result, error = call(428, 428, -100, b'/usr', 0)
says(result >= 0)`,
    ...{ without: noFilter, dependsOnKernel: true },
  },
];
