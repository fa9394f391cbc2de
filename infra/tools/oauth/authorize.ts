import { randomBytes } from 'node:crypto';
import {
  Client,
  type FetchLike,
  type OAuthClientMetadata,
  type OAuthClientProvider,
  type OAuthDiscoveryState,
  type StoredOAuthClientInformation,
  type StoredOAuthTokens,
  StreamableHTTPClientTransport,
  UnauthorizedError,
} from '@modelcontextprotocol/client';
import { ToolError } from '../errors.ts';
import { CLIENT_NAME, type OAuthTerms } from './provider.ts';
import type { OAuthSecret } from './secret.ts';

/** Authorizations of one connection: a server may ask for more scopes than it did at first. */
const ROUNDS_MAX = 3;

/** Where the answer of an authorization server comes back, and who shows its page to a person. */
export interface Person {
  /** Redirect URI; a loopback address for a terminal (RFC 8252). */
  readonly redirectUrl: string;
  /** Shows the page, and resolves with the parameters that come back. */
  open(page: URL): Promise<URLSearchParams>;
}

export interface Authorizing {
  readonly url: URL;
  /** Any issuer when omitted: then the server says who it is. */
  readonly terms: Partial<OAuthTerms>;
  readonly fetch: FetchLike;
  readonly person: Person;
  /** URL of the metadata document of this client (CIMD), for an authorization server that reads it. */
  readonly clientMetadataUrl?: string | undefined;
  /** A client that is registered already; otherwise by its metadata document or by dynamic registration (RFC 7591). */
  readonly client?: { readonly client_id: string; readonly client_secret?: string | undefined } | undefined;
  readonly protocol?: 'auto' | 'legacy';
}

/** The state of one authorization, in memory alone. */
class Asking implements OAuthClientProvider {
  readonly clientMetadataUrl?: string;
  readonly clientMetadata: OAuthClientMetadata;
  readonly redirectUrl: string;
  readonly #asked: Authorizing;
  #client: StoredOAuthClientInformation | undefined;
  #tokens: StoredOAuthTokens | undefined;
  #discovery: OAuthDiscoveryState | undefined;
  #verifier = '';
  #state = '';
  #page: URL | null = null;

  constructor(asked: Authorizing) {
    this.#asked = asked;
    const { clientMetadataUrl, client, terms, person } = asked;
    if (clientMetadataUrl !== undefined) this.clientMetadataUrl = clientMetadataUrl;
    this.redirectUrl = person.redirectUrl;
    this.clientMetadata = {
      ...{ client_name: CLIENT_NAME, redirect_uris: [person.redirectUrl], response_types: ['code'] },
      grant_types: ['authorization_code', 'refresh_token'],
      ...(terms.scope !== undefined && { scope: terms.scope }),
    };
    if (client !== undefined)
      this.#client = {
        ...client,
        ...(terms.issuer !== undefined && { issuer: terms.issuer }),
      } as StoredOAuthClientInformation;
  }
  state = (): string => {
    this.#state = randomBytes(32).toString('base64url');
    return this.#state;
  };
  clientInformation = () => this.#client;
  saveClientInformation(client: StoredOAuthClientInformation): void {
    this.#client = client;
  }
  tokens = () => this.#tokens;
  saveTokens(tokens: StoredOAuthTokens): void {
    // A refresh may leave the token out that it was asked with (RFC 6749, 6).
    this.#tokens = { ...tokens, refresh_token: tokens.refresh_token ?? this.#tokens?.refresh_token };
  }
  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }
  codeVerifier = () => this.#verifier;
  discoveryState = () => this.#discovery;
  /** Rejects with ToolError TOOL_CREDENTIAL_REQUIRED for another authorization server than the manifest names. */
  saveDiscoveryState(state: OAuthDiscoveryState): void {
    const issuer = state.authorizationServerMetadata?.issuer ?? state.authorizationServerUrl;
    const { issuer: expected } = this.#asked.terms;
    if (expected !== undefined && issuer !== expected)
      throw new ToolError(
        'TOOL_CREDENTIAL_REQUIRED',
        'Tokens of the server are issued by another authorization server than the manifest names',
        { effect: 'none' },
      );
    this.#discovery = state;
  }
  invalidateCredentials(what: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery'): void {
    if (what === 'all' || what === 'tokens') this.#tokens = undefined;
    if (what === 'all' || what === 'discovery') this.#discovery = undefined;
    if ((what === 'all' || what === 'client') && this.#asked.client === undefined) this.#client = undefined;
  }
  redirectToAuthorization(page: URL): void {
    this.#page = page;
  }
  /** Shows the page that was asked for. Resolves with the parameters of its answer; null when none was. */
  async answer(): Promise<URLSearchParams | null> {
    if (this.#page === null) return null;
    const page = this.#page;
    this.#page = null;
    const found = await this.#asked.person.open(page);
    if (found.get('state') !== this.#state)
      throw new ToolError('TOOL_CREDENTIAL_REQUIRED', 'The answer is not one to this request: its state differs', {
        effect: 'none',
      });
    return found;
  }
  /** Returns what a worker needs to go on without the person; null without a refresh token. */
  secret(): OAuthSecret | null {
    const issuer = this.#discovery?.authorizationServerMetadata?.issuer ?? this.#discovery?.authorizationServerUrl;
    if (this.#tokens?.refresh_token === undefined || this.#client === undefined || issuer === undefined) return null;
    const { client_id, client_secret } = this.#client;
    const method = (this.#client as { readonly token_endpoint_auth_method?: string }).token_endpoint_auth_method;
    return {
      ...{ client_id, issuer, refresh_token: this.#tokens.refresh_token },
      ...(client_secret !== undefined && { client_secret }),
      ...(method !== undefined && { token_endpoint_auth_method: method }),
    };
  }
}

/**
 * Connects to a server that wants the authorization of a person, shows the page of its authorization server as often as it asks,
 * at most three times, and runs `work`. Resolves with what it resolves with, and with the client and its refresh token. PKCE,
 * resource (RFC 8707), issuer (RFC 9207) and state are checked. Rejects with ToolError TOOL_CREDENTIAL_REQUIRED, and with the
 * errors of the SDK.
 */
export async function withAuthorization<T>(
  asked: Authorizing,
  work: (client: Client) => Promise<T>,
): Promise<{ readonly value: T; readonly secret: OAuthSecret | null }> {
  const provider = new Asking(asked);
  const { url, fetch, protocol = 'auto' } = asked;
  for (let round = 0; ; round += 1) {
    const transport = new StreamableHTTPClientTransport(url, { authProvider: provider, fetch });
    const client = new Client(
      { name: 'khipu', version: '1.0.0' },
      { capabilities: {}, versionNegotiation: { mode: protocol } },
    );
    try {
      await client.connect(transport);
      return { value: await work(client), secret: provider.secret() };
    } catch (error) {
      const answer = error instanceof UnauthorizedError && round < ROUNDS_MAX ? await provider.answer() : null;
      if (answer === null) throw error;
      await transport.finishAuth(answer);
    } finally {
      await client.close().catch(() => undefined);
    }
  }
}
