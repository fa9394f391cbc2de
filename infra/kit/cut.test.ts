import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cut } from './cut.ts';
import { gather } from './gather.ts';

async function* streamOf(chunks: readonly Uint8Array[]) {
  yield* chunks;
}

it('gives the same chunks for the same bytes, however they arrive', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 40 })),
      fc.integer({ min: 1, max: 16 }),
      async (chunks, size) => {
        const whole = Buffer.concat(chunks);
        const given = await gather(cut(streamOf(chunks), size));
        expect(Buffer.concat(given)).toEqual(whole);
        expect(given.length).toBe(Math.ceil(whole.length / size));
        for (const chunk of given.slice(0, -1)) expect(chunk.length).toBe(size);
      },
    ),
  );
});
