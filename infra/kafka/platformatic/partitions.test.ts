import fc from 'fast-check';
import { Partitioners } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { murmur2 } from './partitions.ts';

describe('murmur2', () => {
  it('chooses for any key what the Java client and the first driver choose', () => {
    const choose = Partitioners.DefaultPartitioner();
    const partitionMetadata = Array.from({ length: 97 }, (_, partitionId) => ({ partitionId, leader: 1 })) as never;
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (key) => {
        const expected = choose({ topic: 't', partitionMetadata, message: { key, value: null } });
        expect(murmur2(Buffer.from(key)) % 97).toBe(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('returns the values of Kafka’s own test', () => {
    // org.apache.kafka.common.utils.UtilsTest, without the sign.
    const known: [string, number][] = [
      ['21', -973932308],
      ['foobar', -790332482],
      ['a-little-bit-long-string', -985981536],
      ['a-little-bit-longer-string', -1486304829],
      ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
      ['abc', 479470107],
    ];
    for (const [key, hash] of known) expect(murmur2(Buffer.from(key))).toBe(hash & 0x7fffffff);
  });
});
