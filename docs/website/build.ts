/** `npm run docs:build`: builds the website into `.khipu/site`. A warning or a diagram that does not render is an error. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPages } from '../../tests/checks/files.ts';
import { diagramsOf, unrendered } from './diagrams.ts';
import { mermaidBundle } from './mermaid.ts';
import { mkdocs } from './mkdocs.ts';

/** Fewer diagrams than this and the check has looked in the wrong place. */
const diagramsMin = 10;

async function checkDiagrams(): Promise<number> {
  const diagrams = readPages().flatMap(diagramsOf);
  if (diagrams.length < diagramsMin)
    throw new Error(`saw ${diagrams.length} diagrams, expected ${diagramsMin} or more`);
  const problems = await unrendered(readFileSync(mermaidBundle(), 'utf8'), diagrams);
  if (problems.length > 0) throw new Error(`diagrams that do not render:\n${problems.join('\n')}`);
  return diagrams.length;
}

try {
  const diagrams = await checkDiagrams();
  // Never --quiet: warnings would then not be counted, and strict mode would let them pass.
  await mkdocs(['build', '--strict', '--site-dir', join('.khipu', 'site')]);
  console.log(`the documentation builds with no warning, and ${diagrams} diagrams render`);
} catch (error) {
  console.error(`error DOCS: ${(error as Error).message}`);
  process.exitCode = 1;
}
