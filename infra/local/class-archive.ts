import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startChild } from './child.ts';
import { cacheDir } from './fetch/catalogue.mjs';
import { withLock } from './fetch/lock.mjs';
import { commonJvmArgs, findJava } from './java.ts';
import { startOf } from './pids.ts';

/**
 * Class data sharing (JEP 310): a JVM that maps its classes from an archive starts in half the time. The first run
 * writes the list of classes it loaded; from it an archive is made in the background, for all later starts.
 */
export interface ArchiveSubject {
  /** Such as kafka-4.1.1; version included. */
  readonly name: string;
  readonly classPath: string;
}

const baseOf = (subject: ArchiveSubject): string => {
  const java = findJava();
  const digest = createHash('sha256').update(`${java.command} ${java.version} ${subject.classPath}`).digest('hex');
  return path.join(cacheDir(), 'class-archives', `${subject.name}-${digest.slice(0, 12)}`);
};

/** Lists and drafts carry the pid of their process; of those that ended without making an archive nothing is of use. */
function dropLeftovers(dir: string): void {
  for (const name of readdirSync(dir)) {
    const pid = /\.(\d+)\.(classes|list|jsa)$/.exec(name)?.[1];
    if (pid !== undefined && startOf(Number(pid)) === undefined) rmSync(path.join(dir, name), { force: true });
  }
}

/** JVM arguments: use the archive where it is, else note the classes down, so that it can be made. */
export function archiveArgs(subject: ArchiveSubject): string[] {
  const base = baseOf(subject);
  if (existsSync(`${base}.jsa`)) return [`-XX:SharedArchiveFile=${base}.jsa`];
  mkdirSync(path.dirname(base), { recursive: true });
  dropLeftovers(path.dirname(base));
  return [`-XX:DumpLoadedClassList=${base}.${process.pid}.classes`];
}

/**
 * Makes the archive from the classes this process's JVM noted down; does nothing when it is there or another process
 * makes it. Takes 10–30 s of one core, so it runs niced.
 * Never rejects for want of an archive: the next start only is slower.
 */
export async function makeArchive(subject: ArchiveSubject, log: string): Promise<void> {
  const base = baseOf(subject);
  const noted = `${base}.${process.pid}.classes`;
  if (existsSync(`${base}.jsa`) || !existsSync(noted)) return;
  // The JVM is still writing: its last line may be half a line.
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
