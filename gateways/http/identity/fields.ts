import { z } from 'zod';
import { ROLE_NAME } from '../../../schemas/contexts/identity/entries.ts';
import { capability } from '../../shared/schemas.ts';

/** Schema of a role's name. */
export const roleName = z
  .string()
  .regex(ROLE_NAME, 'Expected lower-case letters, digits, dots, dashes and underscores')
  .meta({ examples: ['reader'] });
/** Schema of a display name. */
export const displayName = z
  .string()
  .min(1)
  .max(200)
  .meta({ description: 'Display name', examples: ['The search team'] });
/** Schema of a version. */
export const version = z
  .int()
  .meta({ description: 'Number of changes, from 1; the ETag is the same number in quotes' });
/** Schema of a list of capabilities. */
export const capabilities = z.array(capability).max(64);
