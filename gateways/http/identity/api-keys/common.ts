import { z } from 'zod';
import { apiKeyOfTenant } from '../../../../schemas/contexts/identity/directory.ts';
import type { ApiKey } from '../../../../schemas/generated/records.ts';
import type { CommandRequest } from '../../../shared/command/spec.ts';
import { Problem } from '../../../shared/problems/problem.ts';
import { requireManager, type Scope, tenantQuery } from '../../../shared/resource/scope.ts';
import { locationOf } from '../../../shared/resource/writes.ts';
import type { Shape } from '../../../shared/route/request.ts';
import type { KeyServices } from './issue.ts';
import { keyBody, keyId } from './schemas.ts';
import { keyView } from './views.ts';

/** URL of the API keys. */
export const url = '/v1/api-keys';
/** Members that the writes of API keys share. */
export const common = {
  tag: 'identity',
  query: tenantQuery,
  tenant: ({
    caller,
    query,
  }: {
    readonly caller: Scope['caller'];
    readonly query: { readonly tenant?: string | undefined };
  }) => query.tenant ?? caller.tenantId,
  takes: requireManager,
} as const;
/** Members that the writes of one key share. */
export const ofKey = {
  params: { key_id: keyId },
  location: (request: Scope & { readonly params: { readonly key_id: string } }) =>
    locationOf(url, request.params.key_id, request, true),
};
/** The 202 body of a write that makes a secret, which cannot be shown later. */
export const lost = {
  shape: { detail: z.string().meta({ description: 'Explanation for people' }) },
  of: () => ({
    detail: 'The command is in the log. The text of the key cannot be shown later: rotate the key, or revoke it',
  }),
};

type KeyEvent = { readonly apiKey: ApiKey };
/** Returns the version of an outcome's key, for the ETag. */
export const versioned = { version: ({ apiKey }: KeyEvent) => apiKey.version };

/** The answer to a repeated request: the key without its text, which is not stored. */
export const withoutText = { status: 200, schema: keyBody, answer: ({ apiKey }: KeyEvent) => keyView(apiKey) } as const;

/** Returns the key with its text for the request whose command made it; null for any other. */
export function withText(
  { apiKey }: KeyEvent,
  sent: { readonly command: { readonly data: { readonly hash: string } }; readonly secret: string } | object | null,
) {
  if (sent === null || !('secret' in sent) || sent.command.data.hash !== apiKey.hash) return null;
  return { ...keyView(apiKey), key: sent.secret };
}

/** Returns the key of a path. Throws Problem API_KEY_UNKNOWN when it does not belong to the tenant. */
export function keyOf({
  services,
  tenantId,
  params,
}: Pick<
  CommandRequest<KeyServices, typeof ofKey.params, Shape, undefined>,
  'services' | 'tenantId' | 'params'
>): ApiKey {
  const found = apiKeyOfTenant(services.tables.directory.value, tenantId, params.key_id);
  if (found === undefined) throw new Problem('API_KEY_UNKNOWN', `There is no API key ${params.key_id}`);
  return found;
}
