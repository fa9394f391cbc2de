import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type HeapEntry, TimerHeap } from './timer-heap.ts';

const entries = fc.array(
  fc.record({ atMs: fc.nat(20), key: fc.constantFrom('a', 'b'), id: fc.uuid() }) as fc.Arbitrary<HeapEntry>,
  { maxLength: 80 },
);

it('returns entries by time, then by id, however pushes and shifts interleave', () => {
  fc.assert(
    fc.property(entries, entries, fc.nat(80), (some, more, takes) => {
      const heap = new TimerHeap();
      const kept: HeapEntry[] = [];
      const put = (entry: HeapEntry): void => {
        heap.push(entry);
        kept.push(entry);
        kept.sort((one, other) => one.atMs - other.atMs || (one.id < other.id ? -1 : 1));
      };
      const take = (): void => {
        expect(heap.first).toEqual(kept[0]);
        expect(heap.shift()).toEqual(kept.shift());
        expect(heap.size).toBe(kept.length);
      };
      some.forEach(put);
      for (let count = 0; count < takes; count += 1) take();
      more.forEach(put);
      while (kept.length > 0) take();
      expect(heap.shift()).toBeUndefined();
    }),
  );
});
