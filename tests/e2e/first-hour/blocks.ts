/** A shell block of a Markdown page. */
export interface Block {
  /** Such as `docs/tutorials/quickstart.md:21`. */
  readonly where: string;
  /** Heading above it; empty at the top of a page. */
  readonly section: string;
  readonly text: string;
  /** Output that the page shows directly below the block. */
  readonly output: { readonly language: 'json' | 'text'; readonly text: string } | null;
  /** Why the block is not run: from the comment `<!-- not run in the first hour: … -->` above it. */
  readonly notRun: string | null;
}

const fence = /^(?:<!-- not run in the first hour: (.+) -->\n)?```sh\n([\s\S]*?)^```$/gm;
const shown = /^\n\n```(json|text)\n([\s\S]*?)^```$/m;

/** Returns the shell blocks of a page, in their order. */
export function blocksOf(path: string, text: string): readonly Block[] {
  return [...text.matchAll(fence)].map((match) => {
    const { 0: whole, 1: notRun = null, 2: shell = '', index } = match;
    const before = text.slice(0, index);
    const after = text.slice(index + whole.length);
    const output = shown.exec(after);
    const isBelow = output?.index === 0;
    return {
      where: `${path}:${before.split('\n').length}`,
      section: [...before.matchAll(/^#+ (.+)$/gm)].at(-1)?.[1] ?? '',
      text: shell,
      output: isBelow ? { language: output[1] as 'json' | 'text', text: output[2] ?? '' } : null,
      notRun,
    };
  });
}
