import { notCovered } from '../../../schemas/capabilities.ts';
import { Problem } from '../problems/problem.ts';

/** Throws Problem CAPABILITY_MISSING that names each of the body's `capabilities` which those of `holder` do not cover. */
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
