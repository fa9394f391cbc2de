/**
 * A capability is a path of segments, such as `slm:invoke:llama-3:8b`. A granted one that ends in `*` covers every needed
 * one that begins with the segments before it and has at least one more: `slm:invoke:*` covers `slm:invoke:llama-3:8b`
 * and `slm:invoke:default`, but neither `slm:invoke` nor `slm:embed:x`. A `*` elsewhere, or as part of a segment
 * (`slm:inv*`), is a letter like others. A lone `*` covers everything. A needed pattern is covered by an equal or a wider one.
 */
export function covers(granted: string, needed: string): boolean {
  if (granted === needed) return true;
  if (granted === '*') return needed !== '';
  return granted.endsWith(':*') && needed.length >= granted.length && needed.startsWith(granted.slice(0, -1));
}

/** True when one of the granted capabilities covers the needed one. */
export const anyCovers = (granted: readonly string[], needed: string): boolean =>
  granted.some((capability) => covers(capability, needed));

/** Those of `wanted` that none of `granted` covers: nobody gives what they do not have. */
export const notCovered = (granted: readonly string[], wanted: readonly string[]): readonly string[] =>
  wanted.filter((capability) => !anyCovers(granted, capability));

/** Capabilities that govern the platform itself. They stay with people: no session, which is what agents hold, gets one. */
export const governs = (capability: string): boolean =>
  /^(?:kill-switch|constitution|access|identity):/.test(capability);
