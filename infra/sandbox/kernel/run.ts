import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { codeOf, messageOf } from '../../kit/errors.ts';
import { makeCgroup } from '../cgroup.ts';
import { diskUse } from '../disk-use.ts';
import { SandboxError } from '../errors.ts';
import { launched } from '../launch.ts';
import type { SandboxLimits, SandboxRequest, SandboxResult, Walls } from '../port.ts';
import { rootLinks, sandboxUid } from '../process/host.ts';
import { prepare, RUNTIME } from '../process/run.ts';
import { endOf } from '../result.ts';
import { makeStage, type Stage } from '../stage.ts';
import { supervise } from '../supervise.ts';
import { writeBundle } from './bundle.ts';
import { KHIPU_EGRESS_SOCKET, openRelay } from './relay.ts';

export const RUNSC = '/usr/bin/runsc';
const MEBIBYTE = 1_024 * 1_024;
/** Of gVisor without a program. Measured: 17 MiB to 30 MiB. */
const OWN_MEMORY_BYTES = 64 * MEBIBYTE;
const OWN_CPU_MS = 2_000;
/** Processes of gVisor, and processes and threads that it makes for one of the program. */
const OWN_PROCESSES = 16;
const THREADS_EACH = 8;
const OWN_THREADS = 256;

let version: Promise<string | null> | undefined;

/** Returns the version of gVisor, asked once; null when it is not there. */
export const gvisorVersion = (): Promise<string | null> => {
  version ??= promisify(execFile)(RUNSC, ['--version'], { timeout: 10_000 })
    .then(({ stdout }) => /runsc version (\S+)/.exec(stdout)?.[1] ?? null)
    .catch(() => null);
  return version;
};

/**
 * The outermost process begins a namespace of processes: when it is killed, the kernel ends all of gVisor. No part of it has
 * rights on this machine: the root that it becomes is the user of the sandbox, under another number.
 */
const outer = ['unshare', '--user', '--map-root-user', '--pid', '--fork', '--kill-child', '--mount', '--mount-proc'];

/** With the broker, a program connects to sockets of this machine that are mounted: to that of the broker. None can be made. */
const gvisor = (state: string, bundle: string, hasEgress: boolean): readonly string[] => [
  ...[RUNSC, '--root', state, '--rootless', '--platform=ptrace', '--network=none', '--ignore-cgroups'],
  ...(hasEgress ? ['--host-uds=open'] : []),
  ...['run', '--bundle', bundle, 'sandbox'],
];

const wallsOf = async (cgroup: Walls['cgroup'], network: Walls['network']): Promise<Walls> => ({
  ...{
    tier: 'kernel',
    by: `gVisor ${(await gvisorVersion()) ?? 'of unknown version'}`,
    seccomp: true,
    ownKernel: true,
    cgroup,
  },
  ...{ namespaces: ['user', 'pid', 'net', 'ipc', 'uts', 'mount'], rlimits: true, uid: sandboxUid(), network },
});

async function runIn(stage: Stage, request: SandboxRequest, limits: SandboxLimits): Promise<SandboxResult> {
  const { argv, mounts } = await prepare(request, stage);
  const relay = request.egressSocket === undefined ? null : await openRelay(stage, request.egressSocket);
  const [bundle, state] = [await stage.put('bundle', {}), await stage.put('state', {})];
  const { workspace = null } = request;
  const links = rootLinks();
  await writeBundle(bundle, {
    argv,
    env: { ...RUNTIME, ...(relay !== null && { KHIPU_EGRESS_SOCKET }) },
    mounts: [
      { from: '/usr', to: '/usr' },
      ...mounts,
      ...(relay === null ? [] : [{ from: relay.folder, to: dirname(KHIPU_EGRESS_SOCKET) }]),
    ],
    links,
    workspace,
    limits,
  });
  await stage.own(bundle);
  const bounds = { ...limits, memoryBytes: limits.memoryBytes + OWN_MEMORY_BYTES, cpuMs: limits.cpuMs + OWN_CPU_MS };
  const cgroup = makeCgroup({ ...bounds, processes: limits.processes * THREADS_EACH + OWN_THREADS });
  try {
    const run = await supervise({
      ...launched({ uid: sandboxUid(), cgroup, closesDescriptors: true, env: {} }, [
        ...outer,
        ...gvisor(state, bundle, relay !== null),
      ]),
      ...{ input: request.input ?? '', limits: bounds, descriptors: [], signal: request.signal },
      converse: request.converse,
      ...{
        processesMax: limits.processes + OWN_PROCESSES,
        diskBytes: workspace === null ? null : () => diskUse(workspace),
      },
    });
    if (run.exit === 128)
      throw new SandboxError('SANDBOX_START_FAILED', run.errors.trim().split('\n').at(-1) ?? 'gVisor ended');
    return endOf(run, await wallsOf(cgroup?.version ?? null, relay === null ? 'none' : 'egress'), {
      limits,
      ranOutOfMemory: cgroup?.ranOutOfMemory() ?? false,
    });
  } catch (error) {
    if (codeOf(error).startsWith('SANDBOX_')) throw error;
    throw new SandboxError('SANDBOX_START_FAILED', messageOf(error), { cause: error });
  } finally {
    relay?.close();
    await cgroup?.remove();
  }
}

/**
 * Runs a program on a kernel of its own. Rejects with SANDBOX_START_FAILED when a wall cannot be set up, or the egress broker
 * does not answer.
 */
export async function runKernel(request: SandboxRequest, limits: SandboxLimits): Promise<SandboxResult> {
  const stage = await makeStage(sandboxUid());
  try {
    return await runIn(stage, request, limits);
  } finally {
    await stage.remove();
  }
}
