import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contextFiles, fixturePath, registeredFiles } from '../../../tests/add-a-context/tree.ts';
import { projectRoot } from '../../../tests/checks/files.ts';

const linesOf = (path: string): number => readFileSync(join(projectRoot, path), 'utf8').trimEnd().split('\n').length;

/** Returns the table of files that the context of docs/how-to/add-a-context.md costs. */
export function contextFilesSection(): string {
  const added = contextFiles().map((path) => `| \`${path}\` | new, ${linesOf(fixturePath(path))} lines |`);
  const edited = registeredFiles().map(({ path, lines }) => `| \`${path}\` | edited, ${lines} lines added |`);
  return [
    '',
    `${added.length + edited.length} files by hand, of which ${edited.length} are registrations.`,
    '',
    '| File | |',
    '|---|---|',
    ...[...added, ...edited],
    '',
  ].join('\n');
}
