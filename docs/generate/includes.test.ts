import { expect, test } from 'vitest';
import { withIncludes } from './includes.ts';

const read = (path: string): string => {
  if (path !== 'a.sh') throw new Error(`no ${path}`);
  return 'echo a\necho b\n';
};

const included = (text: string, from = read): string => withIncludes({ path: 'page.md', text }, from);

test('a fence gets the text of the file that is named above it; other fences stay', () => {
  const page = 'Text\n\n<!-- from a.sh -->\n```sh\nold\n\nolder\n```\n\n```sh\nmine\n```\n';
  const fresh = 'Text\n\n<!-- from a.sh -->\n```sh\necho a\necho b\n```\n\n```sh\nmine\n```\n';
  expect(included(page)).toBe(fresh);
  expect(included(fresh)).toBe(fresh);
});

test('a missing file, or a file that would end its fence, is an error', () => {
  expect(() => included('<!-- from b.sh -->\n```sh\n```\n')).toThrow('no b.sh');
  expect(() => included('<!-- from a.md -->\n```md\n```\n', () => 'a\n```\nb\n')).toThrow(
    'page.md: a.md ends the fence',
  );
});

test('a file that is named without a fence below is an error: nothing of it would be shown', () => {
  expect(() => included('<!-- from a.sh -->\n\nText\n')).toThrow('page.md: write a fence below `<!-- from a.sh -->`');
});

test("a page with an include of the site's build is an error", () => {
  expect(() => included('```sh\n--8<-- "a.sh"\n```\n')).toThrow('page.md: write');
});
