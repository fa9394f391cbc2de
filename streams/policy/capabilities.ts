import { covers } from '../../schemas/capabilities.ts';

export type Fit = 'exact' | 'wildcard' | 'missing';

/** How `needed` is granted. Exact is better: it says that someone thought of this very thing. */
export function fitOf(granted: readonly string[], needed: string): Fit {
  if (granted.includes(needed)) return 'exact';
  return granted.some((capability) => covers(capability, needed)) ? 'wildcard' : 'missing';
}
