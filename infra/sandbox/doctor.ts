import { cgroupVersion } from './cgroup.ts';
import { kernelTierLacks } from './kernel/probe.ts';
import { gvisorVersion } from './kernel/run.ts';
import { type Language, languages, type Tier } from './port.ts';
import { bubblewrapVersion, pythonPath, sandboxUid } from './process/host.ts';
import { processTierLacks } from './process/probe.ts';
import { interpreterVersion, missingInterpreter } from './wasm/run.ts';

/** A tier on this machine. */
export interface TierReport {
  readonly tier: Tier;
  readonly available: boolean;
  /** Software with its version; null when it is not there. */
  readonly by: string | null;
  readonly languages: readonly Language[];
  /** Reasons for which it cannot be had; empty when it can. */
  readonly lacks: readonly string[];
  /** Steps that would make it available, or that would put a further wall up. */
  readonly advice: readonly string[];
}

export interface SandboxReport {
  readonly tiers: readonly TierReport[];
  /** User of sandboxes; null for the user of this process. */
  readonly uid: number | null;
  /** Version of the control groups that bound all processes of a sandbox in the kernel; null: they are sampled instead. */
  readonly cgroup: 'v1' | 'v2' | null;
}

const NAMESPACES =
  'allow user namespaces: sysctl -w kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0; in a container, a seccomp profile that has unshare and mount, and an unmasked /proc';

/** Returns what to do about the reasons for which a tier is not there. */
export const adviceFor = (tier: 'process' | 'kernel', lacks: readonly string[]): readonly string[] => [
  ...(lacks.some((each) => /bash|prlimit|setpriv|unshare/.test(each)) ? ['apt-get install bash util-linux'] : []),
  ...(lacks.some((each) => /bwrap|bubblewrap/.test(each)) ? ['apt-get install bubblewrap (0.8.0 or later)'] : []),
  ...(lacks.some((each) => each.includes('runsc'))
    ? ['apt-get install runsc, or https://gvisor.dev/docs/user_guide/install']
    : []),
  ...(lacks.some((each) => each.includes('trial')) ? [NAMESPACES] : []),
  ...(tier === 'process' && lacks.some((each) => each.includes('Permission denied'))
    ? [`let the user of sandboxes read ${process.execPath}: every folder above it needs the right x for others`]
    : []),
];

async function wasmReport(): Promise<TierReport> {
  const missing = languages.map((language) => [language, missingInterpreter(language)] as const);
  const there = missing.filter(([, lack]) => lack === null).map(([language]) => language);
  return {
    ...{ tier: 'wasm', available: there.length > 0, languages: there },
    by: there.length === 0 ? null : there.map(interpreterVersion).join(', '),
    lacks: missing.flatMap(([, lack]) => lack ?? []),
    advice: there.length < languages.length ? ['npm ci, with optional packages'] : [],
  };
}

const cgroupAdvice =
  'delegate a control group with memory and pids to this process, for a bound on all its processes together';

async function programReport(tier: 'process' | 'kernel'): Promise<TierReport> {
  const lacks = tier === 'process' ? await processTierLacks() : await kernelTierLacks();
  const version = tier === 'process' ? await bubblewrapVersion() : await gvisorVersion();
  const name = tier === 'process' ? 'bubblewrap' : 'gVisor';
  const isThere = lacks.length === 0;
  return {
    ...{ tier, available: isThere, by: version === null ? null : `${name} ${version}`, lacks },
    languages: isThere ? ['javascript', ...(pythonPath() === null ? [] : (['python'] as const))] : [],
    advice: [
      ...adviceFor(tier, lacks),
      ...(isThere && pythonPath() === null ? ['apt-get install python3, for programs in Python'] : []),
      ...(isThere && cgroupVersion() === null ? [cgroupAdvice] : []),
    ],
  };
}

/** Tries each tier on this machine, with a program behind every wall of it. Never rejects for a tier that is not there. */
export async function examineSandboxes(): Promise<SandboxReport> {
  const tiers = [await wasmReport(), await programReport('process'), await programReport('kernel')];
  return { tiers, uid: sandboxUid(), cgroup: cgroupVersion() };
}
