import { describe, expect, it } from 'vitest';
import { createProvider } from './create.ts';
import { failsWith, failureOf } from './testing/provider-contract.ts';

const limits = { timeoutMs: 1_000, firstTokenTimeoutMs: 1_000, deterministicDelayMs: 0 };

describe('createProvider', () => {
  it('creates the provider that the configuration names', async () => {
    const deterministic = await createProvider({ provider: 'deterministic', ...limits });
    expect(deterministic).toMatchObject({ name: 'deterministic', modelId: 'khipu-deterministic-1' });
    const openai = await createProvider({
      provider: 'openai',
      baseUrl: 'http://127.0.0.1:9/v1',
      model: 'tiny',
      ...limits,
    });
    expect(openai).toMatchObject({ name: 'openai', modelId: 'tiny' });
    await Promise.all([deterministic.close(), openai.close()]);
  });

  it.each([
    ['local', {}],
    ['local', { modelPath: '/missing/model.gguf' }],
    ['openai', { model: 'tiny' }],
    ['openai', { baseUrl: 'http://127.0.0.1:9/v1', model: '' }],
  ] as const)('rejects %s of %j as SLM_MODEL_MISSING', async (provider, parts) => {
    expect(await failureOf(createProvider({ provider, ...parts, ...limits }))).toEqual(failsWith('SLM_MODEL_MISSING'));
  });
});
