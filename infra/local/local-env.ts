import { readFileSync } from 'node:fs';
import { homeFiles } from './home.ts';
import { rememberOwn } from './own-values.mjs';
import { writeFileWhole } from './process/state-file.ts';

/** The variables of a local platform. */
export interface LocalEnv {
  readonly KHIPU_URL: string;
  readonly KHIPU_API_KEY: string;
  readonly KAFKA_BROKERS: string;
  readonly SCHEMA_REGISTRY_URL: string;
  readonly DATABASE_URL: string;
  readonly REDIS_URL: string;
  /** With TLS: see infra/tls/tls-files.ts. */
  readonly KAFKA_SSL?: string;
  readonly KHIPU_TLS_CA_FILE?: string;
  readonly KHIPU_TLS_CERT_FILE?: string;
  readonly KHIPU_TLS_KEY_FILE?: string;
  readonly KHIPU_EXTRA_CA_FILE?: string;
  /** Absent without static vectors. */
  readonly KHIPU_MEMORY_MODEL_PATH?: string;
}

/** Quotes a value in single quotes when a shell would interpret it; `node --env-file` removes them too. */
const quoted = (value: string): string =>
  /^[\w@%+=:,./-]*$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;

const textOf = (env: object): string =>
  Object.entries(env)
    .map(([name, value]) => `${name}=${quoted(String(value))}\n`)
    .join('');

/**
 * Writes both env files with mode 0600: `client.env` with URL and key for clients, `local.env` with all variables for
 * operators, including passwords. Read one with `set -a; . .khipu/client.env; set +a`. Records the values as written by
 * this checkout, except the variables in `named`, which name external services.
 */
export function writeEnvFiles(dir: string, env: LocalEnv, named: readonly string[] = []): void {
  const { KHIPU_URL, KHIPU_API_KEY, KHIPU_EXTRA_CA_FILE: ca } = env;
  // Node's own variable as well, for clients of the user.
  const trust = ca === undefined ? {} : { KHIPU_EXTRA_CA_FILE: ca, NODE_EXTRA_CA_CERTS: ca };
  rememberOwn(dir, Object.fromEntries(Object.entries(env).filter(([name]) => !named.includes(name))));
  writeFileWhole(homeFiles(dir).clientEnv, textOf({ KHIPU_URL, KHIPU_API_KEY, ...trust }), 0o600);
  writeFileWhole(homeFiles(dir).localEnv, textOf(env), 0o600);
}

/** Returns the variables written by the last start, or undefined when there was none. */
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
