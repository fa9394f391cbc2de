import { homedir } from 'node:os';
import path from 'node:path';
import { readJson, writePrivateJson } from '../../local/process/state-file.ts';
import { failure } from '../failure.ts';

/** The token of a session that this user started, with which the session is continued. */
export interface SessionToken {
  readonly token: string;
  /** RFC 3339. */
  readonly expires_at: string;
}

type Tokens = Readonly<Record<string, SessionToken>>;

/** The newest sessions that are kept: those that a user may still continue by hand. */
const TOKENS_MAX = 50;

/** Returns the path of the file: in XDG_STATE_HOME, else in `~/.local/state`. Source: XDG Base Directory Specification 0.8. */
export const tokensFile = (env: NodeJS.ProcessEnv): string =>
  path.join(env['XDG_STATE_HOME'] || path.join(homedir(), '.local', 'state'), 'khipu', 'session-tokens.json');

const isValid = ({ expires_at: expires }: SessionToken, nowMs: number): boolean => Date.parse(expires) > nowMs;

const readTokens = (env: NodeJS.ProcessEnv, nowMs: number): [string, SessionToken][] =>
  Object.entries(readJson<Tokens>(tokensFile(env)) ?? {}).filter(([, token]) => isValid(token, nowMs));

/** Stores the token of a session with mode 0600, and forgets expired ones. */
export function rememberToken(env: NodeJS.ProcessEnv, session: string, token: SessionToken, nowMs = Date.now()): void {
  const kept = [...readTokens(env, nowMs), [session, token] as const].slice(-TOKENS_MAX);
  writePrivateJson(tokensFile(env), Object.fromEntries(kept));
}

/** Returns the token of a session. Throws SESSION_TOKEN_UNKNOWN when this user has none, or it has expired. */
export function tokenOf(env: NodeJS.ProcessEnv, session: string, nowMs = Date.now()): string {
  const found = new Map(readTokens(env, nowMs)).get(session);
  if (found !== undefined) return found.token;
  throw failure(
    'SESSION_TOKEN_UNKNOWN',
    `khipu ask did not start session ${session} here, or its token has expired: leave out --session to start a new one`,
  );
}
