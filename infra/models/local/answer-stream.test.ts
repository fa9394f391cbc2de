import { describe, expect, it } from 'vitest';
import { AnswerStream } from './answer-stream.ts';

async function readAll(stream: AnswerStream<string>): Promise<string[]> {
  const read: string[] = [];
  try {
    for await (const chunk of stream) read.push(chunk);
  } catch (error) {
    read.push(`failed: ${error}`);
  }
  return read;
}

describe('the answer stream', () => {
  it('yields chunks pushed before and after the reader started, in order', async () => {
    const stream = new AnswerStream<string>();
    stream.push('a');
    const reading = readAll(stream);
    await Promise.resolve();
    stream.push('b');
    stream.push('c');
    stream.end();
    expect(await reading).toEqual(['a', 'b', 'c']);
  });

  it('yields chunks pushed before the failure, then the failure, and none after', async () => {
    const stream = new AnswerStream<string>();
    stream.push('a');
    stream.fail('late');
    stream.push('b');
    stream.end();
    expect(await readAll(stream)).toEqual(['a', 'failed: late']);
  });
});
