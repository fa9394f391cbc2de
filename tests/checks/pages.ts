/** Writes the reference pages that are derived from code; with `--check` fails when one is stale. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './files.ts';
import { commandsPage } from './pages/commands.ts';
import { configurationPage } from './pages/configuration.ts';
import { errorsPage } from './pages/errors.ts';
import { metricsPage } from './pages/metrics.ts';

const folder = join('docs', 'reference');
const pages: ReadonlyMap<string, string> = new Map([
  [join(folder, 'commands.md'), await commandsPage()],
  [join(folder, 'configuration.md'), configurationPage()],
  [join(folder, 'errors.md'), errorsPage()],
  [join(folder, 'metrics.md'), metricsPage()],
]);

function stands(path: string): string | undefined {
  try {
    return readFileSync(join(projectRoot, path), 'utf8');
  } catch {
    return undefined;
  }
}

const stale = [...pages].filter(([path, text]) => stands(path) !== text);
if (!process.argv.includes('--check')) for (const [path, text] of stale) writeFileSync(join(projectRoot, path), text);
else if (stale.length > 0) {
  console.error(
    `error STALE_PAGE: run \`npm run docs:pages\` and commit:\n  ${stale.map(([path]) => path).join('\n  ')}`,
  );
  process.exitCode = 1;
}
