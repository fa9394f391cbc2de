import { healthOf, type PartName, partVariables, type Running } from '../part.ts';
import { probeHttp, probeKafka, probePostgres, probeRedis } from '../probes.ts';

const probes: Record<PartName, (url: string) => Promise<string>> = {
  kafka: probeKafka,
  'kafka-2': probeKafka,
  'kafka-3': probeKafka,
  registry: (url) => probeHttp(`${url.replace(/\/+$/, '')}/subjects`),
  postgres: probePostgres,
  redis: probeRedis,
};

const withoutSecret = (url: string): string => url.replace(/\/\/[^@/]*@/, '//');

/** The service that the environment names for a part, or undefined. It is used as it is: never started, never stopped. */
export function namedPart(name: PartName, env: NodeJS.ProcessEnv): Running | undefined {
  const url = env[partVariables[name]];
  if (!url) return undefined;
  const health = () => healthOf(() => probes[name](url));
  return { name, url, address: withoutSecret(url), child: undefined, health };
}
