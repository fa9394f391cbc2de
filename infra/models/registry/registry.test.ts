import { describe, expect, it } from 'vitest';
import { ModelRegistry } from './model-registry.ts';
import { declaredProvider, type ProviderSettings } from './provider-declaration.ts';

const settings: ProviderSettings = {
  ...{ provider: 'openai', modelPath: null, baseUrl: 'http://127.0.0.1:1/v1', model: 'mistral-7b', models: [] },
  ...{ pricePerMillionTokens: '0.200', currency: 'USD', secret: null },
};

describe('a declared provider', () => {
  it.each([
    ['the default model, then further ones', { models: ['large', 'mistral-7b', 'large'] }, ['mistral-7b', 'large']],
    ['the name of its file', { provider: 'local', model: null, modelPath: '/m/Smol.Q4_1.gguf' }, ['smol-q4_1']],
    ['the given name of its file', { provider: 'local', model: 'smol', modelPath: '/m/x.gguf' }, ['smol']],
    ['the deterministic model', { provider: 'deterministic', model: 'x' }, ['khipu-deterministic-1']],
    ['none, without a name', { model: null }, []],
  ] as const)('has %s', (_, over, models) => {
    expect(declaredProvider({ ...settings, ...over }).models).toEqual(models);
  });
});

describe('a registry', () => {
  const one = declaredProvider(settings);

  it('finds a model by its exact name', () => {
    const registry = new ModelRegistry([one]);
    expect(registry.find('mistral-7b')).toEqual({ name: 'mistral-7b', provider: one });
    expect(registry.find('Mistral-7B')).toBeUndefined();
    expect(registry.models.map(({ name }) => name)).toEqual(['mistral-7b']);
  });

  it('refuses two providers of one model', () => {
    expect(() => new ModelRegistry([one, { ...one, name: 'other' }])).toThrow(
      'the model mistral-7b is declared by openai and by other',
    );
  });
});
