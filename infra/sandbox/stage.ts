import { chown, lchown, lstat, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SandboxError } from './errors.ts';

/** A folder of this machine with the read-only files of one run. */
export interface Stage {
  readonly folder: string;
  /** Writes files below a folder of it and returns that folder's path. */
  put(name: string, files: Readonly<Record<string, Uint8Array | string>>): Promise<string>;
  /** Gives a folder of it, and all below, to the owner of the stage. */
  own(path: string): Promise<void>;
  remove(): Promise<void>;
}

const PATH_CHARACTERS_MAX = 1_024;
const SEGMENT = /^(?!\.{1,2}$)[^/\0]{1,255}$/;

/** Reports whether a path is relative and stays below its folder. */
export const isSafePath = (path: string): boolean =>
  path.length <= PATH_CHARACTERS_MAX && path.split('/').every((segment) => SEGMENT.test(segment));

const PREFIX = 'khipu-sandbox-';
const LEFT_BEHIND_MS = 86_400_000;

/** Removes folders of runs that a supervisor left behind a day ago when it was killed. */
export async function sweepStages(root = tmpdir()): Promise<void> {
  for (const name of await readdir(root)) {
    const path = join(root, name);
    const stat = name.startsWith(PREFIX) ? await lstat(path).catch(() => null) : null;
    if (stat?.isDirectory() === true && Date.now() - stat.mtimeMs > LEFT_BEHIND_MS)
      await rm(path, { recursive: true, force: true }).catch(() => {});
  }
}

let swept: Promise<void> | undefined;

/** Makes a folder that only `owner`, or this user, can read. */
export async function makeStage(owner: number | null): Promise<Stage> {
  swept ??= sweepStages();
  await swept;
  const folder = await mkdtemp(join(tmpdir(), PREFIX));
  const own = async (path: string): Promise<void> => (owner === null ? undefined : chown(path, owner, owner));
  await own(folder);
  return {
    folder,
    async put(name, files) {
      const base = join(folder, name);
      await mkdir(base);
      await own(base);
      for (const [path, content] of Object.entries(files)) {
        if (!isSafePath(path))
          throw new SandboxError(
            'SANDBOX_REQUEST_INVALID',
            `files: expected a relative path, got ${JSON.stringify(path)}`,
          );
        let parent = base;
        for (const segment of dirname(path).split('/')) {
          if (segment === '.') continue;
          parent = join(parent, segment);
          await mkdir(parent, { recursive: true });
          await own(parent);
        }
        await writeFile(join(base, path), content, { mode: 0o600, flag: 'wx' });
        await own(join(base, path));
      }
      return base;
    },
    own: async (path) => {
      for (const name of ['', ...(await readdir(path, { recursive: true }))])
        if (owner !== null) await lchown(join(path, name), owner, owner);
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
