/** Returns a request as a client would write it; for tests of its readers. */
export function requestFrame(api: number, version: number, correlationId: number, client: string, body = ''): Buffer {
  const id = Buffer.from(client);
  const head = Buffer.alloc(14);
  head.writeInt32BE(10 + id.length + Buffer.byteLength(body), 0);
  head.writeInt16BE(api, 4);
  head.writeInt16BE(version, 6);
  head.writeInt32BE(correlationId, 8);
  head.writeInt16BE(id.length, 12);
  return Buffer.concat([head, id, Buffer.from(body)]);
}
