import { runInContext } from 'node:vm';
import { JSDOM } from 'jsdom';
import type { SourceFile } from '../../tests/checks/files.ts';

/** A Mermaid diagram, and where it begins: `docs/page.md:12`. */
export interface Diagram {
  readonly where: string;
  readonly text: string;
}

/** The functions of Mermaid that are used here. */
interface Mermaid {
  readonly initialize: (options: { readonly startOnLoad: boolean }) => void;
  readonly render: (id: string, text: string) => Promise<{ readonly svg: string }>;
}

const fence = /^```mermaid\n([\s\S]*?)^```$/gm;

/** Returns the diagrams of a Markdown page. */
export const diagramsOf = ({ path, text }: SourceFile): Diagram[] =>
  [...text.matchAll(fence)].map(({ index, 1: diagram = '' }) => ({
    where: `${path}:${text.slice(0, index).split('\n').length}`,
    text: diagram,
  }));

/** Returns a window in which a bundle was run. It has no layout: every text and shape measures the same. */
function windowWith(bundle: string) {
  const window = new JSDOM('', { runScripts: 'outside-only', pretendToBeVisual: true }).getInternalVMContext();
  const box = { x: 0, y: 0, left: 0, top: 0, right: 80, bottom: 20, width: 80, height: 20 };
  Object.assign(window['Element'].prototype, {
    getBBox: () => box,
    getBoundingClientRect: () => box,
    getComputedTextLength: () => box.width,
  });
  runInContext(bundle, window);
  return window;
}

/** Mermaid must refuse this: an arrow without an end. */
const broken: Diagram = { where: 'the planted diagram', text: 'flowchart LR\n  a -->\n' };

/**
 * Renders diagrams with Mermaid's bundle for browsers, and returns a sentence for each that it refuses. Throws when the
 * bundle renders even a broken diagram, so that no diagram passes unseen.
 */
export async function unrendered(bundle: string, diagrams: readonly Diagram[]): Promise<string[]> {
  const window = windowWith(bundle);
  const mermaid = window['mermaid'] as Mermaid;
  mermaid.initialize({ startOnLoad: false });
  let rendered = 0;
  const problemOf = async ({ where, text }: Diagram): Promise<string | undefined> => {
    try {
      const { svg } = await mermaid.render(`diagram-${rendered++}`, text);
      return svg.includes('<svg') ? undefined : `${where}: Mermaid renders nothing`;
    } catch (error) {
      return `${where}: ${(error as Error).message}`;
    }
  };
  try {
    if ((await problemOf(broken)) === undefined) throw new Error(`Mermaid renders ${broken.where}`);
    const problems: string[] = [];
    for (const diagram of diagrams) {
      const problem = await problemOf(diagram);
      if (problem !== undefined) problems.push(problem);
    }
    return problems;
  } finally {
    window['close']();
  }
}
