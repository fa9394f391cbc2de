import type { Config } from '../config.ts';
import { createProvider } from '../models/create.ts';
import type { ModelMetrics } from '../models/registry/model-metrics.ts';
import { ModelServers } from '../models/registry/model-servers.ts';
import type { SecretSource } from '../security/secret-source.ts';

/**
 * Resolves with the declared providers, each with its adapter and its secret. Rejects with ConfigError, which names the
 * reference, when a secret is missing; with SLM_MODEL_MISSING when a provider lacks its model.
 */
export async function createModelServers(
  { providers, timeoutMs, firstTokenTimeoutMs, deterministicDelayMs }: Config['slm'],
  secrets: SecretSource,
  metrics: ModelMetrics,
): Promise<ModelServers> {
  const running = await Promise.all(
    providers.map(async (declaration) => {
      const { kind, baseUrl, modelPath, models, secret } = declaration;
      const adapter = await createProvider({
        ...{ provider: kind, timeoutMs, firstTokenTimeoutMs, deterministicDelayMs },
        modelPath: modelPath ?? undefined,
        baseUrl: baseUrl ?? undefined,
        apiKey: secret === null ? undefined : await secrets.resolve(secret),
        model: models[0]?.upstream,
      });
      return { declaration, adapter };
    }),
  );
  return new ModelServers(running, metrics);
}
