/** Writes the documentation that is derived from code. With `--check`, writes nothing and fails when a file is stale. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DemoReport } from '../../infra/bin/demo/report.ts';
import { projectRoot, readSources } from '../../tests/checks/files.ts';
import { exampleFiles } from './examples/files.ts';
import { httpApiPage } from './http-api/page.ts';
import { withIncludes } from './includes.ts';
import { monitoringFiles } from './monitoring/files.ts';
import { clientTypes } from './openapi/client-types.ts';
import { openApiDocument } from './openapi/document.ts';
import { operationSpecs } from './openapi/operation-specs.ts';
import { alertsPage } from './pages/alerts.ts';
import { capacityPage } from './pages/capacity.ts';
import { configurationPage } from './pages/configuration.ts';
import { errorsPage } from './pages/errors.ts';
import { glossaryPage } from './pages/glossary.ts';
import { metricsPage } from './pages/metrics.ts';
import { demoPicture, picturePath, recordPath } from './picture/demo-picture.ts';
import { architectureSection } from './sections/architecture.ts';
import { composeSection } from './sections/compose.ts';
import { contextFilesSection } from './sections/context-files.ts';
import { howToSection } from './sections/how-to.ts';
import { withSection } from './sections/section.ts';

const inTree = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
const isCheck = process.argv.includes('--check');
function write(files: Iterable<readonly [string, string]>): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(projectRoot, path)), { recursive: true });
    writeFileSync(join(projectRoot, path), text);
  }
}

const document = await openApiDocument();
const client = [
  ['infra/client/generated/api.ts', await clientTypes(document)],
  ['infra/client/generated/operations.ts', operationSpecs(document)],
] as const;
// The commands are made from the operations: so they are loaded when these are written.
if (!isCheck) write(client);
const { commandsPage } = await import('./pages/commands.ts');

const derived: ReadonlyMap<string, string> = new Map([
  ['docs/reference/alerts.md', alertsPage()],
  ['docs/reference/capacity.md', capacityPage()],
  ['docs/reference/commands.md', await commandsPage()],
  ['docs/reference/configuration.md', configurationPage()],
  ['docs/reference/errors.md', errorsPage()],
  ['docs/reference/glossary.md', glossaryPage()],
  ['docs/reference/http-api.md', httpApiPage(document)],
  ['docs/reference/metrics.md', metricsPage()],
  ['docs/reference/openapi.json', `${JSON.stringify(document, null, 2)}\n`],
  ...client,
  [picturePath, demoPicture(JSON.parse(inTree(recordPath)) as DemoReport)],
  ...exampleFiles(document),
  ...monitoringFiles(),
]);

/** Hand-written files with one derived section between markers. */
const sectioned: ReadonlyMap<string, string> = new Map(
  (
    [
      ['docs/explanation/architecture.md', 'architecture', architectureSection()],
      ['docs/how-to/add-a-context.md', 'context-files', contextFilesSection()],
      ['infra/local/compose/docker-compose.yml', 'stream-roles', composeSection()],
      ['mkdocs.yml', 'how-to', howToSection(readSources(projectRoot, (path) => /^docs\/how-to\/.*\.md$/.test(path)))],
    ] as const
  ).map(([path, name, body]) => [path, withSection(inTree(path), name, body)]),
);

const pages = readSources(projectRoot, (path) => /^docs\/.*\.md$/.test(path) && !derived.has(path)).map(
  ({ path, text }) => ({ path, text: sectioned.get(path) ?? text }),
);
const outputs = new Map([
  ...derived,
  ...sectioned,
  ...pages.map((page) => [page.path, withIncludes(page, (path) => derived.get(path) ?? inTree(path))] as const),
]);

function readCurrent(path: string): string | undefined {
  try {
    return inTree(path);
  } catch {
    return undefined;
  }
}

const stale = [...outputs].filter(([path, text]) => readCurrent(path) !== text);
if (!isCheck) write(stale);
else if (stale.length > 0) {
  console.error(
    `error STALE_PAGE: run \`npm run docs:pages\` and commit:\n  ${stale.map(([path]) => path).join('\n  ')}`,
  );
  process.exitCode = 1;
}
