import { z } from 'zod';

/** Body of a sign-in with an API key. The longest key has less than 128 characters. */
export const signInBody = z.strictObject({ api_key: z.string().min(1).max(256) });

/** What the sign-in page offers. */
export const signInOptions = z.object({ identity_provider: z.object({ name: z.string() }).nullable() });

/** A session of the console, as its page sees it. */
export const consoleSessionBody = z.object({
  principal: z.string(),
  tenant_id: z.string(),
  capabilities: z.array(z.string()),
  /** To be sent in `x-khipu-csrf` with every request that may change something. */
  csrf_token: z.string(),
  /** Latest end of the session, RFC 3339. */
  expires_at: z.string(),
  /** Time without a request after which it ends earlier. */
  idle_seconds: z.int(),
  signed_in_with: z.enum(['api_key', 'identity_provider']),
});
