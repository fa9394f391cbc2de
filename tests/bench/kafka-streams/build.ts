import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDir } from '../../../infra/local/fetch/catalogue.mjs';
import { withLock } from '../../../infra/local/fetch/lock.mjs';
import { findJava } from '../../../infra/local/parts/java.ts';

const run = promisify(execFile);
const OUTPUT_BYTES_MAX = 16 * 1_048_576;
// The goal and version with which the platform fetches Kafka: infra/local/fetch/maven.mjs.
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:2.10:copy-dependencies';

const pom = join(import.meta.dirname, 'pom.xml');
const sourceDir = join(import.meta.dirname, 'src', 'khipu', 'bench');
const sources = (): string[] => readdirSync(sourceDir).map((name) => join(sourceDir, name));

function digestOf(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 12);
}

/**
 * Returns the class path of the Java program. Maven fetches the jars and the sources are compiled at first use, and
 * again when they change, into the cache of the platform's downloads. Needs Maven and a JDK; rejects with their output.
 */
export async function kafkaStreamsClassPath(note: (text: string) => void): Promise<string> {
  const root = join(cacheDir(), 'bench-kafka-streams');
  const libs = join(root, `libs-${digestOf([pom])}`);
  const classes = join(root, `classes-${digestOf([pom, ...sources()])}`);
  await withLock(join(cacheDir(), 'locks', 'bench-kafka-streams.lock'), async () => {
    if (!existsSync(libs)) {
      note('fetching the jars of Kafka Streams with Maven');
      await whole(libs, (target) => fetchJars(target, join(root, 'repository')));
      rmSync(join(root, 'repository'), { recursive: true, force: true });
    }
    if (!existsSync(classes)) await whole(classes, (target) => compile(libs, target));
  });
  return [classes, join(libs, '*')].join(':');
}

/** Fills a folder atomically: it appears by one rename, or not at all. */
async function whole(dir: string, fill: (target: string) => Promise<void>): Promise<void> {
  const target = `${dir}.new`;
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  await fill(target);
  renameSync(target, dir);
}

async function fetchJars(target: string, repository: string): Promise<void> {
  const args = ['-B', '-ntp', `-Dmaven.repo.local=${repository}`, '-f', pom, COPY];
  await tool('mvn', [...args, '-DincludeScope=runtime', `-DoutputDirectory=${target}`]);
}

async function compile(libs: string, target: string): Promise<void> {
  const java = findJava().command;
  const javac = java === 'java' ? 'javac' : join(dirname(java), 'javac');
  await tool(javac, ['--release', '17', '-cp', join(libs, '*'), '-d', target, ...sources()]);
}

async function tool(command: string, args: readonly string[]): Promise<void> {
  try {
    await run(command, [...args], { maxBuffer: OUTPUT_BYTES_MAX });
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    const said = `${stdout}${stderr}`.trim().split('\n').slice(-10).join('\n');
    throw new Error(`${command} failed; the comparison with Kafka Streams needs a JDK and Maven\n${said}`, { cause });
  }
}
