import type { z } from 'zod';
import type { Persona } from '../../../schemas/generated/records.ts';
import type { personaBody } from './schemas.ts';

/** Returns the body of a persona. */
export const personaView = ({
  name,
  tenantId,
  version,
  description,
  instructions,
  model,
  temperature,
  maxTokens,
}: Persona): z.infer<typeof personaBody> => ({
  ...{ name, tenant_id: tenantId, version, description, instructions, model, temperature },
  max_tokens: maxTokens,
});
