/**
 * Names of personas, their limits, and the principals that may manage them. How to use it:
 * docs/how-to/change-a-persona.md.
 */
import { anyCovers } from '../../capabilities.ts';
import { TENANT_ID } from '../identity/entries.ts';

export const PERSONA_NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;
/** Owner of the personas that every tenant may use, in place of a tenant. It is no tenant id. */
export const PLATFORM = '*';
/** Bound on instructions, in bytes of UTF-8: some 330 words. Every decision on a turn carries them. */
export const INSTRUCTIONS_BYTES_MAX = 2_000;
export const DESCRIPTION_CHARS_MAX = 500;
export const TEMPERATURE_MAX = 2;
/**
 * Sampling temperature of a persona that names none. Small models repeat themselves when greedy (0) and ramble above 0.8.
 */
export const TEMPERATURE_DEFAULT = 0.7;

/** Returns true for instructions within the limit. */
export const areInstructions = (text: string): boolean =>
  text.trim() !== '' && Buffer.byteLength(text, 'utf8') <= INSTRUCTIONS_BYTES_MAX;

/** Returns a temperature as JSON keeps it: that has no negative zero and no infinity, and no command has either. */
export const storableTemperature = (temperature: number): number =>
  Number.isFinite(temperature) ? temperature + 0 : TEMPERATURE_DEFAULT;

export interface PersonaEntry {
  /** A tenant, or PLATFORM. */
  readonly owner: string;
  readonly name: string;
}

/** Returns the entry id of a persona. */
export const personaEntry = (owner: string, name: string): string => `persona:${owner}:${name}`;

/** Parses an entry id; null when it is invalid. */
export function parsePersonaEntry(entryId: string): PersonaEntry | null {
  const [kind, owner = '', name = '', ...rest] = entryId.split(':');
  const isOwner = owner === PLATFORM || TENANT_ID.test(owner);
  return kind === 'persona' && isOwner && PERSONA_NAME.test(name) && rest.length === 0 ? { owner, name } : null;
}

/** Returns the capability for personas of an owner: of one's own tenant, of another, or of the platform. */
export const managingCapability = (ownTenant: string, owner: string): string =>
  owner === ownTenant ? 'personas:manage' : `personas:manage:${owner}`;

/**
 * Returns true when the capabilities may manage personas of an owner. `personas:manage` manages those of one's own tenant,
 * `personas:manage:<tenant>` those of a tenant, `personas:manage:*` those of every tenant and of the platform.
 */
export const mayManagePersonas = (capabilities: readonly string[], ownTenant: string, owner: string): boolean =>
  anyCovers(capabilities, `personas:manage:${owner}`) ||
  (owner === ownTenant && anyCovers(capabilities, 'personas:manage'));
