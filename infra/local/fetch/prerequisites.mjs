// Prerequisites of the machine for fetching and starting. Only those that are needed now are checked.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const hints = {
  java: 'Java 17 or newer (Debian: apt install openjdk-17-jre-headless; macOS: brew install openjdk@17)',
  mvn: 'Maven (Debian: apt install maven; macOS: brew install maven)',
  pip: 'Python 3 with pip (Debian: apt install python3-pip; macOS: brew install python)',
};

const instead = {
  java: 'or name running services with KAFKA_BROKERS and SCHEMA_REGISTRY_URL',
  mvn: 'or name running services with KAFKA_BROKERS, SCHEMA_REGISTRY_URL and REDIS_URL',
  pip: 'or choose another provider with KHIPU_SLM_PROVIDER=deterministic or openai',
};

const javaCommand = () => {
  const ofHome = process.env.JAVA_HOME && path.join(process.env.JAVA_HOME, 'bin', 'java');
  return ofHome && existsSync(ofHome) ? ofHome : 'java';
};

/** Checks that resolve with an empty text when the prerequisite is met, else with the problem. */
const checks = {
  java: async () => {
    const { stdout } = await run(javaCommand(), ['-Xinternalversion']);
    const version = /JRE \(([^)]+)\)/.exec(stdout)?.[1] ?? '0';
    return Number.parseInt(version, 10) >= 17 ? '' : `java is ${version}`;
  },
  mvn: async () => {
    await run('mvn', ['--version']);
    return '';
  },
  pip: async () => {
    await run('python3', ['-m', 'pip', '--version']);
    return '';
  },
};

/**
 * Rejects with code PREREQUISITE_MISSING when something is missing; the message lists all missing tools and how to
 * install them.
 * @param {{ downloads: string[], missing: string[] }} needs all downloads of this environment, and those not in the cache
 */
export async function checkPrerequisites({ downloads, missing }) {
  const needed = [];
  if (downloads.includes('kafka') || downloads.includes('registry')) needed.push('java');
  if (missing.some((name) => ['kafka', 'registry', 'redis'].includes(name))) needed.push('mvn');
  const problems = await Promise.all(
    needed.map(async (name) => {
      const problem = await checks[name]().catch(() => `${name} was not found`);
      return problem && `${problem}: install ${hints[name]}, ${instead[name]}`;
    }),
  );
  const found = problems.filter(Boolean);
  if (found.length > 0) throw Object.assign(new Error(found.join('\n  ')), { code: 'PREREQUISITE_MISSING' });
  // The model is optional: without pip the platform starts, with the deterministic provider.
  if (!missing.includes('model')) return;
  const problem = await checks.pip().catch(() => 'pip was not found');
  if (problem) console.error(`note: ${problem}: the local model needs ${hints.pip}, ${instead.pip}`);
}
