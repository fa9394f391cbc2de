import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gather } from './gather.ts';
import { linesOf } from './lines.ts';

const streamOf = (text: string, sizes: readonly number[]) =>
  (async function* () {
    const bytes = Buffer.from(text);
    let at = 0;
    for (const size of sizes) {
      yield bytes.subarray(at, at + size);
      at += size;
    }
    yield bytes.subarray(at);
  })();

const texts = fc.array(fc.constantFrom('a', 'é', '😀', '\n', '\r\n', '')).map((parts) => parts.join(''));
const sizes = fc.array(fc.integer({ min: 0, max: 5 }));

it('are those of the text, wherever the stream is cut', async () => {
  await fc.assert(
    fc.asyncProperty(texts, sizes, async (text, cuts) => {
      const lines = await gather(linesOf(streamOf(text, cuts), 1_000));
      const expected = text.split('\n');
      if (expected.at(-1) === '') expected.pop();
      expect(lines.map((line) => line.text)).toEqual(expected);
      expect(lines.map(({ number }) => number)).toEqual(expected.map((_, at) => at + 1));
      const bytes = Buffer.from(text);
      for (const { text: line, from, to } of lines)
        expect(bytes.subarray(from, to).toString().replace(/\n$/, '')).toBe(line);
    }),
  );
});

it('are marked when they have more than the most bytes', async () => {
  const lines = await gather(linesOf(streamOf('abc\nabcdef\nx', [2, 3]), 4));
  expect(lines.map(({ text, isCut }) => [text, isCut])).toEqual([
    ['abc', false],
    ['abcd', true],
    ['x', false],
  ]);
});
