import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheDir } from '../fetch/catalogue.mjs';
import { withLock } from '../fetch/lock.mjs';
import { startChild } from '../process/child.ts';
import { startOf } from '../process/pids.ts';
import { commonJvmArgs, findJava } from './java.ts';

/**
 * A JVM program with a class archive (class data sharing, JEP 310): a JVM that maps its classes from an archive starts
 * in half the time. The first run writes the list of loaded classes; from it an archive is made in the background, for
 * all later starts.
 */
export interface ArchiveSubject {
  /** Name with version, such as kafka-4.2.1. */
  readonly name: string;
  readonly classPath: string;
}

const baseOf = (subject: ArchiveSubject): string => {
  const java = findJava();
  const digest = createHash('sha256').update(`${java.command} ${java.version} ${subject.classPath}`).digest('hex');
  return path.join(cacheDir(), 'class-archives', `${subject.name}-${digest.slice(0, 12)}`);
};

/** Removes lists and drafts of ended processes; their names contain the pid of the process. */
function dropLeftovers(dir: string): void {
  for (const name of readdirSync(dir)) {
    const pid = /\.(\d+)\.(classes|list|jsa)$/.exec(name)?.[1];
    if (pid !== undefined && startOf(Number(pid)) === undefined) rmSync(path.join(dir, name), { force: true });
  }
}

/** Returns JVM arguments: use the archive if it exists, else write the list of loaded classes for it. */
export function archiveArgs(subject: ArchiveSubject): string[] {
  const base = baseOf(subject);
  if (existsSync(`${base}.jsa`)) return [`-XX:SharedArchiveFile=${base}.jsa`];
  mkdirSync(path.dirname(base), { recursive: true });
  dropLeftovers(path.dirname(base));
  return [`-XX:DumpLoadedClassList=${base}.${process.pid}.classes`];
}

/**
 * Makes the archive from the list of classes of this process's JVM; does nothing when it exists or another process is
 * making it. Takes 10–30 s of one core, so it runs niced. Never rejects when there is no archive: only the next start
 * is slower.
 */
export async function makeArchive(subject: ArchiveSubject, log: string): Promise<void> {
  const base = baseOf(subject);
  const noted = `${base}.${process.pid}.classes`;
  if (existsSync(`${base}.jsa`) || !existsSync(noted)) return;
  // The JVM is still writing: its last line may be incomplete.
  const classes = readFileSync(noted, 'utf8').replace(/[^\n]*$/, '');
  const list = `${base}.${process.pid}.list`;
  const draft = `${base}.${process.pid}.jsa`;
  const args = [
    ...commonJvmArgs,
    '-Xmx256m',
    '-Xshare:dump',
    `-XX:SharedClassListFile=${list}`,
    `-XX:SharedArchiveFile=${draft}`,
    '-cp',
    subject.classPath,
  ];
  const make = async (): Promise<void> => {
    if (existsSync(`${base}.jsa`)) return;
    writeFileSync(list, classes);
    const command = ['-n', '19', findJava().command, ...args];
    const child = await startChild({ name: `${subject.name} archive`, command: 'nice', args: command, log });
    const { code } = await child.exited;
    if (code === 0 && existsSync(draft)) renameSync(draft, `${base}.jsa`);
  };
  await withLock(`${base}.lock`, make, { waitMs: 0 }).catch(() => {});
  for (const file of [list, draft, noted]) rmSync(file, { force: true });
}
