import { type ProblemCode, problemCatalogue } from './catalogue.ts';
import { problemSchema } from './problem.ts';

/** What any route may answer, whatever it does. */
const always = [
  'NOT_ACCEPTABLE',
  'RATE_LIMITED',
  'HEADERS_TOO_LARGE',
  'UNEXPECTED',
] as const satisfies readonly ProblemCode[];

/** What a route answers that takes credentials, whichever are shown. Beside it, CREDENTIAL_NOT_ALLOWED where it takes but one kind. */
export const credentialProblems = [
  'UNAUTHENTICATED',
  'TOKEN_INVALID',
  'TOKEN_EXPIRED',
  'TOKEN_REVOKED',
  'TENANT_SUSPENDED',
  'PRINCIPAL_DISABLED',
  'AUTH_BUSY',
  'IDENTITY_PROVIDER_UNAVAILABLE',
  // Which tokens were revoked, and who was disabled, is not known yet.
  'LOG_UNAVAILABLE',
] as const satisfies readonly ProblemCode[];

/** What a route answers that takes a body. */
export const bodyProblems = [
  'REQUEST_MALFORMED',
  'REQUEST_INVALID',
  'BODY_TOO_LARGE',
  'MEDIA_TYPE_UNSUPPORTED',
] as const satisfies readonly ProblemCode[];

type ProblemResponse = {
  readonly description: string;
  readonly content: { readonly 'application/problem+json': { readonly schema: typeof problemSchema } };
};

/** The documented problems of a route by status; several codes of one status share a response. */
export function problemResponses(...codes: readonly ProblemCode[]): Record<number, ProblemResponse> {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of new Set<ProblemCode>([...codes, ...always])) {
    const { status } = problemCatalogue[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => [
      status,
      {
        description: list.map((code) => `\`${code}\`: ${problemCatalogue[code].title}`).join('. '),
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ]),
  );
}
