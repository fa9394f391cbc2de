import { urlBelow } from '../../client/url.ts';
import { answered, gatewayOf } from '../api/ask.ts';

/** The readiness of a gateway that is not of this machine. */
export interface RemoteStatus {
  readonly url: string;
  readonly ready: boolean;
  /** Its dependencies, by name. */
  readonly parts: Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>>;
}

/** Asks the gateway at KHIPU_URL for its readiness. Rejects with PLATFORM_DOWN. */
export async function readRemote(): Promise<RemoteStatus> {
  const { url, timeoutMs } = gatewayOf();
  const signal = AbortSignal.timeout(timeoutMs);
  const response = await answered(fetch(urlBelow(url, 'health/ready'), { signal }));
  const body = (await response.json().catch(() => ({}))) as { parts?: RemoteStatus['parts'] };
  return { url, ready: response.ok, parts: body.parts ?? {} };
}
