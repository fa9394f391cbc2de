import { execFile } from 'node:child_process';
import { constants, existsSync, lstatSync, readlinkSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { promisify } from 'node:util';
import { isArchitecture } from '../seccomp/filter.ts';

const run = promisify(execFile);
const TIMEOUT_MS = 10_000;

/** User of sandboxes when this process is root: without rights on any file of this machine. */
const UNPRIVILEGED = 65_534;

/** Folders of the root of a machine that are links into /usr. */
const MERGED = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'];

/** Programs that the tier consists of; each is part of Debian's `bash`, `util-linux` and `bubblewrap`. */
const PARTS = ['/usr/bin/bash', '/usr/bin/prlimit', '/usr/bin/setpriv', '/usr/bin/bwrap'];
/** The first version with `--disable-userns`. */
const VERSION_MIN = [0, 8];

/** Returns the user that sandboxes run as; null when this process is not root, and its own user is used. */
export const sandboxUid = (): number | null => (process.getuid?.() === 0 ? UNPRIVILEGED : null);

/** Returns the links of the root into /usr; the folders of an older layout are mounted instead. */
export const rootLinks = (): readonly (readonly [string, string])[] =>
  MERGED.flatMap((name) =>
    lstatSync(`/${name}`, { throwIfNoEntry: false })?.isSymbolicLink() === true
      ? [[name, readlinkSync(`/${name}`)] as const]
      : [],
  );

export const rootFolders = (): readonly string[] =>
  MERGED.filter((name) => lstatSync(`/${name}`, { throwIfNoEntry: false })?.isDirectory() === true).map(
    (name) => `/${name}`,
  );

async function askVersion(): Promise<string | null> {
  try {
    const { stdout } = await run('/usr/bin/bwrap', ['--version'], { timeout: TIMEOUT_MS });
    return /(\d+\.\d+(?:\.\d+)?)/.exec(stdout)?.[1] ?? null;
  } catch {
    return null;
  }
}

let version: Promise<string | null> | undefined;

/** Returns the version of bubblewrap, asked once; null when it is not there. */
export const bubblewrapVersion = (): Promise<string | null> => {
  version ??= askVersion();
  return version;
};

export const isRecent = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > (VERSION_MIN[0] ?? 0) || (major === VERSION_MIN[0] && minor >= (VERSION_MIN[1] ?? 0));
};

/** Returns the reasons for which this machine has not even the programs of the tier; empty when it has. */
export async function missingParts(): Promise<readonly string[]> {
  if (process.platform !== 'linux') return [`the tier needs Linux, this is ${process.platform}`];
  if (!isArchitecture(process.arch)) return [`there is no seccomp filter for ${process.arch}`];
  const missing: string[] = [];
  for (const path of PARTS) await access(path, constants.X_OK).catch(() => missing.push(`${path} is not there`));
  const found = await bubblewrapVersion();
  if (found !== null && !isRecent(found)) missing.push(`bubblewrap ${found} is older than 0.8.0`);
  return missing;
}

/** Path of Python of this machine; null without it. */
export const pythonPath = (): string | null => (existsSync('/usr/bin/python3') ? '/usr/bin/python3' : null);
