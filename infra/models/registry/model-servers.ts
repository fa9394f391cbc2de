import { codeOf } from '../../kit/errors.ts';
import type { Reachability } from '../openai/probe.ts';
import {
  type SlmCall,
  type SlmChunk,
  type SlmEmbeddingCall,
  type SlmEmbeddings,
  type SlmProvider,
  SlmProviderError,
  type SlmUsage,
} from '../provider.ts';
import { countTokens } from '../token-count.ts';
import type { ModelMetrics } from './model-metrics.ts';
import { ModelRegistry } from './model-registry.ts';
import type { ProviderDeclaration } from './provider-declaration.ts';

/** A declared provider with its adapter. */
export interface RunningProvider {
  readonly declaration: ProviderDeclaration;
  readonly adapter: SlmProvider;
}

/** A model at one of its providers. */
export interface ModelServer extends RunningProvider {
  /** Name of the model in requests. */
  readonly model: string;
  /** Name of the model at the provider. */
  readonly upstream: string;
}

/** Learns which provider a call is sent to: before each call, and again before each fallback. */
export type OnServer = (server: ModelServer) => void;

/** True when another provider of the same model may answer: the call is valid, and the failure is the provider's. */
const fallsBack = (error: unknown): error is SlmProviderError =>
  error instanceof SlmProviderError && error.code !== 'SLM_REJECTED' && error.code !== 'SLM_CANCELLED';

/**
 * Routes calls by the name of their model to the providers that declare it. They are asked in the order of their
 * declaration: the next one when one fails before its first text, and never for another model than the one that the
 * decision of policy allowed. Each provider has a circuit of its own, so a failing one costs its calls nothing.
 */
export class ModelServers {
  readonly #running: readonly RunningProvider[];
  readonly #servers: ReadonlyMap<string, readonly ModelServer[]>;
  readonly #metrics: ModelMetrics | null;
  /** Name of the model of calls that name none. */
  readonly defaultModel: string;

  /** Throws SLM_MODEL_MISSING when no provider declares a model. */
  constructor(running: readonly RunningProvider[], metrics: ModelMetrics | null = null) {
    const { models } = new ModelRegistry(running.map(({ declaration }) => declaration));
    const [first] = models;
    if (first === undefined) throw new SlmProviderError('SLM_MODEL_MISSING', 'no provider declares a model');
    this.defaultModel = first.name;
    this.#running = running;
    this.#servers = new Map(models.map(({ name }) => [name, serversOf(name, running)]));
    this.#metrics = metrics;
    metrics?.watchCircuits(
      () => new Map(running.map(({ declaration, adapter }) => [declaration.name, adapter.circuitOpen()])),
    );
  }

  /**
   * Returns the providers of a model, in the order in which they are asked; at least one. Throws SLM_MODEL_MISSING for a
   * model that none declares.
   */
  of(model: string | null): readonly [ModelServer, ...ModelServer[]] {
    const [first, ...others] = this.#servers.get(model ?? this.defaultModel) ?? [];
    if (first === undefined) throw new SlmProviderError('SLM_MODEL_MISSING', `no provider declares the model ${model}`);
    return [first, ...others];
  }

  /** Returns true when a provider declares the model; null is the default model. */
  has(model: string | null): boolean {
    return model === null || this.#servers.has(model);
  }

  /** Yields the answer of the first provider that gives one. Fails like the last provider that was asked. */
  async *complete(call: SlmCall, signal: AbortSignal, onServer: OnServer): AsyncGenerator<SlmChunk> {
    const servers = this.of(call.model);
    for (const [at, server] of servers.entries()) {
      let began = false;
      onServer(server);
      try {
        for await (const chunk of server.adapter.complete({ ...call, model: server.upstream }, signal)) {
          began = true;
          if (chunk.kind === 'done') this.#completed(server, chunk.usage, chunk.timeToFirstTokenMs);
          else this.#generated(server, chunk.text);
          yield chunk;
        }
        return;
      } catch (error) {
        this.#failed(server, error);
        if (began || !this.#continues(server, error, at + 1 < servers.length)) throw error;
      }
    }
  }

  /** Resolves with the embeddings of the first provider that computes them. Rejects like the last one that was asked. */
  async embed(call: SlmEmbeddingCall, signal: AbortSignal, onServer: OnServer): Promise<SlmEmbeddings> {
    const servers = this.of(call.model);
    for (const [at, server] of servers.entries()) {
      onServer(server);
      try {
        const embeddings = await server.adapter.embed({ ...call, model: server.upstream }, signal);
        this.#completed(server, { promptTokens: embeddings.promptTokens, completionTokens: 0 }, null);
        return embeddings;
      } catch (error) {
        this.#failed(server, error);
        if (!this.#continues(server, error, at + 1 < servers.length)) throw error;
      }
    }
    throw new Error('a model has at least one provider');
  }

  /** Reports the health of the providers: well while one of them is. Never rejects. */
  async health(): Promise<Reachability> {
    const all = await Promise.all(
      this.#running.map(async ({ declaration, adapter }) => ({ name: declaration.name, ...(await adapter.health()) })),
    );
    const [only, ...others] = all;
    if (only !== undefined && others.length === 0) return { ok: only.ok, detail: only.detail };
    const detail = all.map(({ name, detail: each }) => `${name}: ${each}`).join('; ');
    return { ok: all.some(({ ok }) => ok), detail };
  }

  /** Closes every provider. */
  async close(): Promise<void> {
    await Promise.all(this.#running.map(({ adapter }) => adapter.close()));
  }

  #generated({ declaration, model }: ModelServer, text: string): void {
    this.#metrics?.generated.inc({ provider: declaration.name, model }, countTokens(text));
  }

  #completed({ declaration, model }: ModelServer, usage: SlmUsage, firstTokenMs: number | null): void {
    const labels = { provider: declaration.name, model };
    this.#metrics?.calls.inc({ ...labels, outcome: 'completed' });
    this.#metrics?.tokens.inc({ ...labels, kind: 'prompt' }, usage.promptTokens);
    this.#metrics?.tokens.inc({ ...labels, kind: 'completion' }, usage.completionTokens);
    if (firstTokenMs !== null)
      this.#metrics?.firstTokenSeconds.observe({ provider: declaration.name }, firstTokenMs / 1_000);
  }

  #failed({ declaration, model }: ModelServer, error: unknown): void {
    this.#metrics?.calls.inc({ provider: declaration.name, model, outcome: codeOf(error) });
  }

  /** Returns true when the next provider is to be asked. */
  #continues({ declaration, model }: ModelServer, error: unknown, hasNext: boolean): boolean {
    if (!hasNext || !fallsBack(error)) return false;
    this.#metrics?.fallbacks.inc({ provider: declaration.name, model, code: error.code });
    return true;
  }
}

const serversOf = (model: string, running: readonly RunningProvider[]): readonly ModelServer[] =>
  running.flatMap((each) =>
    each.declaration.models.filter(({ name }) => name === model).map(({ upstream }) => ({ ...each, model, upstream })),
  );
