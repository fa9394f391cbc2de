import { type ProblemCode, problemCatalogue } from './catalogue.ts';
import { type ProblemFormat, problemJson } from './format.ts';

/** Problems of any route. */
const always = [
  'NOT_ACCEPTABLE',
  'RATE_LIMITED',
  'HEADERS_TOO_LARGE',
  'UNEXPECTED',
] as const satisfies readonly ProblemCode[];

/** Problems of a route that requires credentials. A route that accepts only one kind also has CREDENTIAL_NOT_ALLOWED. */
export const credentialProblems = [
  'UNAUTHENTICATED',
  'TOKEN_INVALID',
  'TOKEN_EXPIRED',
  'TOKEN_REVOKED',
  'API_KEY_CROSS_ORIGIN',
  'TENANT_SUSPENDED',
  'PRINCIPAL_DISABLED',
  'AUTH_BUSY',
  'IDENTITY_PROVIDER_UNAVAILABLE',
  // Revocations and disabled principals are not loaded yet.
  'LOG_UNAVAILABLE',
] as const satisfies readonly ProblemCode[];

/** Problems of a route with a body. */
export const bodyProblems = [
  'REQUEST_MALFORMED',
  'REQUEST_INVALID',
  'BODY_TOO_LARGE',
  'MEDIA_TYPE_UNSUPPORTED',
] as const satisfies readonly ProblemCode[];

type ProblemResponse = {
  readonly description: string;
  readonly content: Readonly<Record<string, { readonly schema: ProblemFormat['schema'] }>>;
};

/**
 * Returns the OpenAPI responses of problem codes by status, in a format; codes of one status share a response. Headers that are
 * too large are answered before the route is known, and so in the format of all others.
 */
export function problemResponses(
  codes: readonly ProblemCode[],
  format: Pick<ProblemFormat, 'mediaType' | 'schema'> = problemJson,
): Record<number, ProblemResponse> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set<ProblemCode>([...codes, ...always])) {
    const { status } = problemCatalogue[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => {
      const { mediaType, schema } = list.includes('HEADERS_TOO_LARGE') ? problemJson : format;
      const response = {
        description: list.map((code) => `\`${code}\`: ${problemCatalogue[code].title}`).join('. '),
        content: { [mediaType]: { schema } },
      };
      return [status, response];
    }),
  );
}
