import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectRoot } from '../checks/files.ts';
import { must, podman, run, until } from './engine.ts';

const FILE = join(projectRoot, 'infra/local/compose/docker-compose.yml');

interface Service {
  readonly image?: string;
  readonly profiles?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

/** Returns the services that start without a profile. */
export function services(text: string = readFileSync(FILE, 'utf8')): ReadonlyMap<string, Service> {
  const file = parse(text, { merge: true }) as { readonly services: Record<string, Service> };
  return new Map(Object.entries(file.services).filter(([, { profiles = [] }]) => profiles.length === 0));
}

/** Returns the services in stages: each stage depends on earlier ones alone. Throws when they depend on each other. */
export function stages(all: ReadonlyMap<string, Service>): readonly (readonly string[])[] {
  const done = new Set<string>();
  const result: string[][] = [];
  while (done.size < all.size) {
    const isReady = (service: Service): boolean =>
      Object.keys(service.depends_on ?? {}).every((each) => done.has(each));
    const next = [...all].filter(([name, service]) => !done.has(name) && isReady(service)).map(([name]) => name);
    if (next.length === 0) throw new Error('services depend on each other');
    for (const name of next) done.add(name);
    result.push(next);
  }
  return result;
}

/** Long, for a busy machine: a service that ends is noticed at once. */
export const START_MS_MAX = 600_000;

/** Ports of this run on the host, so that it disturbs no other platform. */
export const ports = { KHIPU_PORT: '18080', KHIPU_KAFKA_PORT: '19094', KHIPU_REGISTRY_PORT: '18081' };
const env = { ...ports, KHIPU_POSTGRES_PORT: '15432', KHIPU_REDIS_PORT: '16379' };

const compose = (...args: readonly string[]): string => must('podman-compose', ['-f', FILE, ...args], { env });
export const containerOf = (service: string): string => `khipu_${service}_1`;

/** Builds the image of every role from the Dockerfile, as compose does. */
export function buildImage(isUpstream: boolean): void {
  const options = `--network=host${isUpstream ? '' : ' --pull=never'}`;
  must('podman-compose', ['-f', FILE, `--podman-build-args=${options}`, 'build', 'setup'], { env });
}

/** Starts services and waits until the health check of each is green, or until it has ended well where it is a task. */
export async function start(names: readonly string[], all: ReadonlyMap<string, Service>): Promise<void> {
  compose('up', '--detach', '--no-deps', '--no-build', ...names);
  for (const name of names) {
    const container = containerOf(name);
    if (all.get(name)?.healthcheck === undefined) {
      await until(
        `${name} ends`,
        START_MS_MAX,
        () => podman('inspect', '--format', '{{.State.Status}}', container) === 'exited',
      );
      const code = podman('inspect', '--format', '{{.State.ExitCode}}', container);
      if (code !== '0') throw new Error(`${name} ended with ${code}:\n${logs(container)}`);
    } else await until(`${name} is healthy`, START_MS_MAX, () => run('podman', ['healthcheck', 'run', container]).ok);
  }
}

export const logs = (container: string): string => {
  const { out, error } = run('podman', ['logs', '--tail', '12', container]);
  return `${out}\n${error}`;
};

export const stop = (names: readonly string[]): string => podman('stop', '--time', '15', ...names.map(containerOf));

/** Removes containers, networks and volumes of the compose file. */
export const down = (): boolean => run('podman-compose', ['-f', FILE, 'down', '--volumes'], { env }).ok;
