import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));
const requirements = join(here, 'requirements.txt');

export interface OutsideRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Full name of the Avro record. */
  readonly record: string;
  /** As Avro has it: snake_case names, decimals as text, bytes as hex. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Of the value's bytes in the log, hex. */
  readonly sha256: string;
}

/** A Python of our own with a Kafka client and an Avro reader, made once for each version of requirements.txt. */
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

/** All committed records of the topics, read from beginning to end by another language's client. */
export async function readFromOutside(
  env: { readonly KAFKA_BROKERS: string; readonly SCHEMA_REGISTRY_URL: string },
  ...topics: readonly string[]
): Promise<readonly OutsideRecord[]> {
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
    .map((line) => JSON.parse(line) as OutsideRecord);
}
