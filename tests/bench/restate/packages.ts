import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDir } from '../../../infra/local/fetch/catalogue.mjs';
import { withLock } from '../../../infra/local/fetch/lock.mjs';

const SERVER = '1.7.12';
const SDK = '1.17.2';

/** Text for the head of a table. */
export const restateVersions = `Restate ${SERVER}, SDK ${SDK}`;

/** Paths of the fetched packages. */
export interface RestatePackages {
  readonly server: string;
  /** Module that a service imports. */
  readonly sdk: string;
}

/**
 * Returns the server and the SDK. npm fetches both at first use (220 MB) into the cache of the platform's downloads: they are
 * compared with, not depended on. Rejects with npm's output.
 */
export async function restatePackages(note: (text: string) => void): Promise<RestatePackages> {
  const server = `@restatedev/restate-server-${process.platform}-${process.arch}`;
  const dir = join(cacheDir(), `bench-restate-${SERVER}-${SDK}`);
  await withLock(join(cacheDir(), 'locks', 'bench-restate.lock'), async () => {
    if (existsSync(dir)) return;
    note('fetching Restate with npm');
    const target = `${dir}.new`;
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    writeFileSync(join(target, 'package.json'), '{"private":true}\n');
    await install(target, [
      `${server}@${SERVER}`,
      `@restatedev/restate-sdk@${SDK}`,
      `@restatedev/restate-sdk-core@${SDK}`,
    ]);
    renameSync(target, dir);
  });
  return {
    server: join(dir, 'node_modules', server, 'bin', 'restate-server'),
    sdk: createRequire(join(dir, 'package.json')).resolve('@restatedev/restate-sdk'),
  };
}

async function install(dir: string, packages: readonly string[]): Promise<void> {
  const args = ['install', '--prefix', dir, '--ignore-scripts', '--save-exact', '--no-audit', '--no-fund', ...packages];
  try {
    await promisify(execFile)('npm', args, { cwd: dir });
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string };
    throw new Error(`npm could not fetch Restate\n${stderr.trim().split('\n').slice(-10).join('\n')}`, { cause });
  }
}
