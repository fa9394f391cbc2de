import { rootMessageOf } from '../../kit/errors.ts';

/** The server to probe. */
export interface ModelServer {
  /** With its version, e.g. `http://localhost:8080/v1`. */
  readonly baseUrl: string;
  /** Omitted for servers without authentication. */
  readonly apiKey?: string | undefined;
}

/** Whether a server is reachable; `detail` is one line for an operator, without the text of the answer. */
export interface Reachability {
  readonly ok: boolean;
  readonly detail: string;
}

const TIMEOUT_MS = 2_000;

/** A server that lists no models answers with one of these: it is reachable all the same. */
const WITHOUT_LIST: ReadonlySet<number> = new Set([404, 405, 501]);

/**
 * Asks a model server for its list of models (`GET <base URL>/models`), which costs nothing, with a bound of 2 s. 404, 405
 * and 501 count as reachable: the list is optional. Never rejects.
 */
export async function probeModelServer({ baseUrl, apiKey }: ModelServer): Promise<Reachability> {
  const url = `${baseUrl.replace(/\/+$/, '')}/models`;
  try {
    const response = await fetch(url, {
      headers: apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` },
      // The key goes only to the configured server.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    if (response.ok) return { ok: true, detail: `${baseUrl}: reachable` };
    if (WITHOUT_LIST.has(response.status)) return { ok: true, detail: `${baseUrl}: reachable, lists no models` };
    return { ok: false, detail: `${baseUrl}: GET ${new URL(url).pathname} returns ${response.status}` };
  } catch (error) {
    return { ok: false, detail: `${baseUrl}: ${rootMessageOf(error)}` };
  }
}
