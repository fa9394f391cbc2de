import { healthOf, PartError, type PartName, partVariables, type Running } from './part.ts';
import { probeHttp, probeKafka, probePostgres, probeRedis } from './probes.ts';

const probes: Record<PartName, (url: string) => Promise<string>> = {
  kafka: probeKafka,
  'kafka-2': probeKafka,
  'kafka-3': probeKafka,
  registry: (url) => probeHttp(`${url.replace(/\/+$/, '')}/subjects`),
  postgres: probePostgres,
  redis: probeRedis,
};

const withoutSecret = (url: string): string => url.replace(/\/\/[^@/]*@/, '//');

/**
 * Returns the service that the environment names for a part, or undefined. Such a service is never started or stopped
 * here.
 */
export function namedPart(name: PartName, env: NodeJS.ProcessEnv): Running | undefined {
  const url = env[partVariables[name]];
  if (!url) return undefined;
  const health = () => healthOf(() => probes[name](url));
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
