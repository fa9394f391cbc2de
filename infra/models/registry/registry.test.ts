import { describe, expect, it } from 'vitest';
import { priceOf } from '../../../schemas/contexts/slm/prices.ts';
import { ModelRegistry } from './model-registry.ts';
import { pricesOf } from './prices.ts';
import { declaredProvider, type ProviderSettings, sameName } from './provider-declaration.ts';

const settings: ProviderSettings = {
  ...{ provider: 'openai', modelPath: null, baseUrl: 'http://127.0.0.1:1/v1', model: 'mistral-7b', models: [] },
  ...{ pricePerMillionTokens: '0.200', currency: 'USD', secret: null },
};

describe('a declared provider', () => {
  it.each([
    ['the default model, then further ones', { models: ['large', 'mistral-7b', 'large'] }, ['mistral-7b', 'large']],
    ['the name of its file', { provider: 'local', model: null, modelPath: '/m/Smol.Q4_1.gguf' }, ['smol-q4_1']],
    ['one model in its file', { provider: 'local', model: 'smol', modelPath: '/m/x.gguf', models: ['y'] }, ['smol']],
    ['the given name of its file', { provider: 'local', model: 'smol', modelPath: '/m/x.gguf' }, ['smol']],
    ['the deterministic model', { provider: 'deterministic', model: 'x' }, ['khipu-deterministic-1']],
    ['none, without a name', { model: null }, []],
  ] as const)('has %s', (_, over, models) => {
    expect(declaredProvider({ ...settings, ...over }).models.map(({ name }) => name)).toEqual(models);
  });
});

describe('a registry', () => {
  const one = declaredProvider(settings);
  const other = { ...one, name: 'other', pricePerMillionTokens: '1.5', models: ['large', 'mistral-7b'].map(sameName) };

  it('finds a model by its exact name', () => {
    const registry = new ModelRegistry([one]);
    expect(registry.find('mistral-7b')).toEqual({ name: 'mistral-7b', providers: [one] });
    expect(registry.find('Mistral-7B')).toBeUndefined();
  });

  it('lists the models of all providers, each once with its providers in the order of their declaration', () => {
    const { models } = new ModelRegistry([one, other]);
    expect(models.map(({ name, providers }) => [name, providers.map((each) => each.name)])).toEqual([
      ['mistral-7b', ['openai', 'other']],
      ['large', ['other']],
    ]);
  });

  it('reserves the highest price of a model, which any of its providers may take', () => {
    const prices = pricesOf([{ ...one, models: ['mistral-7b', 'cheap'].map(sameName) }, other]);
    const priceOfModel = (id: string | null) => priceOf(prices, { type: 'Model', id });
    expect(['mistral-7b', 'cheap', null, 'unknown'].map(priceOfModel)).toEqual(['1.5', '0.200', '1.5', '1.5']);
    expect(priceOf(prices, { type: 'Tool', id: 'cheap' })).toBe('1.5');
  });
});
