import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));
const requirements = join(here, 'requirements.txt');

export interface ForeignRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Full name of the Avro record. */
  readonly record: string;
  /** The Avro value: snake_case names, decimals as text, bytes as hex. */
  readonly value: Readonly<Record<string, unknown>>;
  /** sha256 of the value's bytes in the log, hex. */
  readonly sha256: string;
}

/** Returns a Python with a Kafka client and an Avro reader, created once per version of requirements.txt. */
export async function python(): Promise<string> {
  const stamp = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = join(here, '..', '..', '..', '.khipu', `python-${stamp}`);
  const program = join(folder, 'bin', 'python');
  const done = join(folder, 'ready');
  if (existsSync(done)) return program;
  mkdirSync(folder, { recursive: true });
  await run('python3', ['-m', 'venv', folder]);
  await run(program, ['-m', 'pip', 'install', '--quiet', '--requirement', requirements]);
  writeFileSync(done, '');
  return program;
}

/** Reads all committed records of the topics, from beginning to end, with a client in another language. */
export async function readWithForeignClient(
  env: { readonly KAFKA_BROKERS: string; readonly SCHEMA_REGISTRY_URL: string },
  ...topics: readonly string[]
): Promise<readonly ForeignRecord[]> {
  const program = await python();
  const { stdout } = await run(
    program,
    [join(here, 'consume.py'), env.KAFKA_BROKERS, env.SCHEMA_REGISTRY_URL, ...topics],
    {
      maxBuffer: 256 * 1024 * 1024,
    },
  );
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ForeignRecord);
}
