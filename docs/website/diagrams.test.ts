import { describe, expect, it } from 'vitest';
import { diagramsOf, unrendered } from './diagrams.ts';

/** Stands in for the bundle of Mermaid: renders a diagram unless `refuses` is true for its text. */
const bundle = (refuses: string, svg = '<svg/>'): string => `
  var mermaid = {
    initialize() {},
    render: async (id, text) => {
      document.createElement('div').getBoundingClientRect().width.toFixed();
      if (${refuses}) throw new Error('Parse error on line 2');
      return { svg: ${JSON.stringify(svg)} };
    },
  };`;
const strict = bundle(`text.endsWith('-->\\n')`);

describe('the diagrams of a page', () => {
  it('are its fences of Mermaid, with their lines', () => {
    const text = '# Page\n\n```mermaid\nflowchart LR\n  a --> b\n```\n\n```sh\nls\n```\n\n```mermaid\npie\n```\n';
    expect(diagramsOf({ path: 'docs/page.md', text })).toEqual([
      { where: 'docs/page.md:3', text: 'flowchart LR\n  a --> b\n' },
      { where: 'docs/page.md:12', text: 'pie\n' },
    ]);
  });
});

describe('rendering', () => {
  const good = { where: 'a.md:1', text: 'flowchart LR\n  a --> b\n' };
  const bad = { where: 'b.md:7', text: 'flowchart LR\n  a -->\n' };

  it('names the diagrams that Mermaid refuses, and why', async () => {
    expect(await unrendered(strict, [good, bad, good])).toEqual(['b.md:7: Parse error on line 2']);
    expect(await unrendered(strict, [good])).toEqual([]);
  });

  it('names a diagram of which Mermaid makes nothing', async () => {
    expect(await unrendered(bundle(`text.endsWith('-->\\n')`, ''), [good])).toEqual([
      'a.md:1: Mermaid renders nothing',
    ]);
  });

  it('fails when Mermaid refuses nothing, because then it proves nothing', async () => {
    await expect(unrendered(bundle('false'), [good])).rejects.toThrow('Mermaid renders the planted diagram');
  });
});
