import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** A Java runtime. */
export interface Java {
  readonly command: string;
  /** As the JVM prints it, such as 17.0.15+6; part of the names of archives, which only the same JVM can use. */
  readonly version: string;
}

let found: Java | undefined;

/**
 * Returns the JVM of JAVA_HOME, else of PATH. Throws when there is none or it is older than 17. Looked up once per
 * process.
 */
export function findJava(): Java {
  if (found) return found;
  const home = process.env['JAVA_HOME'];
  const command = home && existsSync(path.join(home, 'bin', 'java')) ? path.join(home, 'bin', 'java') : 'java';
  let text: string;
  try {
    text = execFileSync(command, ['-Xinternalversion'], { encoding: 'utf8', stdio: 'pipe' });
  } catch (cause) {
    throw new Error('java was not found; Kafka and the schema registry need Java 17 or newer', { cause });
  }
  const version = /JRE \(([^)]+)\)/.exec(text)?.[1] ?? text.trim();
  const major = Number(/^(\d+)/.exec(version)?.[1]);
  if (!(major >= 17)) throw new Error(`java ${version} is too old: Kafka and the schema registry need 17 or newer`);
  found = { command, version };
  return found;
}

/** Arguments for small services: one collector thread, and few compiler and collector threads on a shared machine. */
export const commonJvmArgs = ['-XX:+UseSerialGC', '-XX:-UsePerfData', '-Xshare:auto', '-Dfile.encoding=UTF-8'];
