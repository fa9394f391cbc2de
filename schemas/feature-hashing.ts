import { createHash } from 'node:crypto';

/** Length of the vectors of `hashedEmbedding`. */
export const hashedDimensions = 384;

/**
 * Embeds a text by feature hashing (Weinberger et al. 2009, "Feature Hashing for Large Scale Multitask Learning"):
 * every word and every trigram of letters adds +1 or −1 at a hashed index; the vector is then scaled to length 1 (L2).
 * Texts with common words are near each other, synonyms are not. Deterministic on every machine.
 */
export function hashedEmbedding(text: string): number[] {
  const vector = new Array<number>(hashedDimensions).fill(0);
  for (const feature of features(text)) {
    const digest = createHash('sha256').update(feature).digest();
    const place = digest.readUInt32LE(0) % hashedDimensions;
    vector[place] = (vector[place] ?? 0) + ((digest[4] ?? 0) & 1 ? 1 : -1);
  }
  return normalised(vector);
}

/** Scales to length 1 (L2). A vector of zeros becomes the first unit vector, so that a cosine is always defined. */
export function normalised(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  if (length === 0) return vector.map((_, index) => (index === 0 ? 1 : 0));
  return vector.map((value) => value / length);
}

function features(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [text];
  return words.flatMap((word) => {
    const letters = [...`^${word}$`];
    const trigrams = letters.slice(2).map((_, index) => letters.slice(index, index + 3).join(''));
    return [`word ${word}`, ...trigrams];
  });
}
