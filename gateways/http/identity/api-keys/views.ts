import type { z } from 'zod';
import type { ApiKey } from '../../../../schemas/generated/records.ts';
import type { keyBody } from './schemas.ts';

const instant = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

/** Returns the body of a key without its text. */
export const keyView = (key: ApiKey): z.infer<typeof keyBody> => ({
  key_id: key.prefix,
  tenant_id: key.tenantId,
  version: key.version,
  name: key.name,
  owner: key.owner,
  capabilities: key.capabilities === null ? null : [...key.capabilities],
  status: key.status,
  created_at: new Date(key.createdAt).toISOString(),
  rotated_at: instant(key.rotatedAt),
  former_secret_until: instant(key.previousUntil),
});
