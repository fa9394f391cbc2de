import { expect, it } from 'vitest';
import { projectRoot, readSources, type SourceFile } from '../checks/files.ts';

/** Ways to make a document of a text. Each pattern is written so that it does not match its own text. */
const MARKUP =
  /dangerously[S]etInnerHTML|\.(?:inner|outer)[H]TML|insertAdjacent[H]TML|srcdo[c]\b|document\.writ[e]\b|createContextual[F]ragment|parseFrom[S]tring|\bnew [F]unction\(|\beva[l]\(|javascrip[t]:/;

/** Places in which a browser keeps data after a page is closed. */
const STORAGE = /local[S]torage|session[S]torage|indexed[D]B|document\.cooki[e]\b|\bcache[s]\.open/;

const findings = (files: readonly SourceFile[], pattern: RegExp): string[] =>
  files.filter(({ text }) => pattern.test(text)).map(({ path }) => path);

const files = readSources(projectRoot, (path) => /^gateways\/console\/app\/.*\.(?:ts|tsx|html)$/.test(path));

it('no source of the console makes markup or code of a text, or stores data in the browser', () => {
  expect(files.length).toBeGreaterThan(40);
  expect(findings(files, MARKUP)).toEqual([]);
  expect(findings(files, STORAGE)).toEqual([]);
});

it.each([
  ['a property', `element.inner${'HTML'} = text`],
  ['an attribute of Preact', `<p dangerously${'Set'}InnerHTML={{ __html: text }} />`],
  ['a frame', `<iframe src${'doc'}={text} />`],
  ['a link', `href="java${'script:'}alert(1)"`],
])('finds %s', (_name, text) => {
  expect(findings([{ path: 'a.tsx', text }], MARKUP)).toEqual(['a.tsx']);
});

it.each([`local${'Storage'}.setItem('key', key)`, `session${'Storage'}['key']`, `document.${'cookie'} = key`])(
  'finds the storage %s',
  (text) => expect(findings([{ path: 'a.tsx', text }], STORAGE)).toEqual(['a.tsx']),
);
