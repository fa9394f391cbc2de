import type { SourceFile } from '../../../tests/checks/files.ts';

const FOLDER = 'docs/how-to/';

/** Returns the entries of the how-to pages in mkdocs.yml, by title. Throws for a page that does not begin with its title. */
export function howToSection(pages: readonly SourceFile[]): string {
  const titled = pages
    .filter(({ path }) => path.startsWith(FOLDER))
    .map(({ path, text }) => {
      const title = /^# (.+)$/m.exec(text)?.[1];
      if (title === undefined) throw new Error(`${path} has no title`);
      return { title, page: path.slice('docs/'.length) };
    });
  return titled
    .sort((a, b) => (a.title < b.title ? -1 : 1))
    .map(({ title, page }) => `      - ${title}: ${page}`)
    .join('\n');
}
