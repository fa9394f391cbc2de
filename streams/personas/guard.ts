import {
  areInstructions,
  DESCRIPTION_CHARS_MAX,
  INSTRUCTIONS_BYTES_MAX,
  managingCapability,
  mayManagePersonas,
  PLATFORM,
  parsePersonaEntry,
  TEMPERATURE_MAX,
} from '../../schemas/contexts/personas/entries.ts';
import type { DefinePersona, Persona } from '../../schemas/generated/records.ts';
import type { topics } from '../../schemas/topics.ts';
import type { Meta, RecordsOf } from '../kernel.ts';

export type Command = RecordsOf<readonly [typeof topics.personasCommands]>;

export interface Refusal {
  readonly code: string;
  readonly detail: string;
}

/** Returns true for content within the limits. NaN is in none. */
const isContent = ({ description, instructions, temperature, maxTokens }: DefinePersona): boolean =>
  description.length <= DESCRIPTION_CHARS_MAX &&
  areInstructions(instructions) &&
  temperature >= 0 &&
  temperature <= TEMPERATURE_MAX &&
  (maxTokens ?? 1) >= 1;

/**
 * Returns the reason why a command changes nothing, or null. `live` is the existing persona. The gateway has checked form
 * and capabilities already; a command that arrived another way is checked here.
 */
export function refusalOf(
  command: Command,
  live: Persona | null,
  { tenantId }: Pick<Meta, 'tenantId'>,
): Refusal | null {
  const { entryId, capabilities, principalTenant, expectedVersion: expected } = command.data;
  const entry = parsePersonaEntry(entryId);
  if (entry === null || (entry.owner !== PLATFORM && entry.owner !== tenantId))
    return { code: 'ENTRY_INVALID', detail: `${entryId} is not a persona of tenant ${tenantId} or of the platform.` };
  const { owner } = entry;
  if (!mayManagePersonas(capabilities, principalTenant, owner))
    return { code: 'CAPABILITY_MISSING', detail: `This requires ${managingCapability(principalTenant, owner)}.` };
  if (command.type === 'DefinePersona' && !isContent(command.data))
    return {
      code: 'PERSONA_INVALID',
      detail: `A persona has instructions of 1 to ${INSTRUCTIONS_BYTES_MAX} bytes, and a temperature from 0 to ${TEMPERATURE_MAX}.`,
    };
  if (expected === 0)
    return live === null
      ? null
      : { code: 'ALREADY_EXISTS', detail: `${entryId} exists already: change it by its ETag.` };
  if (live === null) return { code: 'PERSONA_UNKNOWN', detail: `${entryId} does not exist.` };
  return expected === null || expected === live.version
    ? null
    : { code: 'PRECONDITION_FAILED', detail: `${entryId} has version ${live.version}, not ${expected}.` };
}
