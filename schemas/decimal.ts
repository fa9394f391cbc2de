import avro from 'avsc';

/** Maximum bytes of `readIntBE`. */
const NUMBER_BYTES_MAX = 6;

/**
 * Avro `decimal` over bytes (Avro 1.11, Logical Types): the two's-complement, big-endian unscaled value. In code a
 * decimal is a string such as `"0.000125"`, so that money never becomes a float.
 */
export class DecimalType extends avro.types.LogicalType {
  readonly #scale: number;

  constructor(schema: avro.Schema, options?: object) {
    super(schema, options as never);
    this.#scale = (schema as unknown as { scale?: number }).scale ?? 0;
  }

  protected override _fromValue(bytes: Buffer): string {
    // Nearly all amounts fit exactly into a number.
    const isSmall = bytes.length > 0 && bytes.length <= NUMBER_BYTES_MAX;
    return formatDecimal(isSmall ? bytes.readIntBE(0, bytes.length) : bytesToBigInt(bytes), this.#scale);
  }

  protected override _toValue(text: unknown): Buffer {
    if (typeof text !== 'string') throw new Error(`a decimal is a string in code, got ${typeof text}`);
    return bigIntToBytes(parseDecimal(text, this.#scale));
  }

  protected override _resolve(type: avro.Type): ((value: unknown) => unknown) | undefined {
    if (type instanceof DecimalType && type.#scale === this.#scale) return (value) => value;
    return undefined;
  }
}

/**
 * Returns the unscaled value: `"1.5"` at scale 3 → 1500n. Throws when the text is not a decimal number or has more
 * fraction digits than the scale.
 */
export function parseDecimal(text: string, scale: number): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) throw new Error(`not a decimal number: ${text}`);
  const fraction = match[3] ?? '';
  if (fraction.length > scale) throw new Error(`${text} has more than ${scale} digits behind the point`);
  const unscaled = BigInt(`${match[2]}${fraction.padEnd(scale, '0')}`);
  return match[1] === '-' ? -unscaled : unscaled;
}

/** Returns the text of an unscaled value: 1500n at scale 3 → `"1.500"`. A number must be whole. */
export function formatDecimal(unscaled: bigint | number, scale: number): string {
  const sign = unscaled < 0 ? '-' : '';
  const digits = (unscaled < 0 ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  return scale === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function bigIntToBytes(value: bigint): Buffer {
  let length = 1;
  while (value < -(1n << BigInt(8 * length - 1)) || value >= 1n << BigInt(8 * length - 1)) length += 1;
  return Buffer.from(
    BigInt.asUintN(8 * length, value)
      .toString(16)
      .padStart(2 * length, '0'),
    'hex',
  );
}

function bytesToBigInt(bytes: Buffer): bigint {
  if (bytes.length === 0) return 0n;
  return BigInt.asIntN(8 * bytes.length, BigInt(`0x${bytes.toString('hex')}`));
}
