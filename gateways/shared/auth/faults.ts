import { Problem } from '../problems/problem.ts';
import type { Fault } from './credential-status.ts';

/** Returns the `WWW-Authenticate` of RFC 6750, with its `error` code. */
export const challenge = (error?: string): Readonly<Record<string, string>> => ({
  'www-authenticate': `Bearer realm="khipu"${error === undefined ? '' : `, error="${error}"`}`,
});

/** Returns the problem of a wrong credential. */
export const invalidCredential = (): Problem =>
  new Problem('TOKEN_INVALID', 'The API key or token is not valid', { headers: challenge('invalid_token') });

/** Returns the problem of a console session that has ended. */
export const consoleSessionEnded = (): Problem =>
  new Problem('CONSOLE_SESSION_ENDED', 'The session of the console has expired or was ended; sign in again', {
    headers: consoleChallenge,
  });

/** `WWW-Authenticate` of a request below `/console/api/`, which takes the console's cookie. */
export const consoleChallenge = { 'www-authenticate': 'Cookie realm="khipu-console"' };

const faults: Readonly<Record<Fault, () => Problem>> = {
  TOKEN_INVALID: invalidCredential,
  TOKEN_REVOKED: () => new Problem('TOKEN_REVOKED', 'This token was revoked', { headers: challenge('invalid_token') }),
  TENANT_SUSPENDED: () =>
    new Problem('TENANT_SUSPENDED', 'Requests of this tenant are refused until it is active again'),
  PRINCIPAL_DISABLED: () => new Problem('PRINCIPAL_DISABLED', 'This user or service account was disabled or removed'),
  CONSOLE_SESSION_ENDED: consoleSessionEnded,
};

/** Returns the problem of a caller that is refused. */
export const problemOfFault = (fault: Fault): Problem => faults[fault]();
