/** Types of the parts that the tests use: the package has none. */
declare module 'oidc-provider' {
  import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

  interface Configuration {
    readonly jwks: { readonly keys: readonly object[] };
    readonly clients: readonly object[];
    readonly scopes: readonly string[];
    /** Seconds. */
    readonly ttl: { readonly ClientCredentials: number };
    readonly extraTokenClaims: (
      context: unknown,
      token: { readonly clientId?: string; readonly accountId?: string },
    ) => object;
    readonly interactions: { readonly url: (context: unknown, interaction: { readonly uid: string }) => string };
    readonly findAccount: (context: unknown, id: string) => object;
    readonly loadExistingGrant: (context: GrantContext) => Promise<Grant>;
    readonly features: {
      readonly clientCredentials: { readonly enabled: boolean };
      readonly devInteractions: { readonly enabled: boolean };
      readonly resourceIndicators: {
        readonly enabled: boolean;
        readonly getResourceServerInfo: (context: unknown, resource: string) => object;
      };
    };
  }

  interface Grant {
    addOIDCScope(scope: string): void;
    addResourceScope(resource: string, scope: string): void;
    save(): Promise<string>;
  }

  interface GrantContext {
    readonly oidc: {
      readonly client: { readonly clientId: string };
      readonly session: { readonly accountId: string };
      readonly provider: {
        readonly Grant: new (of: { readonly clientId: string; readonly accountId: string }) => Grant;
      };
    };
  }

  export default class Provider {
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
    constructor(issuer: string, configuration: Configuration);
    callback(): RequestListener;
  }
}
