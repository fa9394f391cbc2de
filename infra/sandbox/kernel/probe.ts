import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { codeOf, messageOf } from '../../kit/errors.ts';
import { defaultLimits } from '../port.ts';
import { RUNSC, runKernel } from './run.ts';

const TRIAL_MS = 30_000;
const PARTS = ['/usr/bin/bash', '/usr/bin/setpriv', '/usr/bin/unshare', RUNSC];

async function probe(): Promise<readonly string[]> {
  if (process.platform !== 'linux') return [`the tier needs Linux, this is ${process.platform}`];
  const missing: string[] = [];
  for (const path of PARTS) await access(path, constants.X_OK).catch(() => missing.push(`${path} is not there`));
  if (missing.length > 0) return missing;
  try {
    const request = { tier: 'kernel', program: { argv: ['/bin/sh', '-c', 'dmesg | head -n 1'] } } as const;
    const { error, output } = await runKernel(request, { ...defaultLimits, wallMs: TRIAL_MS });
    if (error !== null) return [`a trial failed: ${error.detail}`];
    return output.includes('gVisor') ? [] : ['another kernel than that of gVisor answered'];
  } catch (error) {
    return [`a trial failed with ${codeOf(error)}: ${messageOf(error)}`];
  }
}

let known: Promise<readonly string[]> | undefined;

/** Returns the reasons for which the tier cannot be had; empty when it can. It is tried once in a process. */
export function kernelTierLacks(): Promise<readonly string[]> {
  known ??= probe();
  return known;
}
