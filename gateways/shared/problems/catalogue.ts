/** Every problem of the HTTP API by its stable code, with its status and its title. */
export const problemCatalogue = {
  REQUEST_MALFORMED: { status: 400, title: 'The request cannot be parsed' },
  REQUEST_INVALID: { status: 400, title: 'The request is not valid' },
  FORMAT_UNSUPPORTED: { status: 400, title: 'The model cannot be held to this form of answer' },
  UNAUTHENTICATED: { status: 401, title: 'Credentials are missing' },
  TOKEN_INVALID: { status: 401, title: 'The credentials are not valid' },
  TOKEN_EXPIRED: { status: 401, title: 'The token has expired' },
  TICKET_INVALID: { status: 401, title: 'The stream ticket is not valid' },
  TOKEN_REVOKED: { status: 401, title: 'The token was revoked' },
  CONSOLE_SESSION_ENDED: { status: 401, title: 'The session of the console has ended' },
  ORIGIN_NOT_ALLOWED: { status: 403, title: 'A page of another origin sent the request' },
  CSRF_TOKEN_INVALID: { status: 403, title: 'The CSRF token is missing or wrong' },
  CREDENTIAL_NOT_ALLOWED: { status: 403, title: 'This route requires another kind of credentials' },
  API_KEY_CROSS_ORIGIN: { status: 403, title: 'A page of another origin sent an API key' },
  CAPABILITY_MISSING: { status: 403, title: 'A capability is missing' },
  TENANT_SUSPENDED: { status: 403, title: 'The tenant is suspended' },
  PRINCIPAL_DISABLED: { status: 403, title: 'The user or service account is disabled' },
  POLICY_DENIED: { status: 403, title: 'The policy denies this' },
  ROUTE_UNKNOWN: { status: 404, title: 'The route does not exist' },
  SESSION_UNKNOWN: { status: 404, title: 'The session does not exist' },
  REQUEST_UNKNOWN: { status: 404, title: 'The request does not exist' },
  TENANT_UNKNOWN: { status: 404, title: 'The tenant does not exist' },
  ROLE_UNKNOWN: { status: 404, title: 'The role does not exist' },
  PRINCIPAL_UNKNOWN: { status: 404, title: 'The user or service account does not exist' },
  API_KEY_UNKNOWN: { status: 404, title: 'The API key does not exist' },
  DECISION_UNKNOWN: { status: 404, title: 'The decision does not exist' },
  CONSTITUTION_UNKNOWN: { status: 404, title: 'The constitution does not exist' },
  PERSONA_UNKNOWN: { status: 404, title: 'The persona does not exist' },
  MODEL_UNKNOWN: { status: 404, title: 'No provider has a model of this name' },
  JOB_TYPE_UNKNOWN: { status: 404, title: 'No worker has registered this type of jobs' },
  RESOURCE_UNKNOWN: { status: 404, title: 'The resource does not exist' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'The route does not allow this method' },
  NOT_ACCEPTABLE: { status: 406, title: 'The route does not produce an accepted media type' },
  KILL_SWITCH_NOT_ENGAGED: { status: 409, title: 'No kill switch of this scope is engaged' },
  ALREADY_EXISTS: { status: 409, title: 'The name is already taken' },
  API_KEY_REVOKED: { status: 409, title: 'The API key was revoked' },
  TENANT_IS_OWN: { status: 409, title: 'A caller cannot suspend its own tenant' },
  DIRECTORY_FULL: { status: 409, title: 'The tenant has too many entries' },
  CONSTITUTION_PUBLISHED_ALREADY: { status: 409, title: 'The version is published and cannot change' },
  CONSTITUTION_NOT_PUBLISHED: { status: 409, title: 'The version is not published yet' },
  CONSTITUTION_NOT_VERIFIED: { status: 409, title: 'The version does not verify with the trusted keys' },
  CONSTITUTION_DIGEST_MISMATCH: { status: 409, title: 'The version has another digest' },
  CONSTITUTION_PROPOSALS_EXHAUSTED: { status: 409, title: 'Too many proposals are open' },
  CONSTITUTION_SIGNATURES_EXHAUSTED: { status: 409, title: 'Too many keys have signed' },
  JOB_FAILED: { status: 409, title: 'The job has failed' },
  JOB_DEAD: { status: 409, title: 'Every run of the job has failed' },
  JOB_CANCELLED: { status: 409, title: 'The job was cancelled' },
  JOB_ENDED: { status: 409, title: 'The job has ended' },
  JOB_NOT_SUSPENDED: { status: 409, title: 'The job is neither paused nor suspended' },
  JOB_NOT_RETRYABLE: { status: 409, title: 'Only a job that has failed can be retried' },
  JOB_SIGNALS_FULL: { status: 409, title: 'Too many signals of the job wait' },
  SESSION_EXPIRED: { status: 410, title: 'The session has ended' },
  PRECONDITION_FAILED: { status: 412, title: 'The resource has another version' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is too large' },
  JOB_INPUT_TOO_LARGE: { status: 413, title: 'The input of the job is too large' },
  MEDIA_TYPE_UNSUPPORTED: { status: 415, title: 'The media type of the body is not supported' },
  CONSTITUTION_INVALID: { status: 422, title: 'The constitution is not valid' },
  CONSTITUTION_TOO_LARGE: { status: 422, title: 'The constitution is too large' },
  CONSTITUTION_VERSION_MISMATCH: { status: 422, title: 'The document names another version' },
  CONSTITUTION_TESTS_FAILED: { status: 422, title: "The constitution's own tests fail" },
  SIGNATURE_INVALID: { status: 422, title: 'The signature does not verify with a trusted key' },
  JOB_INPUT_INVALID: { status: 422, title: 'The schema of the type refuses the input' },
  IDEMPOTENCY_KEY_REUSED: { status: 422, title: 'The Idempotency-Key was used for another request' },
  BUDGET_TOO_SMALL: { status: 422, title: 'The request is larger than a whole budget of the tenant' },
  PRECONDITION_REQUIRED: { status: 428, title: 'If-Match is required' },
  BUDGET_EXCEEDED: { status: 429, title: 'A budget of the tenant would be exceeded' },
  RATE_LIMITED: { status: 429, title: 'Too many requests' },
  STREAMS_EXHAUSTED: { status: 429, title: 'Too many open streams' },
  HEADERS_TOO_LARGE: { status: 431, title: 'The headers are too large' },
  UNEXPECTED: { status: 500, title: 'An unexpected error occurred' },
  SLM_FAILED: { status: 502, title: 'The language model failed' },
  POLICY_ENGINE_INVALID: { status: 502, title: 'The external policy engine returned no decision' },
  AUTH_BUSY: { status: 503, title: 'Too many API keys are being verified' },
  IDENTITY_PROVIDER_UNAVAILABLE: { status: 503, title: 'The identity provider is unavailable' },
  CONSTITUTION_UNVERIFIED: { status: 503, title: 'No constitution could be verified, so no work may run' },
  KILL_SWITCH: { status: 503, title: 'New work is stopped' },
  POLICY_ENGINE_UNAVAILABLE: { status: 503, title: 'The external policy engine is unavailable' },
  LOG_UNAVAILABLE: { status: 503, title: 'The log is unavailable' },
  LOG_OVERLOADED: { status: 503, title: 'Too many commands are in flight' },
  CONSOLE_NOT_BUILT: { status: 503, title: 'The console is not built on this machine' },
  CONSOLE_UNAVAILABLE: { status: 503, title: 'Sessions of the console are unavailable' },
  OPERATIONS_UNAVAILABLE: { status: 503, title: 'The operations worker does not answer' },
  TICKETS_UNAVAILABLE: { status: 503, title: 'Stream tickets are unavailable' },
  READ_MODEL_UNAVAILABLE: { status: 503, title: 'The read model is unavailable' },
  READ_MODEL_BEHIND: { status: 503, title: 'The read model has not reached the position yet' },
  SHUTTING_DOWN: { status: 503, title: 'The gateway is shutting down' },
  SLM_UNAVAILABLE: { status: 503, title: 'The language model is unavailable' },
  SLM_TIMEOUT: { status: 504, title: 'The language model took too long' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

/** The stable code of a problem. */
export type ProblemCode = keyof typeof problemCatalogue;
/** The HTTP status of a problem. */
export type ProblemStatus = (typeof problemCatalogue)[ProblemCode]['status'];

/** `Retry-After` of 429 and 503, in seconds. */
export const RETRY_AFTER_S = 1;
/** `Retry-After` under a kill switch: people release it, so retrying every second is useless. */
export const RETRY_AFTER_STOPPED_S = 30;
/** `Retry-After` of a budget that open requests hold: they end within seconds. A spent window has the time to its reset. */
export const RETRY_AFTER_BUDGET_S = 10;

/** Returns true for a code of the catalogue. */
export const isProblemCode = (code: string): code is ProblemCode => Object.hasOwn(problemCatalogue, code);

/** Returns the `type` URI of a problem (RFC 9457, 3.1.1). It cannot be fetched; docs/reference/errors.md lists all codes. */
export const problemType = (code: string): string => `urn:khipu:problem:${code.toLowerCase().replaceAll('_', '-')}`;
