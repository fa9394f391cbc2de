import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Topic, topics } from '../../schemas/topics.ts';
import { partitionOf } from '../../streams/kernel/partitioner.ts';
import { partitionOfPlace } from '../../streams/kernel/place.ts';
import { PLACE } from '../kafka/envelope.ts';
import type { LogRecord } from '../kafka/port.ts';
import { targetOf, targetsFrom } from './target.ts';

const ruleOf = (partitionedBy: Topic['partitionedBy']): { readonly rule: Topic } => ({
  rule: { ...(topics.policyDecisions as Topic), partitionedBy },
});
const record = (partition: number, key: string | null, headers: LogRecord['headers'] = {}): LogRecord => ({
  ...{ topic: 't', partition, offset: 0, key, value: null, headers, timestampMs: 0 },
});
const steps = fc
  .tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 1, max: 4 }))
  .map(([from, more]) => ({ from: 2 ** from, to: 2 ** Math.min(8, from + more) }));

it('every rule gives the place of the larger layout, in one of the partitions that split the old one', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }),
      fc.stringMatching(/^[a-z]{1,8}$/),
      fc.nat(255),
      steps,
      (key, tenant, k, step) => {
        const place = `${tenant}/${k}`;
        const headers = { ce_tenantid: tenant, [PLACE]: place };
        for (const [by, chosen] of [
          ['key', (count: number) => partitionOf(key, count)],
          ['tenant', (count: number) => partitionOfPlace(tenant, count)],
          ['place', (count: number) => partitionOfPlace(place, count)],
        ] as const) {
          const target = targetOf(ruleOf(by), record(chosen(step.from), key, headers), step);
          expect(target).toBe(chosen(step.to));
          expect(targetsFrom(chosen(step.from), step)).toContain(target);
        }
      },
    ),
  );
});

it('a record that is not where its rule puts it keeps the number of its partition', () => {
  const step = { from: 4, to: 8 };
  const home = partitionOf('a', 4);
  const astray = (home + 1) % 4;
  expect(targetOf(ruleOf('key'), record(astray, 'a'), step)).toBe(astray);
  expect(targetOf(ruleOf('key'), record(2, null), step)).toBe(2);
  expect(targetOf(ruleOf('tenant'), record(3, 'a'), step)).toBe(3);
  expect(targetOf(ruleOf('place'), record(1, 'a', { ce_tenantid: 'acme' }), step)).toBe(1);
});
