import { notCovered } from '../../../schemas/capabilities.ts';
import { Problem } from '../problems/problem.ts';

/**
 * Throws Problem CAPABILITY_MISSING when `granted` does not cover all of `wanted`. The problem names each missing
 * capability, with a pointer into `capabilities` of the body; `holder` is the subject of its detail.
 */
export function requireGranted(granted: readonly string[], wanted: readonly string[], holder: string): void {
  const missing = notCovered(granted, wanted);
  if (missing.length === 0) return;
  throw new Problem('CAPABILITY_MISSING', `${holder} does not have ${missing.join(', ')}`, {
    errors: missing.map((capability) => ({
      in: 'body',
      pointer: `#/capabilities/${wanted.indexOf(capability)}`,
      detail: `${holder} does not have ${capability}`,
    })),
  });
}
