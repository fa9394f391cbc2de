/** Every problem that a gateway answers with: its stable code, its status, and a title that never changes. */
export const problemCatalogue = {
  REQUEST_MALFORMED: { status: 400, title: 'The request could not be read' },
  REQUEST_INVALID: { status: 400, title: 'The request is not valid' },
  UNAUTHENTICATED: { status: 401, title: 'Credentials are missing' },
  TOKEN_INVALID: { status: 401, title: 'The credentials are not valid' },
  TOKEN_EXPIRED: { status: 401, title: 'The token has expired' },
  TOKEN_REVOKED: { status: 401, title: 'The token was revoked' },
  CREDENTIAL_NOT_ALLOWED: { status: 403, title: 'Another kind of credentials is needed here' },
  CAPABILITY_MISSING: { status: 403, title: 'A capability is missing' },
  TENANT_SUSPENDED: { status: 403, title: 'The tenant is suspended' },
  PRINCIPAL_DISABLED: { status: 403, title: 'The user or service account is disabled' },
  POLICY_DENIED: { status: 403, title: 'The policy denies this' },
  ROUTE_UNKNOWN: { status: 404, title: 'There is nothing here' },
  SESSION_UNKNOWN: { status: 404, title: 'There is no such session' },
  REQUEST_UNKNOWN: { status: 404, title: 'There is no such request' },
  TENANT_UNKNOWN: { status: 404, title: 'There is no such tenant' },
  ROLE_UNKNOWN: { status: 404, title: 'There is no such role' },
  PRINCIPAL_UNKNOWN: { status: 404, title: 'There is no such user or service account' },
  API_KEY_UNKNOWN: { status: 404, title: 'There is no such API key' },
  CONSTITUTION_UNKNOWN: { status: 404, title: 'There is no such constitution' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'This method is not allowed here' },
  NOT_ACCEPTABLE: { status: 406, title: 'The answer cannot be given in an accepted media type' },
  KILL_SWITCH_NOT_ENGAGED: { status: 409, title: 'There is no engaged kill switch of this scope' },
  ALREADY_EXISTS: { status: 409, title: 'There is one of this name already' },
  API_KEY_REVOKED: { status: 409, title: 'The API key was revoked' },
  TENANT_IS_OWN: { status: 409, title: 'Nobody suspends their own tenant' },
  DIRECTORY_FULL: { status: 409, title: 'The tenant has too many entries' },
  CONSTITUTION_PUBLISHED_ALREADY: { status: 409, title: 'This version is published and never changes' },
  CONSTITUTION_NOT_PUBLISHED: { status: 409, title: 'This version is not published yet' },
  CONSTITUTION_NOT_VERIFIED: { status: 409, title: 'This version does not verify under the trusted keys' },
  CONSTITUTION_DIGEST_MISMATCH: { status: 409, title: 'This version has another digest' },
  CONSTITUTION_PROPOSALS_EXHAUSTED: { status: 409, title: 'Too many proposals are open' },
  CONSTITUTION_SIGNATURES_EXHAUSTED: { status: 409, title: 'Too many keys have signed' },
  SESSION_EXPIRED: { status: 410, title: 'The session is over' },
  PRECONDITION_FAILED: { status: 412, title: 'It was changed meanwhile' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is too large' },
  MEDIA_TYPE_UNSUPPORTED: { status: 415, title: 'The media type of the body is not supported' },
  CONSTITUTION_INVALID: { status: 422, title: 'The constitution is not valid' },
  CONSTITUTION_TOO_LARGE: { status: 422, title: 'The constitution is too large' },
  CONSTITUTION_VERSION_MISMATCH: { status: 422, title: 'The document names another version' },
  CONSTITUTION_TESTS_FAILED: { status: 422, title: "The constitution's own tests fail" },
  SIGNATURE_INVALID: { status: 422, title: 'The signature does not hold under a trusted key' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, title: 'The Idempotency-Key was used for another request' },
  PRECONDITION_REQUIRED: { status: 428, title: 'Say in If-Match which version is to be changed' },
  BUDGET_EXCEEDED: { status: 429, title: 'A budget of the tenant would be overdrawn' },
  RATE_LIMITED: { status: 429, title: 'Too many requests' },
  STREAMS_EXHAUSTED: { status: 429, title: 'Too many open streams' },
  HEADERS_TOO_LARGE: { status: 431, title: 'The headers are too large' },
  UNEXPECTED: { status: 500, title: 'Something went wrong here' },
  SLM_FAILED: { status: 502, title: 'The language model gave no answer' },
  POLICY_ENGINE_INVALID: { status: 502, title: 'The outside policy engine gave no decision' },
  AUTH_BUSY: { status: 503, title: 'Too many credentials are being checked' },
  IDENTITY_PROVIDER_UNAVAILABLE: { status: 503, title: 'The identity provider is away' },
  CONSTITUTION_UNVERIFIED: { status: 503, title: 'No constitution could be verified, so nothing may run' },
  KILL_SWITCH: { status: 503, title: 'New work is stopped' },
  POLICY_ENGINE_UNAVAILABLE: { status: 503, title: 'The outside policy engine is away' },
  LOG_UNAVAILABLE: { status: 503, title: 'The log is away' },
  LOG_OVERLOADED: { status: 503, title: 'Too many commands wait already' },
  READ_MODEL_UNAVAILABLE: { status: 503, title: 'The read model is away' },
  READ_MODEL_BEHIND: { status: 503, title: 'The read model has not reached the position yet' },
  SHUTTING_DOWN: { status: 503, title: 'This gateway is stopping' },
  SLM_UNAVAILABLE: { status: 503, title: 'The language model is away' },
  SLM_TIMEOUT: { status: 504, title: 'The language model took too long' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemCode = keyof typeof problemCatalogue;
export type ProblemStatus = (typeof problemCatalogue)[ProblemCode]['status'];

/** Seconds after which a client may try again, for the statuses that say so. */
export const RETRY_AFTER_S = 1;
/** People release a kill switch; asking every second helps nobody. */
export const RETRY_AFTER_STOPPED_S = 30;
/** What is reserved is given back when a request ends, which takes seconds; a budget that is spent takes a new day. */
export const RETRY_AFTER_BUDGET_S = 10;

export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problemCatalogue, code);

/** A URI that names the kind of problem (RFC 9457, 3.1.1). Not to be fetched: the reference lists them all. */
export const problemType = (code: string): string => `urn:khipu:problem:${code.toLowerCase().replaceAll('_', '-')}`;
