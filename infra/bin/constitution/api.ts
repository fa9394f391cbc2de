/** The gateway's routes of constitutions, as a command calls them. */
import { failure } from '../failure.ts';

export interface VersionView {
  readonly version: string;
  readonly digest: string;
  readonly status: 'proposed' | 'rejected' | 'published';
  readonly active: boolean;
  readonly shadow: boolean;
  readonly proposed_by: string | null;
  readonly reviews: readonly { readonly reviewer: string; readonly verdict: string; readonly comment: string }[];
  readonly signed_by: readonly string[];
  readonly changed_at: string;
}

export interface VersionDetail extends VersionView {
  readonly document: Readonly<Record<string, unknown>> | null;
  readonly envelope: string | null;
}

export interface ActiveView {
  readonly version: string;
  readonly digest: string;
  readonly activated_by: string | null;
  readonly since: string;
  readonly offset: number;
}

export interface ListView {
  readonly active: ActiveView | null;
  readonly shadow: { readonly version: string; readonly digest: string } | null;
  readonly items: readonly VersionView[];
}

const TIMEOUT_MS = 30_000;

/** Asks the gateway that the environment names. Throws what it refuses under its own code; PLATFORM_DOWN, when none answers. */
export async function ask<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
  const { KHIPU_URL: url = '', KHIPU_API_KEY: apiKey = '' } = process.env;
  if (url === '' || apiKey === '')
    throw failure('PLATFORM_DOWN', 'no platform: set KHIPU_URL and KHIPU_API_KEY, or start one');
  const response = await fetch(new URL(path, url), {
    method,
    headers: { authorization: `Bearer ${apiKey}`, ...(body && { 'content-type': 'application/json' }) },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    ...(body && { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw failure('PLATFORM_DOWN', `${url} does not answer`, cause);
  });
  const answer = (await response.json().catch(() => ({}))) as T & { code?: string; detail?: string };
  if (response.status === 202)
    throw failure('OUTCOME_PENDING', 'the log has the command, and there is no outcome yet; look again in a moment');
  if (response.ok) return answer;
  throw failure(answer.code ?? 'UNEXPECTED', answer.detail ?? `the gateway answered ${response.status}`);
}

export const versionPath = (version: string): string => `/v1/constitutions/${encodeURIComponent(version)}`;
export const showVersion = (version: string): Promise<VersionDetail> => ask('GET', versionPath(version));
