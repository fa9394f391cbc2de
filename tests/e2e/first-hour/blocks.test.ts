import { describe, expect, it } from 'vitest';
import { blocksOf } from './blocks.ts';
import { showsJson, showsText } from './shown-output.ts';

const page = `# Page

## First

\`\`\`sh
curl a
\`\`\`

\`\`\`json
{"id": "…"}
\`\`\`

Prose.

<!-- from docs/examples/b.sh -->
\`\`\`sh
curl b
\`\`\`

Prose.

\`\`\`json
{"not": "its output"}
\`\`\`

<!-- not run in the first hour: it needs a phone -->
\`\`\`sh
call
\`\`\`
`;

describe('the shell blocks of a page', () => {
  it('are read with their line, section, output and reason', () => {
    expect(blocksOf('p.md', page)).toEqual([
      {
        where: 'p.md:5',
        section: 'First',
        text: 'curl a\n',
        output: { language: 'json', text: '{"id": "…"}\n' },
        notRun: null,
      },
      { where: 'p.md:16', section: 'First', text: 'curl b\n', output: null, notRun: null },
      { where: 'p.md:26', section: 'First', text: 'call\n', output: null, notRun: 'it needs a phone' },
    ]);
  });
});

describe('the output that a page shows', () => {
  it.each([
    ['{"id": "…", "n": 1}', '{"n": 1, "id": "abc"}', true],
    ['{"id": "/v1/…"}', '{"id": "/v1/turn"}', true],
    ['{"clauses": ["…"]}', '{"clauses": ["a", "b"]}', true],
    ['{"id": "…"}', '{"id": "abc", "more": 1}', false],
    ['{"id": "…", "gone": 1}', '{"id": "abc"}', false],
    ['{"n": 1}', '{"n": 2}', false],
    ['{"list": ["a", "b"]}', '{"list": ["b", "a"]}', false],
    ['{"n": 1}', 'error', false],
  ])('as JSON %s: %s', (shown, actual, expected) => {
    expect(showsJson(shown, actual)).toBe(expected);
  });

  it.each([
    ['event: a\n…\nevent: b\ndata: {"n":…}\n', 'event: a\nid: 1\nid: 2\nevent: b\ndata: {"n":7}\n', true],
    ['event: a\n…\nevent: b\n', 'event: b\nevent: a\n', false],
    ['event: a\nevent: b\n', 'event: a\nid: 1\nevent: b\n', false],
    ['Stopped in … s.', 'Stopped in 3.1 s.', true],
  ])('as text %j: %j', (shown, actual, expected) => {
    expect(showsText(shown, actual)).toBe(expected);
  });
});
