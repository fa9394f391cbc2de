import { registryRequest } from '../../kafka/registry-request.ts';
import type { TlsFiles } from '../../tls/tls-files.ts';
import { withFiles } from '../../tls/tls-url.ts';
import { healthOf, PartError, type PartName, partVariables, type Running } from './part.ts';
import { probeKafka, probePostgres, probeRedis } from './probes.ts';

const LOOK_MS = 2_000;

async function probeRegistry(url: string): Promise<string> {
  const { status, body } = await registryRequest(url, 'subjects', LOOK_MS);
  if (status < 200 || status > 299) throw new Error(`${status} ${body.slice(0, 200)}`);
  return `answers ${status}`;
}

const probes: Record<PartName, (url: string, tls: TlsFiles | undefined) => Promise<string>> = {
  kafka: probeKafka,
  'kafka-2': probeKafka,
  'kafka-3': probeKafka,
  registry: probeRegistry,
  postgres: probePostgres,
  redis: probeRedis,
};

/** Returns the files that the environment names for parts; they are checked where the configuration is loaded. */
export const filesOfEnv = (env: NodeJS.ProcessEnv): TlsFiles => ({
  ca: env['KHIPU_TLS_CA_FILE'] || null,
  cert: env['KHIPU_TLS_CERT_FILE'] || null,
  key: env['KHIPU_TLS_KEY_FILE'] || null,
});

/** Returns the files of connections to brokers; undefined without TLS. */
export const brokerFilesOf = (env: NodeJS.ProcessEnv): TlsFiles | undefined =>
  env['KAFKA_SSL'] === 'true' ? filesOfEnv(env) : undefined;

const withoutSecret = (url: string): string => url.replace(/\/\/[^@/]*@/, '//');

/**
 * Returns the service that the environment names for a part, or undefined. Such a service is never started or stopped
 * here.
 */
export function namedPart(name: PartName, env: NodeJS.ProcessEnv): Running | undefined {
  const url = env[partVariables[name]];
  if (!url) return undefined;
  const isBroker = partVariables[name] === 'KAFKA_BROKERS';
  const target = (): string => (isBroker ? url : withFiles(partVariables[name], url, filesOfEnv(env)));
  const health = () => healthOf(() => probes[name](target(), brokerFilesOf(env)));
  return { name, url, address: withoutSecret(url), child: undefined, health };
}

/**
 * Asks every service that the environment names for one of `names`. Rejects with PART_UNREACHABLE, which names all that do
 * not answer, after `onAway` was called for each.
 */
export async function checkNamed(
  names: readonly PartName[],
  env: NodeJS.ProcessEnv,
  onAway: (name: PartName, detail: string) => void,
): Promise<void> {
  const named = names.flatMap((name) => namedPart(name, env) ?? []);
  const healths = await Promise.all(named.map(async (part) => ({ ...part, health: await part.health() })));
  const away = healths.filter(({ health }) => !health.ok);
  if (away.length === 0) return;
  const lines = away.map(({ name, address, health }) => {
    onAway(name, health.detail);
    return `${partVariables[name]} is set and names ${address}: ${health.detail}`;
  });
  const variables = away.map(({ name }) => partVariables[name]).join(' ');
  throw new PartError(
    [...lines, `start these services, or let the platform start its own: unset ${variables}`].join('\n'),
    {
      code: 'PART_UNREACHABLE',
    },
  );
}
