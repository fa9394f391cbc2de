import { readFileSync } from 'node:fs';
import { homeFiles } from './home.ts';
import { writeFileWhole } from './state-file.ts';

export interface LocalEnv {
  readonly KHIPU_URL: string;
  readonly KHIPU_API_KEY: string;
  readonly KAFKA_BROKERS: string;
  readonly SCHEMA_REGISTRY_URL: string;
  readonly DATABASE_URL: string;
  readonly REDIS_URL: string;
}

/** Single quotes where a shell would read anything into the value; `node --env-file` strips them too. */
const quoted = (value: string): string =>
  /^[\w@%+=:,./-]*$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;

/** Writes `local.env` with mode 0600; it holds passwords. Read it with `set -a; . .khipu/local.env`. */
export function writeLocalEnv(dir: string, env: LocalEnv): void {
  const lines = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}\n`);
  writeFileWhole(homeFiles(dir).localEnv, lines.join(''), 0o600);
}

/** What the last start wrote, or undefined when there was none. */
export function readLocalEnv(dir: string): LocalEnv | undefined {
  try {
    const lines = readFileSync(homeFiles(dir).localEnv, 'utf8').split('\n').filter(Boolean);
    const entries = lines.map((line) => {
      const at = line.indexOf('=');
      const value = line.slice(at + 1);
      return [line.slice(0, at), value.startsWith("'") ? value.slice(1, -1).replaceAll(`'\\''`, "'") : value];
    });
    return Object.fromEntries(entries) as LocalEnv;
  } catch {
    return undefined;
  }
}
