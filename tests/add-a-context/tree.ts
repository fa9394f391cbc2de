import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathsUnder, projectRoot } from '../checks/files.ts';

const FIXTURE = 'tests/fixtures/add-a-context/';
const EDITS = 'registrations.diff';

/** Returns where the fixture has a file of the context. */
export const fixturePath = (path: string): string => `${FIXTURE}${path}`;

/** Returns the new files of the context, by their paths in the tree. */
export const contextFiles = (): readonly string[] =>
  pathsUnder(projectRoot)
    .filter((path) => path.startsWith(FIXTURE))
    .map((path) => path.slice(FIXTURE.length))
    .filter((path) => path !== EDITS)
    .sort();

/** An existing file that is edited. */
export interface Registration {
  readonly path: string;
  /** Lines that are added. */
  readonly lines: number;
}

/** Returns the existing files that are edited to register the context, in the order of the edits. */
export const registeredFiles = (): readonly Registration[] =>
  readFileSync(join(projectRoot, fixturePath(EDITS)), 'utf8')
    .split(/^diff --git .*$/m)
    .slice(1)
    .map((edit) => ({
      path: /^\+\+\+ b\/(.+)$/m.exec(edit)?.[1] ?? '',
      lines: [...edit.matchAll(/^\+(?!\+\+ )/gm)].length,
    }));

/** Copies the tree to a temporary folder, with the context added to it. Returns the folder; the caller removes it. */
export function copyWithContext(): string {
  const root = mkdtempSync(join(tmpdir(), 'khipu-add-a-context-'));
  // As root, programs of tools run as a user without rights, who needs access to the interpreter.
  chmodSync(root, 0o755);
  const copy = (from: string, to: string): void => {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    cpSync(join(projectRoot, from), join(root, to));
  };
  for (const path of pathsUnder(projectRoot)) copy(path, path);
  for (const path of contextFiles()) copy(fixturePath(path), path);
  symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'), 'junction');
  // Fails when an edited file no longer has the lines around an edit: the edits are then made again by hand.
  execFileSync('git', ['apply', join(projectRoot, fixturePath(EDITS))], { cwd: root, stdio: 'inherit' });
  return root;
}
