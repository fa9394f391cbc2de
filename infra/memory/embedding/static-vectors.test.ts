import { describe, expect, it } from 'vitest';
import { cosine, vectorIn, vectorOf, vectorText } from '../../../schemas/contexts/memory/vectors.ts';
import { downloadDir, isFetched } from '../../local/fetch/catalogue.mjs';
import { halfPrecision, staticVectors } from './static-vectors.ts';
import { Tokenizer } from './tokenizer.ts';

const small = new Tokenizer({
  model: {
    type: 'BPE',
    vocab: { '▁': 0, a: 1, b: 2, ab: 3, '▁ab': 4, '<0xC3>': 5, '<0xB1>': 6, '▁a': 7 },
    merges: ['a b', '▁ ab', '▁ a'],
  },
});

describe('a tokenizer', () => {
  it('joins the pair with the lowest rank first, and takes the bytes of what it does not know', () => {
    expect(small.encode('ab a ñ')).toEqual([4, 7, 0, 5, 6]);
    expect(small.encode('')).toEqual([]);
  });

  it('encodes a very long run without a space in bounded time', () => {
    expect(small.encode('ab'.repeat(4_000)).length).toBeGreaterThan(3_900);
  });
});

it('half-precision numbers are read as IEEE 754 says', () => {
  expect([0x3c00, 0xc000, 0x0001, 0x7c00, 0x3555].map(halfPrecision)).toEqual([
    ...[1, -2, 2 ** -24, Number.POSITIVE_INFINITY, 0.333251953125],
  ]);
});

it('a folder without vectors is an error that names its variable', () => {
  expect(() => staticVectors('/not-there-at-all')).toThrow('KHIPU_MEMORY_MODEL_PATH: expected a folder');
});

/** `npm start` fetches them; a checkout that never ran has none. */
describe.skipIf(!isFetched('vectors'))('static vectors', () => {
  const { embed, model } = staticVectors(downloadDir('vectors'));
  const vector = (text: string) => vectorOf(embed(text));

  /** First components that `tokenizers` 0.22 and numpy give for the same files. */
  it.each([
    ['The office in Cusco closes at six.', [0.06435, -0.38641, 0.15178]],
    ['  two  spaces and\ttabs\nnewline', [-0.15339, -0.50129, 0.39671]],
    ['ñandú 日本語 emoji 🦙🏽!', [-0.01848, 0.21908, 0.1196]],
    ['internationalization of electroencephalographically', [0.22139, 0.58302, -0.13316]],
    ['   ', [-0.03084, -0.25537, -0.21582]],
    ['', [0, 0, 0]],
  ])('are those of the reference for %j', (text, expected) => {
    expect([...embed(text)].slice(0, 3).map((each) => Number(each.toFixed(5)))).toEqual(expected);
  });

  it('bring texts of one meaning near each other', () => {
    const question = vector('When does the office close?');
    const near = cosine(question, vector('Our bureau shuts at six in the evening.'));
    expect(near).toBeGreaterThan(cosine(question, vector('Llamas eat grass in the mountains.')) + 0.1);
    expect(model).toMatch(/^static-256-[0-9a-f]{12}$/);
  });

  it('are whole numbers that text keeps', () => {
    const made = vector('khipu');
    expect(vectorIn(vectorText(made))).toEqual(made);
    expect(cosine(made, made)).toBeCloseTo(1, 12);
  });
});
