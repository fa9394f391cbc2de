import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SandboxLimits } from '../port.ts';
import type { Mount } from '../process/plan.ts';

interface BundleSettings {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  readonly links: readonly (readonly [name: string, target: string])[];
  readonly workspace: string | null;
  readonly limits: SandboxLimits;
}

const none = { bounding: [], effective: [], inheritable: [], permitted: [], ambient: [] };
const isolated = ['pid', 'network', 'ipc', 'uts', 'mount'];

/** Returns the configuration of an OCI bundle. Source: OCI runtime specification 1.0.2, config.md. */
function configOf({ argv, env, mounts, workspace, limits }: BundleSettings): object {
  const writable = (destination: string, source: string | null): object =>
    source === null
      ? {
          destination,
          type: 'tmpfs',
          source: 'tmpfs',
          options: [`size=${limits.diskBytes}`, 'mode=0700', 'nosuid', 'nodev'],
        }
      : { destination, type: 'bind', source, options: ['rw', 'bind', 'nosuid', 'nodev'] };
  return {
    ociVersion: '1.0.2',
    process: {
      ...{ terminal: false, cwd: '/workspace', args: argv, noNewPrivileges: true, capabilities: none },
      // Without a capability, it is the owner of its files and nothing more.
      user: { uid: 0, gid: 0 },
      env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
      rlimits: [
        ['RLIMIT_NOFILE', 256],
        ['RLIMIT_CORE', 0],
        ['RLIMIT_FSIZE', limits.diskBytes],
      ].map(([type, bound]) => ({ type, soft: bound, hard: bound })),
    },
    root: { path: 'root', readonly: true },
    hostname: 'sandbox',
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      ...mounts.map(({ from, to }) => ({
        destination: to,
        type: 'bind',
        source: from,
        options: ['ro', 'rbind', 'nosuid', 'nodev'],
      })),
      writable('/workspace', workspace),
      writable('/tmp', null),
    ],
    linux: { namespaces: isolated.map((type) => ({ type })) },
  };
}

/** Writes a bundle: an empty root with the places of its mounts, and its configuration. */
export async function writeBundle(folder: string, settings: BundleSettings): Promise<void> {
  const root = join(folder, 'root');
  for (const name of ['proc', 'dev', 'sys', 'tmp', 'workspace', 'usr', 'files', 'program', 'runtime', 'egress'])
    await mkdir(join(root, name), { recursive: true });
  for (const [name, target] of settings.links) await symlink(target, join(root, name));
  await writeFile(join(root, 'runtime', 'node'), '');
  await writeFile(join(folder, 'config.json'), JSON.stringify(configOf(settings)));
}
