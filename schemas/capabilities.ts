import { governingPrefixes } from './contexts.ts';

/**
 * Returns true when a granted capability covers a needed one. A capability is a path of segments, such as
 * `slm:invoke:llama-3:8b`. A granted one that ends in `*` covers every needed one that begins with the segments before
 * it and has at least one more: `slm:invoke:*` covers `slm:invoke:llama-3:8b` and `slm:invoke:default`, but not
 * `slm:invoke` and not `slm:embed:x`. A `*` elsewhere, or as part of a segment (`slm:inv*`), is an ordinary character.
 * A single `*` covers everything. A needed pattern is covered by an equal or a wider one.
 */
export function covers(granted: string, needed: string): boolean {
  if (granted === needed) return true;
  if (granted === '*') return needed !== '';
  return granted.endsWith(':*') && needed.length >= granted.length && needed.startsWith(granted.slice(0, -1));
}

/** Returns true when one of the granted capabilities covers the needed one. */
export const anyCovers = (granted: readonly string[], needed: string): boolean =>
  granted.some((capability) => covers(capability, needed));

/** Returns the `wanted` capabilities that `granted` does not cover: a principal can grant only its own capabilities. */
export const notCovered = (granted: readonly string[], wanted: readonly string[]): readonly string[] =>
  wanted.filter((capability) => !anyCovers(granted, capability));

/**
 * Returns true for a capability that governs the platform itself. Only people have it: no session gets one, because
 * agents hold sessions.
 */
export const governs = (capability: string): boolean =>
  governingPrefixes.some((prefix) => capability.startsWith(`${prefix}:`));
