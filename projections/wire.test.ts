import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fullNames } from '../schemas/generated/records.ts';
import { anyRecord } from '../schemas/testing.ts';
import { recordFromWire, wireData } from './wire.ts';

it('gives back any record that was stored as JSON', () => {
  fc.assert(
    fc.property(anyRecord(), (record) => {
      const stored = JSON.parse(JSON.stringify(wireData(record))) as object;
      // JSON knows no negative zero.
      expect(recordFromWire(fullNames[record.type], stored)).toEqual(JSON.parse(JSON.stringify(record)));
    }),
    { numRuns: 300 },
  );
});

it('does not know what is no record of ours', () => {
  expect(() => recordFromWire('other.Record', {})).toThrow('other.Record is no record of ours');
});
