import { constants } from 'node:fs';
import { chown, lstat, mkdir, open, readdir, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../kit/errors.ts';
import { diskUse } from './disk-use.ts';
import { SandboxError } from './errors.ts';
import { sandboxUid } from './process/host.ts';
import { isSafePath } from './stage.ts';

/** Files of one session or job, which its programs see as `/workspace` one after the other. */
export interface Workspace {
  /** Folder to hand to `openSandbox`. */
  readonly folder: string;
  /** Bytes that its files take. */
  used(): number;
  /** Paths of its files, sorted; links are left out. */
  list(): Promise<readonly string[]>;
  /** Reads a file. Rejects with SANDBOX_REQUEST_INVALID for a path that leaves the folder, by name or by a link, for what is no file, and above `bytesMax`. */
  read(path: string, bytesMax: number): Promise<Buffer>;
  /** Deletes it with all its files. */
  remove(): Promise<void>;
}

const NAME = /^[A-Za-z0-9_-]{1,128}$/;
const DEPTH_MAX = 32;

const invalid = (detail: string): SandboxError => new SandboxError('SANDBOX_REQUEST_INVALID', `workspace: ${detail}`);

async function filesBelow(folder: string, prefix = '', depth = 0): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isFile()) found.push(path);
    else if (entry.isDirectory() && depth < DEPTH_MAX) found.push(...(await filesBelow(folder, path, depth + 1)));
  }
  return found;
}

/** Opens a file without following a link at its end, and compares where it is with where it should be: a link on the way shows there. */
async function readInside(folder: string, path: string, bytesMax: number): Promise<Buffer> {
  const file = await open(join(folder, path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const [stat, place, top] = [
      await file.stat(),
      await readlink(`/proc/self/fd/${file.fd}`),
      await open(folder, constants.O_DIRECTORY),
    ];
    const root = await readlink(`/proc/self/fd/${top.fd}`).finally(() => top.close());
    if (place !== join(root, path)) throw invalid('the path leads out of it');
    if (!stat.isFile() || stat.nlink > 1) throw invalid('the path is not that of a file of its own');
    if (stat.size > bytesMax) throw invalid(`the file has more than ${bytesMax} bytes`);
    const content = Buffer.alloc(stat.size);
    const { bytesRead } = await file.read(content, 0, stat.size, 0);
    return content.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * Opens the workspace of a session or job below `root`, and makes it at its first use. It belongs to the user of sandboxes.
 * Rejects with SANDBOX_REQUEST_INVALID for a name with other characters than letters, digits, `_` and `-`.
 */
export async function openWorkspace(root: string, name: string): Promise<Workspace> {
  if (!NAME.test(name)) throw invalid('expected a name of letters, digits, _ and -');
  const folder = join(root, name);
  await mkdir(root, { recursive: true, mode: 0o711 });
  await mkdir(folder, { mode: 0o700 }).catch((error: unknown) => {
    if (codeOf(error) !== 'EEXIST') throw error;
  });
  if (!(await lstat(folder)).isDirectory()) throw invalid('its folder is something else');
  const uid = sandboxUid();
  if (uid !== null) await chown(folder, uid, uid);
  return {
    folder,
    used: () => diskUse(folder),
    list: async () => [...(await filesBelow(folder))].sort(),
    read: (path, bytesMax) => {
      if (!isSafePath(path)) return Promise.reject(invalid('expected a relative path'));
      return readInside(folder, path, bytesMax).catch((error: unknown) => {
        if (codeOf(error) === 'ELOOP') throw invalid('the path leads out of it');
        throw error;
      });
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
