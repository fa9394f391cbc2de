import { Gauge, type Registry } from 'prom-client';
import { liveContext } from '../tls/live-context.ts';
import type { TlsConfig, TlsFiles } from '../tls/tls-files.ts';
import { targetOf } from '../tls/tls-url.ts';

/** What a process shows certificates for; the configuration of each role has it. */
export interface CertificateSettings {
  readonly kafkaLogin: { readonly tls: TlsFiles | null };
  readonly registryUrl: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly tls: Pick<TlsConfig, 'http'>;
}

const filesByPart = (settings: CertificateSettings): readonly (readonly [string, TlsFiles])[] =>
  Object.entries({
    kafka: settings.kafkaLogin.tls,
    registry: targetOf(settings.registryUrl).tls,
    postgres: targetOf(settings.databaseUrl).tls,
    redis: targetOf(settings.redisUrl).tls,
    gateway: settings.tls.http,
  }).flatMap(([part, files]) => (files === null || files.cert === null ? [] : [[part, files] as const]));

/** Registers both metrics; `collect` sets them before each scrape. */
export function createCertificateMetrics(
  register: Registry,
  collect: (metrics: { readonly life: Gauge; readonly expiry: Gauge }) => void = () => undefined,
): void {
  const life = new Gauge({
    name: 'khipu_certificate_life_seconds',
    help: 'Whole validity of the certificate that this process shows, by part.',
    labelNames: ['part'],
    registers: [register],
  });
  const expiry: Gauge = new Gauge({
    name: 'khipu_certificate_expiry_seconds',
    help: 'Time until the certificate that this process shows expires, by part; negative afterwards.',
    labelNames: ['part'],
    registers: [register],
    collect: () => collect({ life, expiry }),
  });
}

/**
 * Registers how long the certificates in use are valid, and what their whole life is; the files are looked at with each
 * scrape. Registers nothing for a process without certificates.
 */
export function meterCertificates(register: Registry, settings: CertificateSettings): void {
  const contexts = filesByPart(settings).map(([part, files]) => ({ part, context: liveContext(files) }));
  if (contexts.length === 0) return;
  createCertificateMetrics(register, ({ life, expiry }) => {
    for (const { part, context } of contexts) {
      context.refresh();
      const { validity } = context;
      if (validity === null) continue;
      expiry.set({ part }, (validity.endsAt - Date.now()) / 1_000);
      life.set({ part }, (validity.endsAt - validity.beginsAt) / 1_000);
    }
  });
}
