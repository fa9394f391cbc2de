import { SandboxError } from '../../sandbox/errors.ts';
import { kernelTierLacks } from '../../sandbox/kernel/probe.ts';
import type { SandboxLimits, SandboxResult, Tier } from '../../sandbox/port.ts';
import { tiers } from '../../sandbox/port.ts';
import { processTierLacks } from '../../sandbox/process/probe.ts';
import { ToolError } from '../errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { ToolAudit, ToolRun } from './port.ts';

/** Resolves with the reasons for which a tier cannot be had in this process; empty for one that can. */
export type TierLacks = (tier: Tier) => Promise<readonly string[]>;

/** Tries a tier at its first use. The interpreters of `wasm` come with the packages; a run says when one is not there. */
export const tierLacks: TierLacks = async (tier) => {
  switch (tier) {
    case 'wasm':
      return [];
    case 'process':
      return processTierLacks();
    case 'kernel':
      return kernelTierLacks();
  }
};

/** The walls of each tier that is there: its start ends when one of them cannot be set up. */
const WALLS: Readonly<Record<Tier, readonly string[]>> = {
  wasm: ['interpreter', 'process'],
  process: ['namespaces', 'seccomp', 'rlimits'],
  kernel: ['own-kernel', 'namespaces', 'seccomp', 'rlimits'],
};

const unavailable = (detail: string): ToolError => new ToolError('SANDBOX_UNAVAILABLE', detail, { effect: 'none' });

/** Returns the tier of a tool that runs code. Throws ToolError SANDBOX_UNAVAILABLE. */
export function tierOf({ tier }: Manifest): Tier {
  const found = tiers.find((each) => each === tier);
  if (found === undefined) throw unavailable(`Code does not run in the tier ${tier}`);
  return found;
}

/**
 * Resolves with the tier and the walls of a tool that runs code. Rejects with ToolError SANDBOX_UNAVAILABLE when the tier is
 * not there: no weaker one takes its place.
 */
export async function sandboxAudit(manifest: Manifest, lacksOf: TierLacks): Promise<ToolAudit> {
  const tier = tierOf(manifest);
  const lacks = await lacksOf(tier);
  if (lacks.length > 0) throw unavailable(`The tier ${tier} is not there: ${lacks.join('; ')}`);
  if (manifest.hosts.length === 0) return { tier, walls: WALLS[tier] };
  if (tier === 'wasm') throw unavailable('The tier wasm has no way to a host');
  return { tier, walls: [...WALLS[tier], 'egress-broker'] };
}

/** Returns the limits of a run: its time is that of the call, the others are the defaults of sandboxes. */
export const limitsOf = ({ timeoutMs }: Pick<ToolRun, 'timeoutMs'>): Partial<SandboxLimits> => ({
  wallMs: timeoutMs,
  cpuMs: timeoutMs,
});

/** Runs a program. Rejects with ToolError when it was not run, or was stopped with the call. */
export async function ran<Result extends SandboxResult>(run: ToolRun, open: () => Promise<Result>): Promise<Result> {
  let result: Result;
  try {
    result = await open();
  } catch (error) {
    throw toolErrorOf(error);
  }
  if (result.error?.code === 'SANDBOX_STOPPED') throw run.signal.reason ?? new Error('the program was stopped');
  return result;
}

/** Nothing was run. Another worker, or this one later, may start what this one could not. */
function toolErrorOf(error: unknown): unknown {
  if (!(error instanceof SandboxError)) return error;
  const { code, message } = error;
  switch (code) {
    case 'SANDBOX_UNAVAILABLE':
      return new ToolError('SANDBOX_UNAVAILABLE', message, { effect: 'none', cause: error });
    case 'SANDBOX_REQUEST_INVALID':
      return new ToolError('TOOL_ARGUMENTS_INVALID', message, { effect: 'none', cause: error });
    default:
      return new ToolError('TOOL_UNAVAILABLE', message, { effect: 'none', canRetry: true, cause: error });
  }
}
