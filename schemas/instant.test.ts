import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isoOf, msOf } from './instant.ts';

const anyMs = fc.oneof(
  fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 }),
  fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 0, 3) }),
  fc.constantFrom(0, -1, 86_399_999, 86_400_000, Date.UTC(2024, 1, 29), -62_167_219_200_000),
);

describe('a time on the wire', () => {
  it('is written like Date writes it', () => {
    fc.assert(
      fc.property(anyMs, (ms) => {
        expect(isoOf(ms)).toBe(new Date(ms).toISOString());
      }),
    );
    expect(isoOf(1.5)).toBe('1970-01-01T00:00:00.001Z');
    expect(() => isoOf(Number.NaN)).toThrow(RangeError);
  });

  it('is read as written, whatever was read before', () => {
    const years = fc.integer({ min: Date.UTC(0, 0, 1) - 1_900 * 366 * 86_400_000, max: Date.UTC(9999, 11, 31) });
    fc.assert(
      fc.property(fc.oneof(anyMs, years), (ms) => {
        const iso = new Date(ms).toISOString();
        expect(msOf(iso)).toBe(iso.length === 24 ? ms : Number.NaN);
      }),
    );
  });

  it('is invalid unless it is RFC 3339, on a cached day too', () => {
    expect(msOf('2026-01-01T00:00:00.000Z')).toBe(Date.UTC(2026, 0, 1));
    for (const [text, ms] of [
      ['2026-01-01T23:59:59.999Z', Date.UTC(2026, 0, 2) - 1],
      ['2026-01-01T23:59:59.9999999Z', Date.UTC(2026, 0, 2) - 1],
      ['2026-01-01T01:00:00+01:00', Date.UTC(2026, 0, 1)],
      ['2026-01-01T24:00:00.000Z', Date.UTC(2026, 0, 2)],
      ['2026-01-01T12:00:00.000z', Date.UTC(2026, 0, 1, 12)],
    ] as const)
      expect([text, msOf(text)]).toEqual([text, ms]);
    for (const text of [
      ...['', 'noon', '2026-01-01', '2026-01-01T25:00:00.000Z', '2026-01-01T12:60:00.000Z', '2026-01-01T12:00:60.000Z'],
      ...[
        '2026-01-01 12:00:00.000Z',
        '2026-01-01T12:00:00.00xZ',
        '2026-01-01T12.00.00.000Z',
        '2026-01-01T12:00:00.0000',
      ],
      ...['2026-13-01T12:00:00.000Z', '2026-01-01T-1:00:00.000Z', '+002026-01-01T12:00:00.000Z'],
    ])
      expect([text, msOf(text)]).toEqual([text, Number.NaN]);
  });
});
