import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestFrame } from './wire/frames.ts';
import { apis, correlationOf, Frames, requestHead, transactionalIdOf } from './wire/wire.ts';

describe('frames on the wire', () => {
  it('are reassembled from any split of the bytes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }),
        fc.array(fc.nat({ max: 12 }), { maxLength: 60 }),
        (bodies, cuts) => {
          const frames = bodies.map((body) => {
            const size = Buffer.alloc(4);
            size.writeInt32BE(body.length);
            return Buffer.concat([size, body]);
          });
          let rest = Buffer.concat(frames);
          const reader = new Frames();
          const seen: Buffer[] = [];
          for (const cut of cuts) {
            seen.push(...reader.push(rest.subarray(0, cut)));
            rest = rest.subarray(cut);
          }
          seen.push(...reader.push(rest));
          expect(seen).toEqual(frames);
        },
      ),
    );
  });

  it('expose the client and the API key', () => {
    const frame = requestFrame(apis.endTxn, 1, 77, 'khipu-counter-1', '\0\x11khipu.counter.3-2\0');
    expect(requestHead(frame)).toEqual({ api: 26, version: 1, correlationId: 77, client: 'khipu-counter-1' });
    expect(transactionalIdOf(frame, 'khipu-counter-1')).toBe('khipu.counter.3-2');
    expect(correlationOf(Buffer.from([0, 0, 0, 4, 0, 0, 1, 2]))).toBe(258);
  });

  it('may come from a client without a name', () => {
    const frame = Buffer.from([0, 0, 0, 10, 0, 18, 0, 3, 0, 0, 0, 9, 255, 255]);
    expect(requestHead(frame)).toMatchObject({ client: '', correlationId: 9 });
  });
});
