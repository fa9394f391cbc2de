import { z } from 'zod';
import { ToolError } from '../errors.ts';

const clientId = z.string().min(1).max(2_000);
const text = z.string().min(1).max(16_384);

const secretSchema = z.union([
  /** Machine use: the client itself is authorized (RFC 6749, 4.4). */
  z.strictObject({ client_id: clientId, client_secret: text }),
  /** The same, with a signed assertion instead of a secret (RFC 7523). */
  z.strictObject({ client_id: clientId, private_key: text, algorithm: z.string().regex(/^[A-Z]{2}\d{3}$|^EdDSA$/) }),
  /** What a person has authorized, as `khipu tools authorize` writes it. */
  z.strictObject({
    client_id: clientId,
    client_secret: text.optional(),
    token_endpoint_auth_method: z.string().max(64).optional(),
    issuer: z.url(),
    refresh_token: text,
  }),
]);

/** A client of an authorization server, as the secret of a credential has it: JSON. */
export type OAuthSecret = z.infer<typeof secretSchema>;

/** Returns the client in the text of a secret. Throws ToolError TOOL_CREDENTIAL_UNAVAILABLE, which has nothing of the text. */
export function oauthSecretIn(json: string): OAuthSecret {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = null;
  }
  const found = secretSchema.safeParse(value);
  if (found.success) return found.data;
  const detail =
    'the secret is no client of OAuth: expected JSON with client_id, and client_secret, private_key or refresh_token';
  throw new ToolError('TOOL_CREDENTIAL_UNAVAILABLE', detail, { effect: 'none' });
}
