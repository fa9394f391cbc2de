import { expect, it } from 'vitest';
import { projectRoot, readSources, type SourceFile } from '../checks/files.ts';

/** Ways to make a document of a text. Each pattern is written so that it does not match its own text. */
const MARKUP =
  /dangerously[S]etInnerHTML|\.(?:inner|outer)[H]TML|insertAdjacent[H]TML|srcdo[c]\b|document\.writ[e]\b|createContextual[F]ragment|parseFrom[S]tring|\bnew [F]unction\(|\beva[l]\(|javascrip[t]:/;

const findings = (files: readonly SourceFile[]): string[] =>
  files.filter(({ text }) => MARKUP.test(text)).map(({ path }) => path);

it('no source of the console makes markup or code of a text', () => {
  const files = readSources(projectRoot, (path) => /^gateways\/console\/app\/.*\.(?:ts|tsx|html)$/.test(path));
  expect(files.length).toBeGreaterThan(40);
  expect(findings(files)).toEqual([]);
});

it.each([
  ['a property', `element.inner${'HTML'} = text`],
  ['an attribute of Preact', `<p dangerously${'Set'}InnerHTML={{ __html: text }} />`],
  ['a frame', `<iframe src${'doc'}={text} />`],
  ['a link', `href="java${'script:'}alert(1)"`],
])('finds %s', (_name, text) => {
  expect(findings([{ path: 'a.tsx', text }])).toEqual(['a.tsx']);
});
