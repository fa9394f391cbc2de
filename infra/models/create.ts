import { type ProviderKind, type SlmProvider, SlmProviderError } from './provider.ts';

/** The settings of all adapters. */
export interface ProviderConfig {
  readonly provider: ProviderKind;
  /** `local`: the GGUF file. Required. */
  readonly modelPath?: string | undefined;
  /** `openai`: required, with its version, e.g. `http://localhost:8080/v1`. */
  readonly baseUrl?: string | undefined;
  readonly apiKey?: string | undefined;
  /** The model of calls that name none. `openai`: required. `local`: the id of the file's model; default: from its file. */
  readonly model?: string | undefined;
  /** Bounds a whole call. */
  readonly timeoutMs: number;
  /** Bounds the wait for the first token and every gap between tokens. A prompt of 2 000 tokens takes a slow core 20 s. */
  readonly firstTokenTimeoutMs: number;
  /** `deterministic`: pause before every word (`KHIPU_SLM_DETERMINISTIC_DELAY_MS`). */
  readonly deterministicDelayMs: number;
}

/**
 * Creates the configured adapter and imports no other: the OpenAI client alone costs 0.3 s and 20 MB.
 * Rejects with `SLM_MODEL_MISSING` when the configuration lacks its model.
 */
export async function createProvider(config: ProviderConfig): Promise<SlmProvider> {
  const { provider, timeoutMs, firstTokenTimeoutMs } = config;
  const limits = { timeoutMs, firstTokenTimeoutMs };
  switch (provider) {
    case 'deterministic': {
      const { createDeterministicProvider } = await import('./deterministic/deterministic.ts');
      return createDeterministicProvider({ ...limits, delayMs: config.deterministicDelayMs });
    }
    case 'local': {
      const { createLocalProvider } = await import('./local/local.ts');
      const { model } = config;
      const modelPath = required(config.modelPath, 'modelPath');
      return createLocalProvider({ ...limits, modelPath, ...(model === undefined ? {} : { model }) });
    }
    case 'openai': {
      const { createOpenAiProvider } = await import('./openai/openai.ts');
      const { apiKey } = config;
      return createOpenAiProvider({
        ...limits,
        baseUrl: required(config.baseUrl, 'baseUrl'),
        model: required(config.model, 'model'),
        ...(apiKey === undefined ? {} : { apiKey }),
      });
    }
    default:
      throw new SlmProviderError('SLM_MODEL_MISSING', `unknown provider: ${provider satisfies never}`);
  }
}

function required(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw new SlmProviderError('SLM_MODEL_MISSING', `${name} is not configured`);
  return value;
}
