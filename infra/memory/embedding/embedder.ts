import { type Embedder, hashingEmbedder } from '../../../schemas/contexts/memory/vectors.ts';
import { staticVectors } from './static-vectors.ts';

const opened = new Map<string, Embedder>();

/**
 * Returns the embedder of a platform: static vectors from a folder, feature hashing without one. Every process that embeds takes
 * the same setting. A folder is read once a process. Throws ConfigError for a folder that cannot be read.
 */
export function embedderOf({ memoryModelPath }: { readonly memoryModelPath: string | null }): Embedder {
  if (memoryModelPath === null) return hashingEmbedder;
  const known = opened.get(memoryModelPath);
  if (known !== undefined) return known;
  const made = staticVectors(memoryModelPath);
  opened.set(memoryModelPath, made);
  return made;
}
