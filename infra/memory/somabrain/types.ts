/** The interface of SomaBrain, as this platform and its clients use it. */

/** A text to keep. */
export interface RememberRequest {
  readonly text: string;
  /** Space of the memory; SomaBrain names it `universe`. */
  readonly universe?: string;
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
  readonly source?: string;
  readonly labels?: readonly string[];
  /** RFC 3339. */
  readonly valid_from?: string;
  readonly valid_to?: string;
  readonly supersedes?: readonly string[];
}

/** A text that was kept. */
export interface Remembered {
  /** Null from a service that names none. */
  readonly memoryId: string | null;
  /** sha256 of the text; null from a service that names none. */
  readonly digest: string | null;
  readonly namespace: string;
  readonly traceId: string;
}

/** A question to memories. */
export interface RecallRequest {
  readonly query: string;
  readonly universe?: string;
  /** Maximum number of memories. */
  readonly top_k?: number;
  /** Members that the memory service of Khipu knows, and another one may ignore. */
  readonly as_of?: string;
  readonly valid_at?: string;
  readonly labels?: readonly string[];
  readonly without_labels?: readonly string[];
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A memory that was found. */
export interface FoundMemory {
  readonly memoryId: string | null;
  readonly text: string;
  readonly score: number;
  readonly digest: string | null;
  readonly labels: readonly string[];
  /** What the service says of it. */
  readonly payload: Readonly<Record<string, unknown>>;
}

/** The answer to a question. */
export interface RecallAnswer {
  /** The nearest first. */
  readonly memories: readonly FoundMemory[];
  readonly namespace: string;
  readonly traceId: string;
}

/** The answer to a retrieval. */
export interface RetrieveAnswer extends RecallAnswer {
  /** The texts for a prompt; null from a service that makes none. */
  readonly context: string | null;
}

/** A relation of two memories. */
export interface LinkRequest {
  readonly from_key: string;
  readonly to_key: string;
  readonly type: string;
}

/** A persona. */
export interface SomaPersona {
  readonly id: string;
  readonly displayName: string | null;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Options of one request. */
export interface RequestOptions {
  /** Names a write: the service keeps it once for all requests with this key. Default: a new one for all attempts of the call. */
  readonly idempotencyKey?: string;
  /** Tenant, for a service that takes it from `X-Tenant-ID`. */
  readonly tenantId?: string;
  readonly signal?: AbortSignal;
}

/** A client of SomaBrain. Every method rejects with SomaBrainError, or with the reason of the signal. */
export interface SomaBrain {
  remember(request: RememberRequest, options?: RequestOptions): Promise<Remembered>;
  recall(request: RecallRequest, options?: RequestOptions): Promise<RecallAnswer>;
  ragRetrieve(request: RecallRequest, options?: RequestOptions): Promise<RetrieveAnswer>;
  link(request: LinkRequest, options?: RequestOptions): Promise<void>;
  persona(id: string, options?: RequestOptions): Promise<SomaPersona>;
  health(): Promise<{ readonly ok: boolean; readonly detail: string }>;
}
