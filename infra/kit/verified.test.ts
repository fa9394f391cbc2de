import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { gather } from './gather.ts';
import { verified } from './verified.ts';

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const chunks = async function* (...texts: readonly string[]) {
  for (const text of texts) yield Buffer.from(text);
};

it('yields a content as it is, also an empty one', async () => {
  expect(Buffer.concat(await gather(verified(chunks('kno', 't', 's'), digestOf('knots')))).toString()).toBe('knots');
  expect(await gather(verified(chunks(), digestOf('')))).toEqual([]);
});

it('gives out no last chunk of a content of another digest', async () => {
  const seen: string[] = [];
  const read = async (): Promise<void> => {
    for await (const chunk of verified(chunks('kno', 'ts'), digestOf('cords'))) seen.push(chunk.toString());
  };
  await expect(read()).rejects.toThrow(/not that of the digest/);
  expect(seen).toEqual(['kno']);
  await expect(gather(verified(chunks(), digestOf('x'), () => new RangeError('other')))).rejects.toThrow('other');
});
