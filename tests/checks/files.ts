import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface SourceFile {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly text: string;
}

const NEVER_OURS = new Set(['node_modules', '.git', '.khipu', 'coverage', 'site', 'dist']);

/** Returns the paths that git tracks or would add; without git, every file that is not downloaded or built. */
export function pathsUnder(root: string): string[] {
  try {
    return execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 64 * 1024 * 1024,
    })
      .split('\0')
      .filter((path) => path !== '');
  } catch {
    return readdirSync(root, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(root.length + 1)
          .replaceAll('\\', '/'),
      )
      .filter((path) => !path.split('/').some((part) => NEVER_OURS.has(part)));
  }
}

/** Reads the repository's text files. Skips binaries, and files that git lists but that have just been removed. */
export function readSources(root: string, wanted: (path: string) => boolean): SourceFile[] {
  return pathsUnder(root)
    .filter(wanted)
    .sort()
    .flatMap((path) => {
      try {
        const text = readFileSync(join(root, path), 'utf8');
        return text.includes('\0') ? [] : [{ path, text }];
      } catch {
        return [];
      }
    });
}

/** Reads the README and the pages of the documentation. */
export const readPages = (): SourceFile[] =>
  readSources(projectRoot, (path) => path === 'README.md' || /^docs\/.*\.md$/.test(path));

/** Prints the problems of a check and sets the exit code. */
export function report(check: string, seen: number, problems: readonly string[]): void {
  for (const problem of problems) console.error(`error ${check}: ${problem}`);
  console.log(`${seen} files, ${problems.length} problems`);
  if (problems.length > 0) process.exitCode = 1;
}
