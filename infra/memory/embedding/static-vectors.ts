import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Embedder } from '../../../schemas/contexts/memory/vectors.ts';
import { ConfigError } from '../../kit/config-error.ts';
import { messageOf } from '../../kit/errors.ts';
import { Tokenizer, type TokenizerFile } from './tokenizer.ts';

/** Files of a folder of static vectors. */
export const staticVectorFiles = { vectors: 'vectors.safetensors', tokenizer: 'tokenizer.json' } as const;

/** A table of vectors, one row a token. */
interface Table {
  readonly dimensions: number;
  readonly rows: number;
  /** Half-precision numbers, little endian: most texts need few rows, so a row is read when it is asked for. */
  readonly data: Buffer;
}

/** Returns a number of half precision (IEEE 754 binary16). */
export function halfPrecision(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * 2 ** -14 * (fraction / 1024);
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}

/** Reads a safetensors file with one table of half-precision numbers. Throws for any other file. */
function tableIn(file: Buffer): Table {
  const headerBytes = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + headerBytes).toString('utf8')) as Readonly<
    Record<
      string,
      { readonly dtype: string; readonly shape: readonly number[]; readonly data_offsets: readonly number[] }
    >
  >;
  const tensor = Object.entries(header).find(([name]) => name !== '__metadata__')?.[1];
  const [rows = 0, dimensions = 0] = tensor?.shape ?? [];
  const [from = 0, to = 0] = tensor?.data_offsets ?? [];
  if (tensor?.dtype !== 'F16' || to - from !== rows * dimensions * 2) throw new Error('expected a table of type F16');
  return { rows, dimensions, data: file.subarray(8 + headerBytes + from, 8 + headerBytes + to) };
}

/**
 * Returns the embedder of a folder: the vector of a text is the mean of the vectors of its tokens. No native code takes part, so
 * it has the same bits on every machine. The name of the model has the digest of its files. Throws ConfigError.
 */
export function staticVectors(folder: string): Embedder {
  try {
    const file = readFileSync(join(folder, staticVectorFiles.vectors));
    const words = readFileSync(join(folder, staticVectorFiles.tokenizer));
    const tokenizer = new Tokenizer(JSON.parse(words.toString('utf8')) as TokenizerFile);
    const table = tableIn(file);
    const digest = createHash('sha256').update(file).update(words).digest('hex').slice(0, 12);
    return { model: `static-${table.dimensions}-${digest}`, embed: (text) => meanOf(table, tokenizer.encode(text)) };
  } catch (error) {
    throw new ConfigError(`KHIPU_MEMORY_MODEL_PATH: expected a folder with static vectors: ${messageOf(error)}`);
  }
}

function meanOf({ rows, dimensions, data }: Table, tokens: readonly number[]): readonly number[] {
  const sum = new Array<number>(dimensions).fill(0);
  for (const token of tokens) {
    const row = Math.min(token, rows - 1) * dimensions;
    for (let at = 0; at < dimensions; at += 1)
      sum[at] = (sum[at] ?? 0) + halfPrecision(data.readUInt16LE(2 * (row + at)));
  }
  return sum.map((value) => value / Math.max(tokens.length, 1));
}
