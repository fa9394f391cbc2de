import { z } from 'zod';
import { KEY_PREFIX, OVERLAP_S_MAX, PRINCIPAL } from '../../../../schemas/contexts/identity/entries.ts';
import { page } from '../../../shared/paging.ts';
import { capabilities, displayName, version } from '../fields.ts';

const instant = z.string().nullable();

/** Schema of a key's id. */
export const keyId = z.string().regex(KEY_PREFIX, 'Expected 8 lower-case letters and digits');
/** Body of a creation. */
export const createKeyBody = z
  .strictObject({
    name: displayName,
    owner: z
      .string()
      .regex(PRINCIPAL, 'Expected user: or service_account: and an id')
      .meta({ description: 'Principal that acts with the key', examples: ['service_account:search'] }),
    capabilities: capabilities.optional().meta({
      description: 'Capabilities of the key, each one of its owner; all capabilities of the owner when omitted',
    }),
  })
  .meta({
    id: 'CreateApiKey',
    examples: [{ name: 'search in production', owner: 'service_account:search', capabilities: ['slm:invoke:*'] }],
  });
/** Body of a rotation. */
export const rotateKeyBody = z
  .strictObject({
    overlap_seconds: z
      .int()
      .min(0)
      .max(OVERLAP_S_MAX)
      .default(0)
      .meta({ description: 'Seconds for which the previous secret stays valid; at most seven days' }),
  })
  .meta({ id: 'RotateApiKey', examples: [{ overlap_seconds: 3600 }] });
const keyFacts = {
  key_id: z.string().meta({ description: 'The part of the key after `khp_`' }),
  tenant_id: z.string().meta({ description: 'Tenant of the key' }),
  version,
  name: z.string().meta({ description: 'Display name' }),
  owner: z.string().meta({ description: 'Principal that acts with the key' }),
  capabilities: z
    .array(z.string())
    .nullable()
    .meta({ description: 'Capabilities of the key; null for all capabilities of its owner' }),
  status: z.enum(['active', 'revoked']).meta({ description: 'Every gateway refuses a revoked key' }),
  created_at: z.string().meta({ description: 'Time of the creation, RFC 3339' }),
  rotated_at: instant.meta({ description: 'Time of the latest rotation, RFC 3339; null without one' }),
  former_secret_until: instant.meta({ description: 'Time until which the previous secret is valid, RFC 3339' }),
};
/** Schema of a key without its text. */
export const keyBody = z.object(keyFacts).meta({ id: 'ApiKey' });
/** Schema of a key with its text. */
export const keyTextBody = z
  .object({ ...keyFacts, key: z.string().meta({ description: 'Text of the key. It is shown only in this answer' }) })
  .meta({ id: 'ApiKeyWithText' });
/** Schema of a page of keys. */
export const keyPage = page(keyBody, 'ApiKeyPage');
