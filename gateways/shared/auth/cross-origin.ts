import type { IncomingHttpHeaders } from 'node:http';

/** Returns the host and port of an origin or URL; null for another text, such as the `null` of an opaque origin. */
const hostOf = (url: string): string | null => URL.parse(url)?.host ?? null;

/**
 * Returns true for a request that a browser sent from a page of another origin than this gateway's: its own are its `Host`
 * and its public URL. Programs send no `Origin`. A page cannot choose this header. Source: Fetch, 3.2.
 */
export function isCrossOrigin({ origin, host }: IncomingHttpHeaders, publicUrl: string | null): boolean {
  if (origin === undefined) return false;
  const from = hostOf(origin);
  return from === null || (from !== host && (publicUrl === null || from !== hostOf(publicUrl)));
}
