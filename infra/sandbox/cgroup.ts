import { randomUUID } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = '/sys/fs/cgroup';
const PARENT = 'khipu-sandbox';
const ATTEMPTS_MAX = 100;
const ATTEMPT_MS = 10;

interface Bounds {
  readonly memoryBytes: number;
  readonly processes: number;
}

/** A control group of one sandbox: the kernel itself bounds all its processes together. */
export interface Cgroup {
  readonly version: 'v1' | 'v2';
  /** Files to which a process writes its id to join. */
  readonly joins: readonly string[];
  /** Reports whether the kernel ended a process for want of memory. */
  ranOutOfMemory(): boolean;
  /** Removes the group once its processes have ended. */
  remove(): Promise<void>;
}

const isWritable = (path: string): boolean => {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

/** Returns the version whose groups this process may make; null for none. */
export function cgroupVersion(root = ROOT): 'v1' | 'v2' | null {
  if (isWritable(join(root, 'memory')) && isWritable(join(root, 'pids'))) return 'v1';
  try {
    const given = readFileSync(join(root, 'cgroup.subtree_control'), 'utf8').split(/\s+/);
    return given.includes('memory') && given.includes('pids') && isWritable(root) ? 'v2' : null;
  } catch {
    return null;
  }
}

function made(folder: string, values: Readonly<Record<string, string>>): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, value] of Object.entries(values)) writeFileSync(join(folder, name), value);
  return folder;
}

function makeV2(root: string, name: string, { memoryBytes, processes }: Bounds): readonly string[] {
  const parent = made(join(root, PARENT), {});
  writeFileSync(join(parent, 'cgroup.subtree_control'), '+memory +pids');
  const limits = { 'memory.max': String(memoryBytes), 'memory.swap.max': '0', 'pids.max': String(processes) };
  return [made(join(parent, name), limits)];
}

const makeV1 = (root: string, name: string, { memoryBytes, processes }: Bounds): readonly string[] => [
  made(join(root, 'memory', PARENT, name), { 'memory.limit_in_bytes': String(memoryBytes) }),
  made(join(root, 'pids', PARENT, name), { 'pids.max': String(processes) }),
];

const oomKills = (folder: string, version: 'v1' | 'v2'): number => {
  try {
    const text = readFileSync(join(folder, version === 'v1' ? 'memory.oom_control' : 'memory.events'), 'utf8');
    return Number(/^oom_kill (\d+)/m.exec(text)?.[1] ?? 0);
  } catch {
    return 0;
  }
};

const LEFT_BEHIND_MS = 600_000;

/** Removes groups that a supervisor left behind when it was killed; the kernel keeps those that have a process. */
function sweep(parent: string): void {
  if (!existsSync(parent)) return;
  for (const entry of readdirSync(parent, { withFileTypes: true })) {
    const folder = join(parent, entry.name);
    try {
      if (entry.isDirectory() && Date.now() - statSync(folder).mtimeMs > LEFT_BEHIND_MS) rmdirSync(folder);
    } catch {
      // It has a process, or another supervisor was first.
    }
  }
}

/** Makes a group with bounds; null where none can be made. A container without such rights is the usual case. */
export function makeCgroup(bounds: Bounds, root = ROOT): Cgroup | null {
  const version = cgroupVersion(root);
  if (version === null) return null;
  const name = randomUUID();
  const parents = version === 'v1' ? ['memory', 'pids'].map((each) => join(root, each, PARENT)) : [join(root, PARENT)];
  for (const parent of parents) sweep(parent);
  try {
    const made = version === 'v1' ? makeV1(root, name, bounds) : makeV2(root, name, bounds);
    return {
      version,
      joins: made.map((folder) => join(folder, 'cgroup.procs')),
      ranOutOfMemory: () => oomKills(made[0] ?? '', version) > 0,
      remove: () => removed(made),
    };
  } catch {
    return null;
  }
}

async function removed(folders: readonly string[]): Promise<void> {
  for (const folder of folders)
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1)
      try {
        rmdirSync(folder);
        break;
      } catch {
        // A process that is ending is in it for a moment.
        await sleep(ATTEMPT_MS);
      }
}
