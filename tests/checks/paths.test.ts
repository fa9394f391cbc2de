import { describe, expect, it } from 'vitest';
import { projectRoot } from './files.ts';
import { checkPaths, findPaths } from './paths.ts';

const repository = ['README.md', 'docs/adr/0001-one-log.md', 'infra/kafka/port.ts', '.ci/run'];
const found = (text: string) => findPaths({ path: 'docs/page.md', text }, repository);

describe('paths in pages', () => {
  it('exist, in every page', () => {
    expect(checkPaths(projectRoot).problems).toEqual([]);
  });

  it.each([
    ['a file', 'see `infra/kafka/log.ts`', 'infra/kafka/log.ts'],
    ['a folder', 'see `infra/runner/`', 'infra/runner'],
    ['a file in a code block', '```sh\nbash .ci/walk\n```', '.ci/walk'],
    ['an included example', '--8<-- "docs/examples/start.sh"', 'docs/examples/start.sh'],
    ['a file at the end of a sentence', 'It is in infra/log.ts.', 'infra/log.ts'],
    ['a source file without its folder', 'see `log.ts`', 'log.ts'],
  ])('are reported with their line when %s does not exist', (_, text, path) => {
    expect(found(`One line.\n${text}`)).toEqual([expect.stringMatching(/^docs\/page\.md:[23]: /)]);
    expect(found(text)[0]).toContain(`${path} does not exist`);
  });

  it.each([
    'see `infra/kafka/port.ts`, `port.ts`, `infra/kafka`, `infra/` and `.ci/run`',
    'a pattern: `infra/<room>/<name>.ts`, `docs/adr/*.md`, `infra/{a,b}.ts`',
    'other paths: `GET /v1/docs/none`, `.khipu/infra/log`, `http://localhost/infra/log.ts`, `../infra/log.ts`',
    'a fraction 1/2, `and/or`, a port `log.tsx`',
  ])('are not reported otherwise: %s', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('may be those of a fixture tree that the page shows, and no other', () => {
    const files = [...repository, 'tests/fixtures/walk/streams/notes/notes.ts'];
    const names = (text: string) => findPaths({ path: 'docs/page.md', text }, files);
    expect(names('from `tests/fixtures/walk/`: `streams/notes/notes.ts`')).toEqual([]);
    expect(names('from `tests/fixtures/walk/`: `infra/notes/notes.ts`')).toHaveLength(1);
    expect(names('`infra/notes/notes.ts`')).toHaveLength(1);
  });

  it('are not reported as correct when few pages were seen', () => {
    expect(checkPaths(projectRoot, 1_000_000).problems.at(-1)).toMatch(/^saw \d+ pages, expected/);
  });
});
