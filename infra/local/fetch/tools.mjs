// Helpers of the fetch: run a package client, retry, hash a file, measure a directory.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

const tailLinesMax = 40;

/**
 * Runs a command to its end. Rejects with the last lines of its output when it fails; `signal` kills it.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, signal?: AbortSignal }} [options]
 */
export function run(command, args, { cwd, signal } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    /** @type {string[]} */
    let tail = [];
    const keep = (chunk) => {
      tail = [...tail, ...chunk.toString().split('\n').filter(Boolean)].slice(-tailLinesMax);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) return resolve(tail.join('\n'));
      const causes = tail.filter((line) => /error|fail|could not/i.test(line));
      reject(new Error(`${command} ended with ${code}: ${(causes[0] ?? tail.at(-1) ?? 'no output').trim()}`));
    });
  });
}

/**
 * Runs `body` up to `attemptsMax` times, 1 s, 2 s, 4 s… apart: enough for a transient failure of a registry; one that is
 * down fails within half a minute.
 */
export async function retry(body, { attemptsMax = 4, onRetry, signal } = {}) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await body(attempt);
    } catch (error) {
      if (attempt >= attemptsMax || signal?.aborted || error.code === 'ENOENT') throw error;
      onRetry?.(attempt, error);
      await new Promise((resolve) => setTimeout(resolve, 1_000 * 2 ** (attempt - 1)));
    }
  }
}

/** Rejects when the file's SHA-256 (hex) differs from the pinned one. */
export async function verifySha256(file, expected) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const actual = hash.digest('hex');
  if (actual !== expected) throw new Error(`${path.basename(file)}: sha256 is ${actual}, expected ${expected}`);
}

/** Returns the bytes of all files below a directory; files that disappear meanwhile count as 0. */
export async function directoryBytes(dir) {
  const entries = await readdir(dir, { withFileTypes: true, recursive: true }).catch(() => []);
  const sizes = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      stat(path.join(entry.parentPath ?? entry.path, entry.name)).then(
        (s) => s.size,
        () => 0,
      ),
    );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
