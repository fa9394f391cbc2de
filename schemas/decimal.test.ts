import avro from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecimalType, formatDecimal, parseDecimal } from './decimal.ts';

const decimal = (scale: number): avro.Type =>
  avro.Type.forSchema({ type: 'bytes', logicalType: 'decimal', precision: 18, scale } as avro.Schema, {
    logicalTypes: { decimal: DecimalType },
  });

describe('parseDecimal and formatDecimal', () => {
  it.each([
    ['1.5', 3, 1500n, '1.500'],
    ['-0.001', 3, -1n, '-0.001'],
    ['0', 9, 0n, '0.000000000'],
    ['12', 0, 12n, '12'],
    ['-7', 0, -7n, '-7'],
  ])('%s at scale %i is %s', (text, scale, unscaled, formatted) => {
    expect(parseDecimal(text, scale)).toBe(unscaled);
    expect(formatDecimal(unscaled, scale)).toBe(formatted);
  });

  it.each(['', '.5', '1.', '1e3', '+1', ' 1', '1,5', 'NaN'])('refuses %j', (text) => {
    expect(() => parseDecimal(text, 3)).toThrow('not a decimal number');
  });

  it('refuses more digits than the scale instead of rounding', () => {
    expect(() => parseDecimal('0.0001', 3)).toThrow('more than 3 digits');
  });

  it('parses what it formats', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.integer({ min: 0, max: 18 }), (unscaled, scale) => {
        expect(parseDecimal(formatDecimal(unscaled, scale), scale)).toBe(unscaled);
      }),
    );
  });
});

describe('the Avro type', () => {
  it.each([
    // Avro 1.11, Logical Types: two's complement, big endian, as few bytes as hold the sign.
    ['0.000', '0200'],
    ['0.127', '027f'],
    ['0.128', '040080'],
    ['-0.001', '02ff'],
    ['-0.128', '0280'],
    ['-0.129', '04ff7f'],
  ])('writes %s as %s', (text, hex) => {
    expect(decimal(3).toBuffer(text).toString('hex')).toBe(hex);
    expect(decimal(3).fromBuffer(Buffer.from(hex, 'hex'))).toBe(text);
  });

  it('reads empty bytes as zero', () => {
    expect(decimal(3).fromBuffer(Buffer.from([0]))).toBe('0.000');
  });

  it('refuses numbers: money never becomes a float', () => {
    expect(() => decimal(3).toBuffer(1.5)).toThrow('a decimal is a string in code');
  });

  it('resolves only to the same scale', () => {
    expect(() => decimal(3).createResolver(decimal(3))).not.toThrow();
    expect(() => decimal(3).createResolver(decimal(4))).toThrow();
  });
});
