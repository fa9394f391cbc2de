import { z } from 'zod';
import { builtInPersonas } from '../../../schemas/contexts/personas/built-in.ts';
import {
  areInstructions,
  DESCRIPTION_CHARS_MAX,
  INSTRUCTIONS_BYTES_MAX,
  PERSONA_NAME,
  TEMPERATURE_DEFAULT,
  TEMPERATURE_MAX,
} from '../../../schemas/contexts/personas/entries.ts';
import { page } from '../../shared/paging.ts';
import { tenantId } from '../../shared/resource/scope.ts';
import { answerTokens, model } from '../../shared/schemas.ts';

/** Path parameter of a persona. */
export const personaFields = {
  persona: z
    .string()
    .regex(PERSONA_NAME, 'Expected lower-case letters, digits, dots, dashes and underscores')
    .meta({ description: 'Name of the persona', examples: ['clerk'] }),
};

const tenant = tenantId.optional().meta({
  description: "Tenant of the persona; the caller's own by default. Another one requires `personas:manage:<tenant>`",
});

/** Query of reads. */
export const readQuery = {
  tenant,
  scope: z.enum(['any', 'tenant', 'platform']).default('any').meta({
    description:
      '`any`: the persona that the tenant uses by the name, its own or that of the platform. `tenant` or `platform`: of that one alone',
  }),
};

/** Query of writes. */
export const writeQuery = {
  tenant,
  scope: z.enum(['tenant', 'platform']).default('tenant').meta({
    description: 'Whose persona to write. `platform`, which every tenant may use, requires `personas:manage:*`',
  }),
};

const content = {
  description: z.string().max(DESCRIPTION_CHARS_MAX).default('').meta({ description: 'Purpose, in one sentence' }),
  instructions: z
    .string()
    .min(1)
    .refine(
      areInstructions,
      `instructions must have 1 to ${INSTRUCTIONS_BYTES_MAX} bytes of UTF-8, and not only spaces`,
    )
    .meta({
      description: `Instructions to the model: the system message of every turn, at most ${INSTRUCTIONS_BYTES_MAX} bytes of UTF-8`,
      examples: ['You are a patient teacher. Explain one step at a time.'],
    }),
  model: model
    .nullable()
    .default(null)
    .meta({ description: 'Model of sessions that name none; null for the default of the platform' }),
  temperature: z.number().min(0).max(TEMPERATURE_MAX).default(TEMPERATURE_DEFAULT).meta({
    description: 'Sampling temperature of requests that name none; 0 is greedy',
  }),
  max_tokens: answerTokens
    .nullable()
    .default(null)
    .meta({ description: 'Maximum length of an answer, in tokens, of requests that name none; null for the default' }),
};

/** Body of a write. */
export const putPersonaBody = z.strictObject(content).meta({
  id: 'PutPersona',
  examples: [{ instructions: 'You are a careful clerk. Answer with the number of the form.', temperature: 0.2 }],
});

const [example] = builtInPersonas;

/** Schema of a persona. */
export const personaBody = z
  .object({
    name: z.string().meta({ description: 'Name of the persona', examples: [example?.name ?? ''] }),
    tenant_id: z.string().nullable().meta({ description: 'Tenant of the persona; null for one of the platform' }),
    version: z.int().meta({ description: 'Number of changes, from 1; the ETag is the same number in quotes' }),
    ...content,
  })
  .meta({ id: 'Persona' });

/** Schema of a page of personas. */
export const personaPage = page(personaBody, 'PersonaPage');
