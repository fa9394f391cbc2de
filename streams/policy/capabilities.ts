import { anyCovers } from '../../schemas/capabilities.ts';

export type Fit = 'exact' | 'wildcard' | 'missing';

/** How `needed` is granted. Exact is better: it says that someone thought of this very thing. */
export function fitOf(granted: readonly string[], needed: string): Fit {
  if (granted.includes(needed)) return 'exact';
  return anyCovers(granted, needed) ? 'wildcard' : 'missing';
}
