/** Yields the bytes of a stream in chunks of exactly `size` bytes, the last one with the rest; none for an empty stream. */
export async function* cut(stream: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer, void, undefined> {
  let kept: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    let rest = chunk;
    while (bytes + rest.length >= size) {
      const taken = size - bytes;
      yield Buffer.concat([...kept, rest.subarray(0, taken)]);
      rest = rest.subarray(taken);
      [kept, bytes] = [[], 0];
    }
    if (rest.length > 0) kept.push(rest);
    bytes += rest.length;
  }
  if (bytes > 0) yield Buffer.concat(kept);
}
