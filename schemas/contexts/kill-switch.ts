/**
 * Scopes of kill switches, the capabilities to set them, and the switches that stop a request. How to use it:
 * docs/how-to/stop-everything.md.
 */
import { anyCovers } from '../capabilities.ts';
import type { KillSwitch } from '../generated/records.ts';
import { type NamedResource, resourceTypes } from '../governed-command.ts';

/** Kinds of scopes: a tenant, or a resource of any type. */
export const scopeKinds: readonly string[] = ['tenant', ...resourceTypes.map((type) => type.toLowerCase())];

/** Pattern of a scope: `global`, or a kind and an id of at most 200 visible ASCII characters. */
export const SCOPE = new RegExp(String.raw`^(?:global|(?:${scopeKinds.join('|')}):[\x21-\x7e]{1,200})$`);

/** Every switch that was engaged at least once, by scope. */
export type KillSwitches = ReadonlyMap<string, KillSwitch>;

/** The part of a request that switches depend on. */
export interface Work {
  readonly tenant: string;
  /** Every resource that it uses, under each of its names. */
  readonly resources: readonly NamedResource[];
}

/** Returns the scopes of a request, the widest first. */
export const scopesOf = ({ tenant, resources }: Work): readonly string[] => [
  'global',
  `tenant:${tenant}`,
  ...resources.map(({ type, id }) => `${type.toLowerCase()}:${id}`),
];

/** Returns the engaged switches. */
export const engagedSwitches = (switches: KillSwitches): readonly KillSwitch[] =>
  [...switches.values()].filter(({ engaged }) => engaged);

/** Returns the engaged switches that apply to a request, the widest first. */
export function switchesOver(switches: KillSwitches, work: Work): readonly KillSwitch[] {
  if (switches.size === 0) return [];
  return scopesOf(work).flatMap((scope) => {
    const found = switches.get(scope);
    return found?.engaged ? [found] : [];
  });
}

/**
 * Returns true when the capabilities may set the switch of a scope. `kill-switch:set` sets the switch of one's own
 * tenant, `kill-switch:set:<scope>` that of any covered scope: a scope beyond one's own tenant must be granted by name
 * or by `kill-switch:set:*`. Never throws.
 */
export const maySet = (capabilities: readonly string[], tenant: string, scope: string): boolean =>
  anyCovers(capabilities, `kill-switch:set:${scope}`) ||
  (scope === `tenant:${tenant}` && anyCovers(capabilities, 'kill-switch:set'));
