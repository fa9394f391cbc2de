import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { homeDir, projectRoot } from '../../infra/local/home.ts';
import { startParts } from '../../infra/local/parts/parts.ts';
import { portsFile } from '../../infra/local/parts/ports.ts';
import { program } from '../../infra/local/roles/roles.ts';
import { runSetup } from '../../infra/local/roles/setup-job.ts';
import { makeDataFolder } from './data-folder.ts';
import { plainEnvironment } from './environment.ts';

/** What `khipu setup` writes follows from these folders; a change in one of them makes the data again. */
const SOURCES = ['schemas', 'projections', 'streams', 'infra'];
const KEPT = ['data', 'keys', 'state'];

/** Settings of the first start: a platform that has one of them is set up by itself. */
const OF_FIRST_START =
  /^KHIPU_(?:MODE|PARTITIONS|LAYOUT|KEYS_DIR|CONSTITUTION_|CEDAR_)|^(?:KAFKA_BROKERS|SCHEMA_REGISTRY_URL|DATABASE_URL|REDIS_URL)$/;

/**
 * Puts the data and keys of a platform into `dir` on which `khipu setup` has run: registering the schemas takes most of the time
 * in which a platform starts. The data are made once for a state of the sources and copied. `khipu setup` runs on the copy as on
 * any platform. Does nothing for a platform with settings of its own for the first start.
 */
export async function copySetUpData(dir: string, own: Readonly<Record<string, string | undefined>>): Promise<void> {
  if (Object.keys(own).some((name) => OF_FIRST_START.test(name))) return;
  const made = join(homeDir({}), 'test-data', digestOfSources());
  if (!existsSync(made)) await make(made);
  for (const name of KEPT) copy(join(made, name), dir);
}

/**
 * Sets a platform up in a temporary folder, which Postgres can reach, and keeps its data. Two runs at once make equal data; the
 * first to end leaves its own.
 */
async function make(made: string): Promise<void> {
  const dir = makeDataFolder('khipu-set-up-');
  const kept = `${dir.replace(dirname(dir), dirname(made))}-${process.pid}`;
  try {
    chmodSync(dir, 0o755);
    const env = plainEnvironment();
    const parts = await startParts({ dir, env });
    try {
      await runSetup({ dir, program, env: { ...env, ...parts.env } }, new AbortController().signal);
    } finally {
      await parts.stop();
    }
    // The copy takes ports of its own.
    rmSync(portsFile(dir));
    const isOutdated = (name: string): boolean => /^[\da-f]+$/.test(name) && name !== basename(made);
    for (const outdated of namesIn(dirname(made)).filter(isOutdated))
      rmSync(join(dirname(made), outdated), { recursive: true, force: true });
    mkdirSync(kept, { recursive: true });
    for (const name of KEPT) copy(join(dir, name), kept);
    if (!existsSync(made)) renameSync(kept, made);
  } finally {
    rmSync(dir, { recursive: true, force: true });
    rmSync(kept, { recursive: true, force: true });
  }
}

/** Copies a folder with modes and owners: Postgres runs as a user of its own. */
const copy = (from: string, into: string): void => void execFileSync('cp', ['-Rp', from, into]);
const namesIn = (dir: string): readonly string[] => (existsSync(dir) ? readdirSync(dir) : []);

function digestOfSources(): string {
  const digest = createHash('sha256');
  for (const source of SOURCES)
    for (const file of filesOf(join(projectRoot, source)))
      digest.update(relative(projectRoot, file)).update('\0').update(readFileSync(file)).update('\0');
  return digest.digest('hex').slice(0, 16);
}

function filesOf(path: string): readonly string[] {
  const entries = readdirSync(path, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
