import type { AuthProvider } from '@modelcontextprotocol/client';
import type { Manifest } from '../../manifest/manifest.ts';
import { type OAuthToken, oauthToken } from '../../oauth/tokens.ts';
import { type HttpToolParts, type ToolHttp, toolHttp, toolSecret } from '../http-client.ts';
import { REQUESTS_MAX, type ToolRun } from '../port.ts';
import { brokerFetch } from './fetch.ts';

/** The token of a manifest, and the client that asks for it: without the credential of the server. */
export interface Authorized {
  readonly token: OAuthToken;
  readonly plain: ToolHttp;
}

/**
 * Returns how a run has tokens of OAuth: the broker attaches the one in force, outside of the client of the protocol, and a 401
 * asks for another.
 */
export function authOf({ token, plain }: Authorized, run: ToolRun, failed: (error: unknown) => void): AuthProvider {
  let seen: string | null = null;
  return {
    async token() {
      seen = token.current();
      return undefined;
    },
    async onUnauthorized({ response, serverUrl }) {
      try {
        // What a metadata request answers is no failure of the run: several addresses are tried.
        await token.renew(
          response,
          serverUrl,
          brokerFetch(plain, run, () => undefined),
          seen,
        );
      } catch (error) {
        failed(error);
        throw error;
      }
    },
  };
}

/** Returns the token of a manifest that names one of OAuth, which there is none of yet; null for any other manifest. */
export function authorizedBy(manifest: Manifest, tenantId: string, parts: HttpToolParts): Authorized | null {
  const found = manifest.credentials?.find(({ oauth }) => oauth !== undefined);
  if (found?.oauth === undefined) return null;
  const { path } = toolSecret(parts.secretsDir, tenantId, found.name);
  const token = oauthToken({ path, terms: found.oauth, secrets: parts.secrets, writeSecret: parts.writeSecret });
  return { token, plain: toolHttp({ ...manifest, credentials: [] }, tenantId, parts) };
}

/** Returns the client of a tool with the requests for its tokens: they belong to its calls. */
export function httpOf(
  manifest: Manifest,
  tenantId: string,
  parts: HttpToolParts,
  authorized: Authorized | null,
): ToolHttp {
  if (authorized === null) return toolHttp(manifest, tenantId, parts);
  const { token, plain } = authorized;
  const http = toolHttp(manifest, tenantId, parts, token);
  return {
    ...http,
    requests: (callId) => [...plain.requests(callId), ...http.requests(callId)].slice(0, REQUESTS_MAX),
    forget(callId) {
      plain.forget(callId);
      http.forget(callId);
    },
    async close() {
      await Promise.all([plain.close(), http.close()]);
    },
  };
}
