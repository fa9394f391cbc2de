/** Every persona of the platform and of its tenants, as gateways and policy hold them. */
import type { DecidedPersona, Persona } from '../../generated/records.ts';
import { PLATFORM } from './entries.ts';

/** Owner → name → persona. Removed personas stay, so that their versions continue. */
export type Personas = ReadonlyMap<string, ReadonlyMap<string, Persona>>;

const ownerOf = ({ tenantId }: Pick<Persona, 'tenantId'>): string => tenantId ?? PLATFORM;

/** Returns the personas with the current state of one. */
export const withPersona = (known: Personas, persona: Persona): Personas =>
  new Map(known).set(ownerOf(persona), new Map(known.get(ownerOf(persona))).set(persona.name, persona));

/** Returns a persona of one owner, in any status; undefined when it was never defined. */
export const personaOfOwner = (known: Personas, owner: string, name: string): Persona | undefined =>
  known.get(owner)?.get(name);

const active = (persona: Persona | undefined): Persona | undefined =>
  persona?.status === 'active' ? persona : undefined;

/** Returns the active persona of one owner; undefined when there is none. */
export const activePersona = (known: Personas, owner: string, name: string): Persona | undefined =>
  active(personaOfOwner(known, owner, name));

/** Returns the persona that a tenant uses by a name: its own, otherwise that of the platform; undefined for none. */
export const personaOf = (known: Personas, tenantId: string, name: string): Persona | undefined =>
  activePersona(known, tenantId, name) ?? activePersona(known, PLATFORM, name);

const byName = (one: Persona, other: Persona): number => (one.name < other.name ? -1 : 1);

/** Returns the active personas of one owner, ordered by name. */
export const personasOfOwner = (known: Personas, owner: string): readonly Persona[] =>
  [...(known.get(owner)?.values() ?? [])].filter(({ status }) => status === 'active').sort(byName);

/** Returns the personas that a tenant can use, each name once, ordered by name. */
export function personasOf(known: Personas, tenantId: string): readonly Persona[] {
  const shared = personasOfOwner(known, PLATFORM).map((persona) => [persona.name, persona] as const);
  const own = personasOfOwner(known, tenantId).map((persona) => [persona.name, persona] as const);
  return [...new Map([...shared, ...own]).values()].sort(byName);
}

/** Returns the names of the personas that a tenant can use, in order. */
export const personaNames = (known: Personas, tenantId: string): readonly string[] =>
  personasOf(known, tenantId).map(({ name }) => name);

/** Returns the number of personas of an owner, including removed ones. */
export const personaCount = (known: Personas, owner: string): number => known.get(owner)?.size ?? 0;

/** Returns true when the persona has this version or a later one. */
export const personasHold = (known: Personas, { name, version, ...of }: Persona): boolean =>
  (personaOfOwner(known, ownerOf(of), name)?.version ?? 0) >= version;

/** Returns the persona of a command, for its decision; null for a command without one. Never throws. */
export function decidedPersona(known: Personas, tenantId: string, name: string | null): DecidedPersona | null {
  if (name === null) return null;
  const found = personaOf(known, tenantId, name);
  if (found === undefined) return { name, entryId: '', version: 0, instructions: '', temperature: 0 };
  const { entryId, version, instructions, temperature } = found;
  return { name, entryId, version, instructions, temperature };
}
