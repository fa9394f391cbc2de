import { describe, expect, it } from 'vitest';
import { projectRoot } from './files.ts';
import { checkWords, findWords } from './words.ts';

const found = (text: string) => findWords({ path: 'docs/page.md', text });

describe('words', () => {
  it.each([
    ['the task begins a', 'new'],
    ['who', 'ever reads it'],
    ['no', 'body waits'],
    ['kept for e', 'ver'],
    ['the switch as it s', 'tands'],
    ['the reader is t', 'old'],
    ['a gauge tells o', 'f lag'],
    ['be i', 't a user or a service'],
    ['no lock n', 'or lease'],
    ['/** W', 'hat is written here. */'],
    ['// Those w', 'ho wait.'],
  ])('finds a phrase of the old dialect: %s%s', (start, end) => {
    expect(found(`One line.\n${start}${end}`)).toHaveLength(1);
    expect(found(`One line.\n${start}${end}`)[0]).toMatch(/^docs\/page\.md:2: /);
  });

  it.each([
    'The task begins again.',
    'run as `nobody`',
    'Not a lock and not a lease.',
    'What is a khipu?',
    'a new record',
  ])('accepts plain English: %s', (text) => {
    expect(found(text)).toEqual([]);
  });

  it('fails when it saw few files', () => {
    expect(checkWords(projectRoot, 1_000_000).problems.at(-1)).toMatch(/^saw \d+ files, expected/);
  });
});
