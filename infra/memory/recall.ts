import { LRUCache } from 'lru-cache';
import type { RecallFilter, StoredVector } from '../../schemas/contexts/memory/recall.ts';
import {
  cosine,
  type Embedder,
  lengthOf,
  type Vector,
  vectorIn,
  vectorOf,
} from '../../schemas/contexts/memory/vectors.ts';

/** Queries of the read model of memories. */
export interface MemoryVectors {
  /** Resolves with the ids of the memories that a recall compares. */
  ids(tenantId: string, filter: RecallFilter): Promise<readonly string[]>;
  /** Resolves with the vectors of a model; with texts where another model made them. */
  vectors(tenantId: string, ids: readonly string[], model: string): Promise<readonly StoredVector[]>;
}

/** A memory that was found. */
export interface Hit {
  readonly memoryId: string;
  /** Cosine, from -1 to 1. */
  readonly score: number;
}

/** The result of a recall. */
export interface Recalled {
  /** The nearest first; equal ones by their ids. */
  readonly hits: readonly Hit[];
  /** Number of memories that were compared. */
  readonly compared: number;
}

/** Vectors that a process keeps, some 500 bytes each. A vector never changes, so none is ever stale. */
const KEPT_MAX = 120_000;
/** Vectors that one query reads. */
const READ_MAX = 5_000;

interface Known {
  readonly vector: Vector;
  readonly length: number;
}

const known = (vector: Vector): Known => ({ vector, length: lengthOf(vector) });

/**
 * Finds memories by meaning: exactly, by comparing the query with every memory that the filter leaves. The database filters,
 * under row-level security; vectors are kept in this process.
 */
export class MemoryRecall {
  readonly #embedder: Embedder;
  readonly #rows: MemoryVectors;
  readonly #kept: LRUCache<string, Known>;

  constructor(rows: MemoryVectors, embedder: Embedder, keptMax = KEPT_MAX) {
    this.#rows = rows;
    this.#embedder = embedder;
    this.#kept = new LRUCache({ max: keptMax });
  }

  /** Name of the model that makes the vectors. */
  get model(): string {
    return this.#embedder.model;
  }

  /** Resolves with the `k` nearest memories. Rejects with the error of the read model. */
  async find(tenantId: string, query: string, k: number, filter: RecallFilter): Promise<Recalled> {
    const ids = await this.#rows.ids(tenantId, filter);
    const asked = known(vectorOf(this.#embedder.embed(query)));
    const vectors = await this.#vectorsOf(tenantId, ids);
    const hits: Hit[] = [];
    for (const memoryId of ids) {
      const found = vectors.get(memoryId);
      // Forgotten since its id was read.
      if (found === undefined) continue;
      hits.push({ memoryId, score: cosine(asked.vector, found.vector, asked.length * found.length) });
    }
    hits.sort((one, other) => other.score - one.score || (one.memoryId < other.memoryId ? -1 : 1));
    return { hits: hits.slice(0, k), compared: hits.length };
  }

  async #vectorsOf(tenantId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Known>> {
    const found = new Map<string, Known>();
    const missing: string[] = [];
    for (const id of ids) {
      const kept = this.#kept.get(`${tenantId}/${id}`);
      if (kept === undefined) missing.push(id);
      else found.set(id, kept);
    }
    for (let at = 0; at < missing.length; at += READ_MAX)
      for (const stored of await this.#rows.vectors(tenantId, missing.slice(at, at + READ_MAX), this.model)) {
        const made = known(
          stored.vector === '' ? vectorOf(this.#embedder.embed(stored.text)) : vectorIn(stored.vector),
        );
        found.set(stored.memory_id, made);
        this.#kept.set(`${tenantId}/${stored.memory_id}`, made);
      }
    return found;
  }
}
