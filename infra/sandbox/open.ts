import { SandboxError } from './errors.ts';
import { kernelTierLacks } from './kernel/probe.ts';
import { runKernel } from './kernel/run.ts';
import { defaultLimits, type SandboxLimits, type SandboxRequest, type SandboxResult } from './port.ts';
import { processTierLacks } from './process/probe.ts';
import { runProcess } from './process/run.ts';
import { runWasm } from './wasm/run.ts';

function limitsOf(given: Partial<SandboxLimits> = {}): SandboxLimits {
  const limits = { ...defaultLimits, ...given };
  for (const [name, value] of Object.entries(limits))
    if (!Number.isSafeInteger(value) || value <= 0)
      throw new SandboxError('SANDBOX_REQUEST_INVALID', `limits.${name}: expected a positive whole number`);
  return limits;
}

const required = (tier: string, lacks: readonly string[]): void => {
  if (lacks.length > 0)
    throw new SandboxError('SANDBOX_UNAVAILABLE', `the tier ${tier} is not there: ${lacks.join('; ')}`);
};

/**
 * Runs a program in a sandbox of exactly the tier that is asked for, and resolves when it has ended and no process of it is
 * left. A program that fails or exceeds a limit is a result with `error`. Rejects with SandboxError when it was not run:
 * SANDBOX_UNAVAILABLE when the tier cannot be had here, SANDBOX_REQUEST_INVALID, SANDBOX_START_FAILED. It never runs in a
 * weaker tier.
 */
export async function openSandbox(request: SandboxRequest): Promise<SandboxResult> {
  const limits = limitsOf(request.limits);
  switch (request.tier) {
    case 'wasm':
      return runWasm(request, limits);
    case 'process':
      required('process', await processTierLacks());
      return runProcess(request, limits);
    case 'kernel':
      required('kernel', await kernelTierLacks());
      return runKernel(request, limits);
  }
}
