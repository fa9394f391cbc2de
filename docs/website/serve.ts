/** `npm run docs:serve`: serves the website on http://127.0.0.1:8000, and again after each change. */
import { mkdocs } from './mkdocs.ts';

try {
  await mkdocs(['serve', '--livereload', ...process.argv.slice(2)]);
} catch (error) {
  console.error(`error DOCS: ${(error as Error).message}`);
  process.exitCode = 1;
}
