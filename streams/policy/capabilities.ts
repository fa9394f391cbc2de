import { anyCovers } from '../../schemas/capabilities.ts';

/** How a capability is granted. */
export type Fit = 'exact' | 'wildcard' | 'missing';

/**
 * Returns how `needed` is granted. An exact grant is better than a wildcard, because it was given for this capability.
 * Never throws. Source: least privilege, Saltzer and Schroeder, The Protection of Information in Computer Systems,
 * 1975.
 */
export function fitOf(granted: readonly string[], needed: string): Fit {
  if (granted.includes(needed)) return 'exact';
  return anyCovers(granted, needed) ? 'wildcard' : 'missing';
}
