/** Starts what the chart renders with `podman play kube`: Deployments, unchanged but for what podman 4.3 cannot do. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { projectRoot } from '../checks/files.ts';
import { ports, START_MS_MAX } from './compose.ts';
import { must, podman, run, until, workDir } from './engine.ts';

const VALUES = join(projectRoot, 'helm/examples/podman.yaml');
const MANIFEST = join(workDir, 'play.yaml');
/** A build of helm from source reports the API of an old cluster. */
export const KUBE_VERSION = '1.37.2';

interface Variable {
  readonly name: string;
  value?: string;
  valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
}
interface Container {
  env: Variable[];
  ports?: readonly { name: string; containerPort: number; hostPort?: number }[];
  startupProbe?: unknown;
}
interface Deployment {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: { readonly template: { readonly spec: { readonly containers: Container[] } } };
}

/** The default of the compose file. */
const password = 'khipu-on-this-machine';
/** The Secrets of the example, with the passwords of the compose file. */
const secrets: Readonly<Record<string, string>> = {
  'khipu-database/uri': `postgres://khipu:${password}@postgres:5432/khipu`,
  'khipu-redis/url': `redis://:${password}@redis:6379`,
};

/** Returns a variable with the value of its Secret: each version of podman stores a Secret in another way. */
function resolved(variable: Variable): Variable {
  const from = variable.valueFrom?.secretKeyRef;
  if (from === undefined) return variable;
  const value = secrets[`${from.name}/${from.key}`];
  if (value === undefined) throw new Error(`${variable.name}: no Secret ${from.name} with ${from.key}`);
  return { name: variable.name, value };
}

/**
 * Returns the Deployments of these roles as the chart renders them. Three things change: podman publishes each port of a
 * container on the host, so that only the gateway keeps one; it has no startup probe; values of Secrets stand in the manifest.
 */
function deployments(roles: readonly string[]): readonly Deployment[] {
  const args = [
    'template',
    'khipu',
    join(projectRoot, 'helm/khipu'),
    '--values',
    VALUES,
    '--kube-version',
    KUBE_VERSION,
  ];
  const rendered = parseAllDocuments(must('helm', [...args, '--show-only', 'templates/deployments.yaml']));
  const wanted = roles.map((role) => `khipu-${role}`);
  const found = rendered
    .map((document) => document.toJS() as Deployment)
    .filter(({ kind, metadata }) => kind === 'Deployment' && wanted.includes(metadata.name));
  if (found.length !== roles.length) throw new Error(`the chart renders ${found.length} of ${roles.join(', ')}`);
  for (const { spec } of found)
    for (const container of spec.template.spec.containers) {
      const http = container.ports?.filter(({ name }) => name === 'http') ?? [];
      container.ports = http.map((port) => ({ ...port, hostPort: Number(ports.KHIPU_PORT) }));
      delete container.startupProbe;
      container.env = container.env.map(resolved);
    }
  return found;
}

const KEYS = 'khipu-keys';

/** Starts these Deployments in the network of compose, beside its parts, and waits until each is ready. Returns their containers. */
export async function play(roles: readonly string[]): Promise<readonly string[]> {
  // The keys that the set-up of compose made, as the volume of keys that the chart mounts.
  run('podman', ['volume', 'create', KEYS]);
  const volumes = ['--volume', 'khipu_khipu:/from:ro', '--volume', `${KEYS}:/to`];
  podman(
    'run',
    '--rm',
    '--user',
    '0',
    ...volumes,
    '--entrypoint',
    'cp',
    'localhost/khipu:local',
    '-a',
    '/from/keys/.',
    '/to/',
  );
  writeFileSync(
    MANIFEST,
    deployments(roles)
      .map((each) => stringify(each))
      .join('---\n'),
  );
  // Elsewhere than in the repository: podman takes a folder or file with the name of an image as its build.
  must('podman', ['play', 'kube', '--network', 'khipu_default', MANIFEST], { cwd: workDir });
  const containers = roles.map((role) => `khipu-${role}-pod-0-khipu`);
  const ready =
    "fetch('http://127.0.0.1:9464/health/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))";
  for (const container of containers) {
    await until(
      `${container} is ready`,
      START_MS_MAX,
      () => run('podman', ['exec', container, 'node', '-e', ready]).ok,
    );
    // The liveness probe of the chart, once.
    podman('healthcheck', 'run', container);
  }
  return containers;
}

/** Returns how the container of a Deployment is bounded. */
export const bounds = (container: string): string =>
  podman(
    'inspect',
    '--format',
    '{{.Config.User}} {{.HostConfig.ReadonlyRootfs}} {{.EffectiveCaps}} {{.HostConfig.Memory}}',
    container,
  );

export function stopKube(): void {
  const pods = run('podman', ['pod', 'ps', '--filter', 'name=^khipu-.*-pod-0$', '--format', '{{.Name}}']).out;
  for (const pod of pods.split('\n').filter(Boolean)) run('podman', ['pod', 'rm', '--force', pod]);
  for (const name of [KEYS, 'home', 'tmp']) run('podman', ['volume', 'rm', name]);
}
