/** System calls that a sandbox has no use for, by number: [x86_64, aarch64]; null where the architecture has none. */
type Numbers = readonly [x64: number | null, arm64: number | null];

/** Refused with EPERM: each exists on every kernel, so a program expects to be refused. */
export const refused: Readonly<Record<string, Numbers>> = {
  // Other processes
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  kcmp: [312, 272],
  migrate_pages: [256, 238],
  move_pages: [279, 239],
  // Namespaces, mounts, roots
  unshare: [272, 97],
  setns: [308, 268],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  mknod: [133, null],
  mknodat: [259, 33],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  fanotify_init: [300, 262],
  fanotify_mark: [301, 263],
  quotactl: [179, 60],
  // The kernel and the machine
  bpf: [321, 280],
  perf_event_open: [298, 241],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  create_module: [174, null],
  query_module: [178, null],
  get_kernel_syms: [177, null],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  syslog: [103, 116],
  acct: [163, 89],
  iopl: [172, null],
  ioperm: [173, null],
  modify_ldt: [154, null],
  uselib: [134, null],
  ustat: [136, null],
  sysfs: [139, null],
  _sysctl: [156, null],
  nfsservctl: [180, 42],
  vhangup: [153, 58],
  lookup_dcookie: [212, 18],
  personality: [135, 92],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  // Clocks
  settimeofday: [164, 170],
  adjtimex: [159, 171],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  // Keyrings: of the user of this machine, not of a namespace
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  // Sockets: the one connection to the broker is opened outside
  socket: [41, 198],
  connect: [42, 203],
  bind: [49, 200],
  listen: [50, 201],
  accept: [43, 202],
  accept4: [288, 242],
  // Memory that no limit counts
  shmget: [29, 194],
  shmat: [30, 196],
  shmctl: [31, 195],
  shmdt: [67, 197],
  msgget: [68, 186],
  msgsnd: [69, 189],
  msgrcv: [70, 188],
  msgctl: [71, 187],
  semget: [64, 190],
  semop: [65, 193],
  semctl: [66, 191],
  semtimedop: [220, 192],
  mq_open: [240, 180],
  mq_unlink: [241, 181],
  mbind: [237, 235],
  set_mempolicy: [238, 237],
  get_mempolicy: [239, 236],
  remap_file_pages: [216, 234],
  vmsplice: [278, 75],
  seccomp: [317, 277],
};

/** Answered with ENOSYS, as on an older kernel: programs have another way then. */
export const absent: Readonly<Record<string, Numbers>> = {
  userfaultfd: [323, 282],
  memfd_create: [319, 279],
  execveat: [322, 281],
  io_setup: [206, 0],
  io_destroy: [207, 1],
  io_getevents: [208, 4],
  io_submit: [209, 2],
  io_cancel: [210, 3],
  io_pgetevents: [333, 292],
};

/** The first number that both architectures share; those above the last one of a table and below are unknown. */
export const SHARED_FROM = 424;
/** One above the last number of the table of an architecture: rseq. */
export const TABLE_END: Numbers = [335, 295];
/**
 * Calls above `SHARED_FROM` that exist in a sandbox: close_range, openat2, faccessat2, epoll_pwait2, futex_waitv, fchmodat2,
 * futex_wake, futex_wait, futex_requeue. All others, io_uring, clone3, pidfd, the mount and landlock calls and every call of a
 * later kernel among them, answer ENOSYS.
 */
export const sharedAllowed: readonly number[] = [436, 437, 439, 441, 449, 452, 454, 455, 456];

/** Calls whose arguments decide. */
export const judged: Readonly<Record<'clone' | 'ioctl' | 'socketpair', readonly [x64: number, arm64: number]>> = {
  clone: [56, 220],
  ioctl: [16, 29],
  socketpair: [53, 199],
};
