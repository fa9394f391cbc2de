import type { SourceFile } from '../../tests/checks/files.ts';

/** A fence with the text of a file: `<!-- from docs/examples/start-session.sh -->`, then the fence. */
const block = /^<!-- from (\S+) -->\n(`{3,})(\w+)\n[\s\S]*?^\2$/gm;

const bare = /^<!-- from (\S+) -->\n(?!`{3})/m;

/**
 * Returns a page with the current text of each file that it shows. `read` returns a file's text by its path from the root of
 * the tree. The text is part of the page, so that a reader sees it on any site. Throws when a page uses an include of the
 * site's build, when it names a file without a fence below, and when a file would end its fence.
 */
export function withIncludes({ path: page, text }: SourceFile, read: (path: string) => string): string {
  if (/^--8<-- /m.test(text))
    throw new Error(`${page}: write \`<!-- from <path> -->\` above the fence, not \`--8<--\``);
  const unfenced = bare.exec(text)?.[1];
  if (unfenced !== undefined) throw new Error(`${page}: write a fence below \`<!-- from ${unfenced} -->\``);
  return text.replace(block, (_, path: string, fence: string, language: string) => {
    const shown = read(path).trimEnd();
    if (shown.includes(`\n${fence}`)) throw new Error(`${page}: ${path} ends the fence that shows it; make it longer`);
    return `<!-- from ${path} -->\n${fence}${language}\n${shown}\n${fence}`;
  });
}
