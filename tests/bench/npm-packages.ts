import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDir } from '../../infra/local/fetch/catalogue.mjs';
import { withLock } from '../../infra/local/fetch/lock.mjs';

/** Packages of a system that a benchmark compares with. */
export interface PeerPackages {
  readonly name: string;
  /** Exact version by package. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Fetched packages of a peer. */
export interface FetchedPackages {
  /** Returns the path of a file of a package. */
  readonly file: (...parts: readonly string[]) => string;
  /** Returns the path of the module that an import of a package loads. */
  readonly module: (name: string) => string;
}

/**
 * Returns the packages of a peer. npm fetches them at first use into the cache of the platform's downloads: they are compared
 * with, not depended on. Rejects with npm's output.
 */
export async function peerPackages(
  { name, versions }: PeerPackages,
  note: (text: string) => void,
): Promise<FetchedPackages> {
  const pinned = Object.entries(versions);
  const key = ['bench', name, ...new Set(pinned.map(([, version]) => version))].join('-').toLowerCase();
  const dir = join(cacheDir(), key.replaceAll(/[^a-z0-9.-]/gu, '-'));
  await withLock(join(cacheDir(), 'locks', `bench-${name.toLowerCase()}.lock`), async () => {
    if (existsSync(dir)) return;
    note(`fetching ${name} with npm`);
    const target = `${dir}.new`;
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, 'package.json'), '{"private":true}\n');
    await install(
      name,
      target,
      pinned.map(([each, version]) => `${each}@${version}`),
    );
    renameSync(target, dir);
  });
  const { resolve } = createRequire(join(dir, 'package.json'));
  return { file: (...parts) => join(dir, 'node_modules', ...parts), module: (each) => resolve(each) };
}

async function install(name: string, dir: string, packages: readonly string[]): Promise<void> {
  const args = ['install', '--prefix', dir, '--ignore-scripts', '--save-exact', '--no-audit', '--no-fund', ...packages];
  try {
    await promisify(execFile)('npm', args, { cwd: dir });
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string };
    throw new Error(`npm could not fetch ${name}\n${stderr.trim().split('\n').slice(-10).join('\n')}`, { cause });
  }
}
