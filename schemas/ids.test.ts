import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { murmur2, partitionOf } from '../streams/kernel/partitioner.ts';
import { seedOf } from '../streams/kernel/seed.ts';
import { childTraceparent, derivedId, KHIPU_NAMESPACE, spanOf, uuidV5 } from './ids.ts';

describe('ids', () => {
  it('are UUIDs of version 5, as in RFC 9562 (appendix A.4)', () => {
    expect(uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });

  it('differ by cause, author and position', () => {
    const cause = uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'a');
    const other = uuidV5('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'b');
    const ids = [
      derivedId(cause, 'x', 0),
      derivedId(cause, 'x', 1),
      derivedId(cause, 'y', 0),
      derivedId(other, 'x', 0),
    ];
    expect(new Set(ids).size).toBe(4);
    expect(derivedId(cause, 'x', 0)).toBe(ids[0]);
  });

  it('make a child span of the trace they belong to', () => {
    const parent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';
    expect(childTraceparent(parent, '2ed6657d-e927-568b-95e1-2665a8aea6a2')).toBe(
      '00-0af7651916cd43dd8448eb211c80319c-2ed6657de927568b-00',
    );
  });
});

it('a span whose parent has another form keeps the known parts', () => {
  const id = '2ed6657d-e927-568b-95e1-2665a8aea6a2';
  expect(childTraceparent('cc-1af7-b7ad-00-more', id)).toBe('cc-1af7-2ed6657de927568b-00');
  const shifted = `00-${'a'.repeat(31)}-${'b'.repeat(17)}-01`;
  expect(childTraceparent(shifted, id)).toBe(`00-${'a'.repeat(31)}-2ed6657de927568b-01`);
  const long = `00-${'a'.repeat(32)}-${'b'.repeat(15)}-001`;
  expect(childTraceparent(long, id)).toBe(`00-${'a'.repeat(32)}-2ed6657de927568b-001`);
});

it('without a usable parent a span belongs to no trace, and is sampled', () => {
  expect(childTraceparent('', '2ed6657d-e927-568b-95e1-2665a8aea6a2')).toBe(`-${'0'.repeat(32)}-2ed6657de927568b-01`);
});

it('ids without a causing record have a permanent namespace', () => {
  expect(uuidV5(KHIPU_NAMESPACE, 'x')).toBe(uuidV5('6b687069-7500-5000-8000-6b6e6f747321', 'x'));
});

describe('seeds', () => {
  it('are equal for equal ids, and fit every model server', () => {
    fc.assert(
      fc.property(fc.string(), (id) => {
        expect(seedOf(id)).toBe(seedOf(id));
        expect(seedOf(id)).toBeGreaterThanOrEqual(1);
        expect(seedOf(id)).toBeLessThan(2 ** 31);
      }),
    );
  });
});

describe('partitions', () => {
  // Vectors of org.apache.kafka.common.utils.UtilsTest.testMurmur2.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hash %s as the Java client does', (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash);
  });

  it('are within the topic', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 64 }), (key, partitions) => {
        const partition = partitionOf(key, partitions);
        expect(partition).toBeGreaterThanOrEqual(0);
        expect(partition).toBeLessThan(partitions);
      }),
    );
  });
});

it('the span of a child is what the traceparent of a child names', () => {
  const id = '2ed6657d-e927-568b-95e1-2665a8aea6a2';
  expect(spanOf(childTraceparent(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`, id))).toBe('2ed6657de927568b');
  expect(spanOf('cc-1af7-b7ad-00-more')).toBeUndefined();
});
