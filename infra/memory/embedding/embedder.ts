import { type Embedder, hashingEmbedder } from '../../../schemas/contexts/memory/vectors.ts';
import { miniLm } from './minilm.ts';
import { staticVectors } from './static-vectors.ts';

/** How memories are compared; the same at every process. */
export interface MemoryModel {
  readonly memoryEmbeddings: 'hashing' | 'static' | 'minilm';
  /** Folder of the model; null with `hashing`. */
  readonly memoryModelPath: string | null;
}

const opened = new Map<string, Embedder>();

/**
 * Returns the embedder of a platform. A folder is read once a process. Throws ConfigError for a folder that cannot be read, and for a
 * sentence transformer on a platform without the packages that run it.
 */
export function embedderOf({ memoryEmbeddings: kind, memoryModelPath: path }: MemoryModel): Embedder {
  if (kind === 'hashing' || path === null) return hashingEmbedder;
  const known = opened.get(`${kind} ${path}`);
  if (known !== undefined) return known;
  const made = kind === 'static' ? staticVectors(path) : miniLm(path);
  opened.set(`${kind} ${path}`, made);
  return made;
}
