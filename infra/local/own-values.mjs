// Distinguishes values that this checkout wrote for parts it started from values that name foreign services: a shell that
// sourced `.khipu/local.env` still has the former after `npm stop`.
// Plain JavaScript without dependencies: the bootstrap asks before anything is installed.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Bound of the file: about ten starts of six variables; ports rarely change. */
const digestsMax = 64;

const fileOf = (dir) => path.join(dir, 'state', 'own-values.json');

/** Values contain passwords, so only their SHA-256 is stored. */
const digestOf = (name, value) => createHash('sha256').update(`${name}=${value}`).digest('hex');

function read(dir) {
  try {
    return JSON.parse(readFileSync(fileOf(dir), 'utf8')).sha256;
  } catch {
    return [];
  }
}

/** Records values that were written to an env file of `dir`, in addition to those of earlier starts. */
export function rememberOwn(dir, values) {
  const written = Object.entries(values).map(([name, value]) => digestOf(name, value));
  const digests = [...new Set([...written, ...read(dir)])].slice(0, digestsMax);
  mkdirSync(path.dirname(fileOf(dir)), { recursive: true });
  const temporary = `${fileOf(dir)}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify({ sha256: digests }, null, 2)}\n`);
  renameSync(temporary, fileOf(dir));
}

/** Returns the names of the variables in `env` whose value this checkout wrote. */
export function ownNames(dir, env) {
  const digests = new Set(read(dir));
  return Object.entries(env)
    .filter(([name, value]) => value && digests.has(digestOf(name, value)))
    .map(([name]) => name);
}

/** Returns `env` without this checkout's own values: the rest names foreign services. */
export function withoutOwn(dir, env) {
  const own = new Set(ownNames(dir, env));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !own.has(name)));
}
