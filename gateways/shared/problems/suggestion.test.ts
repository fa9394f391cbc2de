import { expect, it } from 'vitest';
import { nearest, suggestionFor } from './suggestion.ts';

const known = ['prompt', 'persona', 'max_tokens', 'model', 'id'];

it.each([
  ['promt', 'prompt'],
  ['rpompt', 'prompt'],
  ['Prompt', 'prompt'],
  ['maxTokens', 'max_tokens'],
  ['modle', 'model'],
  ['weather', null],
  ['', null],
  ['p'.repeat(10_000), null],
])('%j is probably %j', (name, meant) => {
  expect(nearest(name, known)).toBe(meant);
});

it('suggests nothing where nothing is near', () => {
  expect(suggestionFor('promt', known)).toBe('; did you mean prompt?');
  expect(suggestionFor('weather', known)).toBe('');
});
