import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignCoPartitioned } from './co-partitioning.ts';

const groups = fc.record({
  members: fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 8 }),
  counts: fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 4 }),
});
const topicsOf = (counts: readonly number[]): Map<string, number[]> =>
  new Map(counts.map((count, topic) => [`topic ${topic}`, Array.from({ length: count }, (_, partition) => partition)]));

describe('co-partitioned assignment', () => {
  it('gives every partition to exactly one member', () => {
    fc.assert(
      fc.property(groups, ({ members, counts }) => {
        const topics = topicsOf(counts);
        const assigned = assignCoPartitioned(members, topics);
        expect([...assigned.keys()].sort()).toEqual([...members].sort());
        for (const [topic, partitions] of topics) {
          const given = [...assigned.values()].flatMap((byTopic) => byTopic[topic] ?? []);
          expect(given.sort((a, b) => a - b)).toEqual(partitions);
        }
      }),
    );
  });

  it('gives partition n of every topic to the same member', () => {
    fc.assert(
      fc.property(groups, ({ members, counts }) => {
        const owners = new Map<number, string>();
        for (const [member, byTopic] of assignCoPartitioned(members, topicsOf(counts)))
          for (const partition of Object.values(byTopic).flat()) {
            expect(owners.get(partition) ?? member).toBe(member);
            owners.set(partition, member);
          }
      }),
    );
  });

  it('does not depend on the order of the members, and is balanced to one partition per topic', () => {
    fc.assert(
      fc.property(groups, ({ members, counts }) => {
        const topics = topicsOf(counts);
        const assigned = assignCoPartitioned(members, topics);
        const backwards = new Map([...topics].map(([topic, partitions]) => [topic, [...partitions].reverse()]));
        expect(assignCoPartitioned([...members].reverse(), backwards)).toEqual(assigned);
        for (const topic of topics.keys()) {
          const sizes = [...assigned.values()].map((byTopic) => byTopic[topic]?.length ?? 0);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('returns nothing when there are no members', () => {
    expect(assignCoPartitioned([], topicsOf([3]))).toEqual(new Map());
  });
});
