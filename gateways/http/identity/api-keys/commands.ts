import { z } from 'zod';
import { hashOf, newKeyText } from '../../../../infra/security/api-key.ts';
import { capabilitiesOfKey } from '../../../../schemas/contexts/identity/directory.ts';
import { apiKeyEntry } from '../../../../schemas/contexts/identity/entries.ts';
import {
  apiKeyRevoked,
  type IdentityRefused,
  revokeApiKey,
  rotateApiKey,
} from '../../../../schemas/generated/records.ts';
import { requireGranted } from '../../../shared/auth/require-granted.ts';
import { versionedProblem, versionedRefusal } from '../../../shared/problems/versioned.ts';
import { isShownHere } from '../../../shared/resource/outcomes.ts';
import { askedBy } from '../../../shared/resource/scope.ts';
import { locationOf } from '../../../shared/resource/writes.ts';
import { declare } from '../../../shared/route/declare.ts';
import { common, keyOf, lost, ofKey, url, versioned, withoutText, withText } from './common.ts';
import { issue, issuedMeanwhile, type KeyServices, prefixOf } from './issue.ts';
import { createKeyBody, keyBody, keyTextBody, rotateKeyBody } from './schemas.ts';
import { keyView } from './views.ts';

const { command } = declare<KeyServices>();

/** Route that creates an API key. */
export const createApiKey = command({
  ...common,
  operationId: 'createApiKey',
  summary: 'Create an API key; its text is shown once',
  description:
    'Requires `identity:manage`, and each capability of the key. A 201 has the text of the key; only a slow hash of it is stored. A repeat with the same `Idempotency-Key` creates no other key: it answers 200 without the text. If the text is lost, rotate the key, or revoke it and create another.',
  method: 'POST',
  url,
  body: createKeyBody,
  appends: ['IssueApiKey'],
  command: issue,
  location: (request) => locationOf(url, prefixOf(request), request, true),
  pending: { id: 'ApiKeyPending', ...lost },
  problems: ['ALREADY_EXISTS', 'DIRECTORY_FULL'],
  outcomes: {
    ApiKeyIssued: {
      ...{ status: 201, schema: keyTextBody, ...versioned, repeat: withoutText },
      inEffect: ({ apiKey }, request) => isShownHere(apiKey, request),
      answer: (data, { sent }) => withText(data, sent),
    },
    // The prefix is taken: by the same request at another gateway, or by another key.
    IdentityRefused: {
      ...{ status: 200, schema: keyBody, version: ({ version }: IdentityRefused) => version },
      answer: async (data, request) => {
        const issued = data.code === 'ALREADY_EXISTS' ? await issuedMeanwhile(request) : null;
        if (issued === null) throw versionedProblem(data);
        return keyView(issued);
      },
    },
  },
});

/** Route that rotates an API key. */
export const rotateKey = command({
  ...common,
  ...ofKey,
  operationId: 'rotateApiKey',
  summary: 'Rotate the secret of an API key; the new text is shown once',
  description:
    'Requires `identity:manage`, each capability of the key, and `If-Match`, which keeps a repeated request from replacing the secret that it returned. The previous secret stays valid for `overlap_seconds`. A repeat with the same `Idempotency-Key` answers without the text.',
  method: 'POST',
  url: `${url}/:key_id/rotate`,
  ifMatch: 'required',
  body: rotateKeyBody,
  appends: ['RotateApiKey'],
  command: async (request) => {
    // Otherwise a caller could gain capabilities of an owner that has more.
    const grants = capabilitiesOfKey(request.services.tables.directory.value, keyOf(request));
    requireGranted(request.caller.capabilities, grants, 'The caller');
    const { key_id: prefix } = request.params;
    const secret = newKeyText(prefix);
    const asked = { ...askedBy(request, apiKeyEntry(prefix)), expectedVersion: request.expectedVersion };
    const overlapS = request.body.overlap_seconds;
    return { command: rotateApiKey({ ...asked, hash: await hashOf(secret), overlapS, grants }), secret };
  },
  pending: { id: 'RotationPending', ...lost },
  problems: ['CAPABILITY_MISSING'],
  outcomes: {
    IdentityRefused: versionedRefusal('API_KEY_UNKNOWN', 'API_KEY_REVOKED'),
    ApiKeyRotated: {
      ...{ status: 200, schema: keyTextBody, ...versioned, repeat: withoutText },
      inEffect: ({ apiKey }, request) => isShownHere(apiKey, request),
      answer: (data, { sent }) => withText(data, sent),
    },
  },
});

/** Route that revokes an API key. */
export const revokeKey = command({
  ...common,
  ...ofKey,
  operationId: 'revokeApiKey',
  summary: 'Revoke an API key immediately and permanently',
  description:
    'Requires `identity:manage`. Every gateway refuses the key within moments, including its previous secret, and ends the streams that were opened with it. `If-Match` is optional, so that a leaked key can be revoked without reading it first.',
  method: 'DELETE',
  url: `${url}/:key_id`,
  ifMatch: 'optional',
  appends: ['RevokeApiKey'],
  command: (request) => {
    const apiKey = keyOf(request);
    const { expectedVersion, params, tenantId, caller } = request;
    if (apiKey.status !== 'revoked')
      return revokeApiKey({ ...askedBy(request, apiKeyEntry(params.key_id)), expectedVersion });
    const record = apiKeyRevoked({ entryId: apiKey.entryId, apiKey, by: caller.principal, byTenant: caller.tenantId });
    return {
      known: { record, eventId: '', tenantId, place: null, requestDigest: null, position: null, timeMs: Date.now() },
    };
  },
  problems: ['API_KEY_UNKNOWN'],
  outcomes: {
    ApiKeyRevoked: {
      status: 204,
      schema: z.undefined().describe('This gateway refuses the key'),
      inEffect: ({ apiKey }, request) => isShownHere(apiKey, request),
      answer: () => undefined,
    },
    IdentityRefused: {
      status: 204,
      schema: z.undefined(),
      answer: (data) => {
        if (data.code !== 'API_KEY_REVOKED') throw versionedProblem(data);
        return undefined;
      },
    },
  },
});
