import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partitionOf } from './partitioner.ts';
import { isPlaceOf, partitionOfPlace, partsOfPlace, placeOf, placesOver } from './place.ts';

/** Partition counts of a platform: powers of two up to 256. */
const COUNTS = [1, 2, 4, 8, 16, 32, 64, 128, 256];
const tenant = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
const count = fc.constantFrom(...COUNTS);
const placesOf = (tenantId: string, places: number): string[] =>
  Array.from({ length: places }, (_, number) => `${tenantId}/${number}`);

describe('the places of a tenant', () => {
  it('are spread evenly over the partitions, for any number of them', () => {
    fc.assert(
      fc.property(tenant, count, (tenantId, partitions) => {
        const places = placesOver(partitions);
        const taken = new Map<number, number>();
        for (const place of placesOf(tenantId, places)) {
          const partition = partitionOfPlace(place, partitions);
          taken.set(partition, (taken.get(partition) ?? 0) + 1);
        }
        expect([...taken.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: partitions }, (_, n) => n));
        expect(new Set(taken.values())).toEqual(new Set([places / partitions]));
      }),
    );
  });

  it('begin in the partition of the tenant itself, which is that of a key', () => {
    fc.assert(
      fc.property(tenant, count, (tenantId, partitions) => {
        fc.pre(partsOfPlace(tenantId) === null);
        expect(partitionOfPlace(`${tenantId}/0`, partitions)).toBe(partitionOf(tenantId, partitions));
        expect(partitionOfPlace(tenantId, partitions)).toBe(partitionOf(tenantId, partitions));
      }),
    );
  });

  it('go to one of two partitions each when the number of partitions doubles', () => {
    fc.assert(
      fc.property(tenant, fc.nat(255), fc.constantFrom(...COUNTS.slice(0, -1)), (tenantId, number, partitions) => {
        const place = `${tenantId}/${number}`;
        const before = partitionOfPlace(place, partitions);
        expect([before, before + partitions]).toContain(partitionOfPlace(place, 2 * partitions));
      }),
    );
  });
});

describe('the place of a session', () => {
  it('depends on its tenant, its id and the number of places alone, and is a place of its tenant', () => {
    fc.assert(
      fc.property(tenant, fc.uuid(), count, (tenantId, sessionId, partitions) => {
        const places = placesOver(partitions);
        const place = placeOf(tenantId, sessionId, places);
        expect(place).toBe(placeOf(tenantId, sessionId, places));
        expect(isPlaceOf(tenantId, place)).toBe(true);
        expect(partsOfPlace(place)?.number).toBeLessThan(places);
      }),
    );
  });

  it('spreads the sessions of one tenant over all partitions', () => {
    for (const partitions of COUNTS) {
      const taken = new Map<number, number>();
      for (let n = 0; n < 50 * partitions; n += 1) {
        const sessionId = `10000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
        const partition = partitionOfPlace(placeOf('demo', sessionId, placesOver(partitions)), partitions);
        taken.set(partition, (taken.get(partition) ?? 0) + 1);
      }
      expect(taken.size).toBe(partitions);
      // 50 on average; four standard deviations beyond it.
      expect(Math.max(...taken.values())).toBeLessThanOrEqual(50 + 4 * Math.sqrt(50));
    }
  });
});

it.each(['', '/1', 'demo', 'demo/', 'demo/x', 'demo/01', 'demo/-1', 'demo/1.5', 'demo/ 1', 'demo/100000', 'demo/1/'])(
  '%j is not a place',
  (text) => expect(partsOfPlace(text)).toBeNull(),
);

it('a tenant id may contain slashes: the last part of a place is its number', () => {
  expect(partsOfPlace('a/7/3')).toEqual({ tenantId: 'a/7', number: 3 });
  expect([isPlaceOf('a/7', 'a/7/3'), isPlaceOf('a', 'a/7/3')]).toEqual([true, false]);
});
