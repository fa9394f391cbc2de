/** What a kill switch stands over, who may set it, and which of them stop a piece of work. How it is used: docs/how-to/stop-everything.md. */
import { anyCovers } from './capabilities.ts';
import type { KillSwitch } from './generated/records.ts';

/** `global`, or a kind of thing and the id of one. */
export const SCOPE = /^(?:global|(?:tenant|model|tool|capsule):[\x21-\x7e]{1,200})$/;

/** Name of the model of requests that ask for none. */
export const DEFAULT_MODEL = 'default';

/** Every switch that was ever engaged, by scope. */
export type KillSwitches = ReadonlyMap<string, KillSwitch>;

export interface Work {
  readonly tenant: string;
  /** Every name that its model goes by. */
  readonly models: readonly string[];
  readonly tools?: readonly string[];
  readonly capsules?: readonly string[];
}

/** The scopes that a piece of work falls under, the widest first. */
export const scopesOf = ({ tenant, models, tools = [], capsules = [] }: Work): readonly string[] => [
  'global',
  `tenant:${tenant}`,
  ...models.map((id) => `model:${id}`),
  ...tools.map((id) => `tool:${id}`),
  ...capsules.map((id) => `capsule:${id}`),
];

/** The engaged switches that a piece of work falls under, the widest first. */
export function switchesOver(switches: KillSwitches, work: Work): readonly KillSwitch[] {
  if (switches.size === 0) return [];
  return scopesOf(work).flatMap((scope) => {
    const found = switches.get(scope);
    return found?.engaged ? [found] : [];
  });
}

/**
 * `kill-switch:set` sets the switch of one's own tenant, `kill-switch:set:<scope>` that of any scope it covers: what stands
 * over more than one tenant, or over another one, must be granted by name or by `kill-switch:set:*`.
 */
export const maySet = (capabilities: readonly string[], tenant: string, scope: string): boolean =>
  anyCovers(capabilities, `kill-switch:set:${scope}`) ||
  (scope === `tenant:${tenant}` && anyCovers(capabilities, 'kill-switch:set'));
