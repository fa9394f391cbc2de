import { codeOf, messageOf } from '../../kit/errors.ts';
import { defaultLimits } from '../port.ts';
import { missingParts } from './host.ts';
import { runProcess } from './run.ts';

const TRIAL_MS = 15_000;

/** Returns the reasons for which the tier cannot be had; empty when a trial behind every wall of it worked. */
async function probe(): Promise<readonly string[]> {
  const missing = await missingParts();
  if (missing.length > 0) return missing;
  try {
    const request = { tier: 'process', program: { argv: ['node', '--version'] } } as const;
    const { error } = await runProcess(request, { ...defaultLimits, wallMs: TRIAL_MS });
    return error === null ? [] : [`a trial failed: ${error.detail}`];
  } catch (error) {
    return [`a trial failed with ${codeOf(error)}: ${messageOf(error)}`];
  }
}

let known: Promise<readonly string[]> | undefined;

/** Returns the reasons for which the tier cannot be had; empty when it can. It is tried once in a process. */
export function processTierLacks(): Promise<readonly string[]> {
  known ??= probe();
  return known;
}

export const isProcessTierThere = async (): Promise<boolean> => (await processTierLacks()).length === 0;
