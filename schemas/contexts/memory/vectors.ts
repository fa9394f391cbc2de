/**
 * Vectors of memories: whole numbers from -127 to 127, so that they are small, and a similarity has the same bits on every
 * machine and in every database.
 */
import { hashedEmbedding } from '../../feature-hashing.ts';

/** Turns texts into vectors. Pure: the same text gives the same vector, in every process and at any time. */
export interface Embedder {
  /** Name of the model. It changes when the vector of any text does. */
  readonly model: string;
  /** Returns the components of a text, at any scale. Never throws. */
  embed(text: string): readonly number[] | Float32Array;
}

/** A vector as it is compared. */
export type Vector = Int8Array;

const LARGEST = 127;

/** Returns the vector whose largest component is 127 or -127; one of zeros stays so. */
export function vectorOf(components: readonly number[] | Float32Array): Vector {
  let largest = 0;
  for (const each of components) largest = Math.max(largest, Math.abs(each));
  const vector = new Int8Array(components.length);
  if (largest === 0 || !Number.isFinite(largest)) return vector;
  for (let at = 0; at < vector.length; at += 1) vector[at] = Math.round(((components[at] ?? 0) / largest) * LARGEST);
  return vector;
}

/** Returns a vector as pgvector and JSON write it: `[12,-5,0]`. */
export const vectorText = (vector: Vector): string => `[${vector.join(',')}]`;

/** Returns the vector of a text that `vectorText` wrote; an empty one for any other text. */
export function vectorIn(text: string): Vector {
  if (text.length < 3 || text[0] !== '[') return new Int8Array(0);
  return Int8Array.from(text.slice(1, -1).split(','), Number);
}

/** Returns the length of a vector. */
export function lengthOf(vector: Vector): number {
  let sum = 0;
  for (let at = 0; at < vector.length; at += 1) sum += (vector[at] as number) ** 2;
  return Math.sqrt(sum);
}

/** Returns the cosine of two vectors, from -1 to 1; 0 when one is zero, or when they are of different models. */
export function cosine(one: Vector, other: Vector, lengths = lengthOf(one) * lengthOf(other)): number {
  if (one.length !== other.length || lengths === 0) return 0;
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] as number) * (other[at] as number);
  return sum / lengths;
}

/** The embedder of platforms without a model: texts with common words are near each other. */
export const hashingEmbedder: Embedder = { model: 'feature-hashing-384', embed: hashedEmbedding };
