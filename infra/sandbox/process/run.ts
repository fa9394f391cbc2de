import { openSync, unlinkSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { codeOf, messageOf } from '../../kit/errors.ts';
import { makeCgroup } from '../cgroup.ts';
import { diskUse } from '../disk-use.ts';
import { SandboxError } from '../errors.ts';
import type { SandboxLimits, SandboxRequest, SandboxResult, Walls } from '../port.ts';
import { endOf } from '../result.ts';
import { isArchitecture, seccompFilter } from '../seccomp/filter.ts';
import { makeStage, type Stage } from '../stage.ts';
import { supervise } from '../supervise.ts';
import { bubblewrapVersion, pythonPath, rootFolders, rootLinks, sandboxUid } from './host.ts';
import { bubblewrapArguments, commandLine, EGRESS_FD, type Mount, type ProcessPlan, rlimitArguments } from './plan.ts';

/** Path of Node inside; also on the PATH. */
export const SANDBOXED_NODE = '/runtime/node';
/** Environment of every program; nothing of this process is in it. */
export const RUNTIME = { PATH: '/runtime:/usr/bin:/bin', HOME: '/workspace', TMPDIR: '/tmp', LANG: 'C.UTF-8' };

/** What a program of this tier is made of, and what is mounted for it. */
export interface Prepared {
  readonly argv: readonly string[];
  readonly mounts: readonly Mount[];
  /** Address space that the program reserves and does not use, which RLIMIT_DATA counts all the same. */
  readonly reservedBytes: number;
}

/** V8 reserves a range for machine code. Measured: 512 MiB with Node 24. */
const RESERVED_BY_NODE = 640 * 1024 * 1024;

/** Puts a program and its files in a stage. Rejects with SANDBOX_UNAVAILABLE for a language that is not there. */
export async function prepare(request: SandboxRequest, stage: Stage): Promise<Prepared> {
  const mounts: Mount[] = [
    { from: process.execPath, to: SANDBOXED_NODE },
    ...rootFolders().map((path) => ({ from: path, to: path })),
    { from: await stage.put('files', request.files ?? {}), to: '/files' },
  ];
  const { program } = request;
  if ('argv' in program) {
    const isNode = program.argv[0] === 'node' || program.argv[0] === SANDBOXED_NODE;
    return { argv: program.argv, mounts, reservedBytes: isNode ? RESERVED_BY_NODE : 0 };
  }
  const isScript = program.language === 'javascript';
  const python = isScript ? null : pythonPath();
  if (!isScript && python === null)
    throw new SandboxError('SANDBOX_UNAVAILABLE', 'there is no /usr/bin/python3 on this machine');
  const name = isScript ? 'main.mjs' : 'main.py';
  mounts.push({ from: await stage.put('program', { [name]: program.code }), to: '/program' });
  const argv = isScript ? [SANDBOXED_NODE, `/program/${name}`] : ['/usr/bin/python3', '-I', '-B', `/program/${name}`];
  return { argv, mounts, reservedBytes: isScript ? RESERVED_BY_NODE : 0 };
}

/** Returns the plan of a request: every wall of the tier. */
export function planOf(
  request: SandboxRequest,
  limits: SandboxLimits,
  { argv, mounts, reservedBytes }: Prepared,
): ProcessPlan {
  const env = { ...RUNTIME, ...(request.egressSocket !== undefined && { KHIPU_EGRESS_FD: String(EGRESS_FD) }) };
  const inside = { limits, mounts, links: rootLinks(), workspace: request.workspace ?? null, env };
  if (!isArchitecture(process.arch))
    throw new SandboxError('SANDBOX_UNAVAILABLE', `there is no seccomp filter for ${process.arch}`);
  return {
    ...{ bubblewrap: bubblewrapArguments(inside), seccomp: seccompFilter(process.arch), argv, uid: sandboxUid() },
    ...{
      rlimits: rlimitArguments(limits, reservedBytes),
      cgroup: makeCgroup(limits),
      closesDescriptors: true,
      env: {},
    },
  };
}

/** Opens a file that has no name any more, with the filter as its content. */
function filterDescriptor(stage: Stage, filter: Buffer): number {
  const path = join(stage.folder, 'seccomp');
  writeFileSync(path, filter);
  const descriptor = openSync(path, 'r');
  unlinkSync(path);
  return descriptor;
}

/** Connects to the broker; the connection is handed to the program, which can open none itself. */
const connected = (path: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ path, allowHalfOpen: true });
    socket.once('connect', () => resolve(socket.pause()));
    socket.once('error', (error) =>
      reject(new SandboxError('SANDBOX_START_FAILED', `the egress broker does not answer: ${messageOf(error)}`)),
    );
  });

/** Runs a plan. Rejects with SANDBOX_START_FAILED when a wall cannot be set up: the program has not begun then. */
export async function runPlan(
  plan: ProcessPlan,
  request: SandboxRequest,
  limits: SandboxLimits,
  stage: Stage,
): Promise<SandboxResult> {
  const egress = request.egressSocket === undefined ? null : await connected(request.egressSocket);
  const filter = plan.seccomp === null ? null : filterDescriptor(stage, plan.seccomp);
  const { workspace } = request;
  try {
    const run = await supervise({
      ...{ ...commandLine(plan), limits, input: request.input ?? '', signal: request.signal },
      converse: request.converse,
      processesMax: null,
      descriptors: [egress ?? 'ignore', filter ?? 'ignore', 'pipe'],
      diskBytes: workspace === undefined ? null : () => diskUse(workspace),
    });
    const status = run.piped[2] ?? '';
    if (run.endedBy === null && !status.includes('"exit-code"'))
      throw new SandboxError('SANDBOX_START_FAILED', run.errors.trim().split('\n').at(-1) ?? 'bubblewrap ended');
    return endOf(run, await wallsOf(plan, request), { limits, ranOutOfMemory: plan.cgroup?.ranOutOfMemory() ?? false });
  } catch (error) {
    if (codeOf(error).startsWith('SANDBOX_')) throw error;
    throw new SandboxError('SANDBOX_START_FAILED', messageOf(error), { cause: error });
  } finally {
    egress?.destroy();
    await plan.cgroup?.remove();
  }
}

const wallsOf = async (plan: ProcessPlan, request: SandboxRequest): Promise<Walls> => ({
  tier: 'process',
  by: `bubblewrap ${(await bubblewrapVersion()) ?? 'of unknown version'}`,
  namespaces: plan.bubblewrap.flatMap((each) =>
    each.startsWith('--unshare-') ? [each.slice('--unshare-'.length)] : [],
  ),
  ...{ seccomp: plan.seccomp !== null, ownKernel: false, cgroup: plan.cgroup?.version ?? null },
  ...{
    rlimits: plan.rlimits.length > 0,
    uid: plan.uid,
    network: request.egressSocket === undefined ? 'none' : 'egress',
  },
});

/** Runs a program in the tier `process`. */
export async function runProcess(request: SandboxRequest, limits: SandboxLimits): Promise<SandboxResult> {
  const stage = await makeStage(sandboxUid());
  try {
    return await runPlan(planOf(request, limits, await prepare(request, stage)), request, limits, stage);
  } finally {
    await stage.remove();
  }
}
