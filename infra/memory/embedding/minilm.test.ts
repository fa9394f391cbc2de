import { describe, expect, it } from 'vitest';
import { cosine, vectorOf } from '../../../schemas/contexts/memory/vectors.ts';
import { downloadDir, isFetched } from '../../local/fetch/catalogue.mjs';
import { embedderOf } from './embedder.ts';
import { miniLm, runsMiniLm } from './minilm.ts';

it('a folder without a model is an error that names its variable', () => {
  expect(() => miniLm('/not-there-at-all')).toThrow('KHIPU_MEMORY_EMBEDDINGS: minilm needs a folder');
});

const isThere = runsMiniLm() && isFetched('minilm');

/** The model is fetched by `KHIPU_MEMORY_EMBEDDINGS=minilm npm start`; the packages are optional. */
describe.skipIf(!isThere)('all-MiniLM-L6-v2', () => {
  const { embed, model } = embedderOf({ memoryEmbeddings: 'minilm', memoryModelPath: downloadDir('minilm') });
  const vector = (text: string) => vectorOf(embed(text));

  /** The same graph in onnxruntime 1.30 without WebAssembly gives these cosines to six digits. */
  it('gives the vectors of the reference', () => {
    const [question, near, far] = [
      'When does the office close?',
      'Our bureau shuts at six in the evening.',
      'Llamas eat grass in the mountains.',
    ].map((text) => vectorOf(embed(text)));
    if (question === undefined || near === undefined || far === undefined) throw new Error('no vectors');
    expect(cosine(question, near)).toBeCloseTo(0.4445, 2);
    expect(cosine(question, far)).toBeCloseTo(-0.0425, 2);
  });

  it('gives the same whole numbers on every machine', () => {
    expect([...vector('khipu')].slice(0, 12)).toEqual([-14, 37, -12, -36, -32, -12, 36, -26, -7, 2, 17, -88]);
    expect(vector('khipu')).toEqual(vector('khipu'));
    expect(vector('khipu')).toHaveLength(384);
    expect(model).toMatch(/^minilm-384-[0-9a-f]{12}$/);
  });

  it('embeds texts of any length, and none', () => {
    for (const text of ['', '  ', 'ñandú 日本語 🦙🏽', 'word '.repeat(2_000)]) expect(vector(text)).toHaveLength(384);
  });
});
