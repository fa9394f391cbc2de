import { tlsRefusalAt } from '../tls/refusal-at.ts';
import type { TlsFailure } from '../tls/tls-failure.ts';
import { codeOfBroker, LogError } from './errors.ts';
import type { KafkaLogin } from './login.ts';

/** Share of the time of a ping that finding its reason may take. */
const SHARE = 1 / 3;

const texts: Readonly<Record<TlsFailure, string>> = {
  TLS_CERTIFICATE_REFUSED: 'refuses the certificate of this role: none, expired, or of an unknown authority',
  TLS_SERVER_UNTRUSTED: 'shows a certificate that is not of a trusted authority, names another host, or has expired',
};

/**
 * Runs a ping within `timeoutMs`. Over TLS, a ping that fails without a reason takes a part of that time to ask the first
 * broker for it: drivers report a refused certificate as a closed connection.
 */
export async function pingWithReason(
  options: { readonly brokers: readonly string[]; readonly login?: KafkaLogin | undefined },
  timeoutMs: number,
  ping: (timeoutMs: number) => Promise<unknown>,
): Promise<void> {
  const files = options.login?.tls ?? null;
  if (files === null) return void (await ping(timeoutMs));
  try {
    await ping(timeoutMs * (1 - SHARE));
  } catch (error) {
    if (!(error instanceof LogError) || error.code !== 'LOG_UNAVAILABLE') throw error;
    const [first = ''] = options.brokers;
    const at = first.lastIndexOf(':');
    const place = { host: first.slice(0, at), port: Number(first.slice(at + 1)) };
    const refusal = await tlsRefusalAt(files, place, timeoutMs * SHARE);
    const code = refusal === null ? undefined : codeOfBroker([refusal]);
    if (refusal === null || code === undefined) throw error;
    throw new LogError(code, `${first} ${texts[refusal]}`, { cause: error });
  }
}
