import { expect, test } from 'vitest';
import { readEvents } from './events.ts';
import { collect } from './testing.ts';

async function* bytes(...chunks: string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield new TextEncoder().encode(chunk);
}

const comments: string[] = [];
const read = (...chunks: string[]) => collect(readEvents(bytes(...chunks), (comment) => comments.push(comment)));

test('events are read across any chunk boundaries', async () => {
  const text = ': heartbeat\n\nid: 1\nevent: turn.delta\ndata: {"a":\ndata: 1}\n\nretry: 5\r\n\r\ndata:x\r\n\r\n';
  const whole = [
    { id: '1', event: 'turn.delta', data: '{"a":\n1}' },
    { id: '', event: 'message', data: 'x' },
  ];
  expect(await read(text)).toEqual(whole);
  expect(await read(...text)).toEqual(whole);
  expect(comments).toEqual(['heartbeat', 'heartbeat']);
});

test('characters across chunk boundaries are decoded', async () => {
  const whole = new TextEncoder().encode('data: ¿qué?\n\n');
  const halves = async function* () {
    for (const byte of whole) yield Uint8Array.of(byte);
  };
  expect(await collect(readEvents(halves()))).toMatchObject([{ data: '¿qué?' }]);
});

test('an endless event is rejected', async () => {
  const long = 'x'.repeat(1_000_000);
  await expect(read('data: ', long, long, long, long, long)).rejects.toMatchObject({
    type: 'max-buffer-size-exceeded',
  });
});
