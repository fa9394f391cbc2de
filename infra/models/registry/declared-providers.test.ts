import { describe, expect, it } from 'vitest';
import { declaredProviders, providersIn } from './declared-providers.ts';

const variable = 'KHIPU_SLM_PROVIDERS';
const defaults = { pricePerMillionTokens: '0.200', currency: 'EUR' };
const read = (json: unknown) => declaredProviders({ variable, text: JSON.stringify(json) }, defaults);
const server = { name: 'vllm', kind: 'openai', base_url: 'http://a:8000/v1', models: ['mistral-7b'] };

describe('a list of providers', () => {
  it('declares servers, models of this machine and the deterministic model, in its order', () => {
    const declared = read([
      {
        ...server,
        models: ['mistral-7b', { name: 'small', upstream: 'Qwen/Qwen3-0.6B' }],
        secret: { file: '/run/key' },
      },
      { name: 'here', kind: 'local', model_path: '/m/Smol.Q4_1.gguf', price_per_million_tokens: '0' },
      { name: 'none', kind: 'deterministic', models: ['mistral-7b'] },
    ]);
    expect(declared).toEqual([
      {
        ...{ name: 'vllm', kind: 'openai', baseUrl: 'http://a:8000/v1', modelPath: null, currency: 'EUR' },
        models: [
          { name: 'mistral-7b', upstream: 'mistral-7b' },
          { name: 'small', upstream: 'Qwen/Qwen3-0.6B' },
        ],
        ...{ pricePerMillionTokens: '0.200', secret: { from: 'file', path: '/run/key' } },
      },
      {
        ...{ name: 'here', kind: 'local', baseUrl: null, modelPath: '/m/Smol.Q4_1.gguf', currency: 'EUR' },
        ...{ models: [{ name: 'smol-q4_1', upstream: 'smol-q4_1' }], pricePerMillionTokens: '0', secret: null },
      },
      {
        ...{ name: 'none', kind: 'deterministic', baseUrl: null, modelPath: null, currency: 'EUR' },
        ...{ models: [{ name: 'mistral-7b', upstream: 'mistral-7b' }], pricePerMillionTokens: '0.200', secret: null },
      },
    ]);
    expect(read([{ ...server, secret: { environment: 'VLLM_KEY' } }])[0]?.secret).toEqual({
      ...{ from: 'environment', name: 'VLLM_KEY' },
    });
  });

  it.each([
    ['no list', {}, 'KHIPU_SLM_PROVIDERS: expected a list of providers: [{"name": …, "kind": …, "models": …}]'],
    ['an empty list', [], 'KHIPU_SLM_PROVIDERS: expected at least one provider'],
    ['another kind', [{ ...server, kind: 'vllm' }], '0.kind: expected openai, local or deterministic'],
    ['no models', [{ ...server, models: undefined }], '0.models: expected a list of models'],
    ['a URL without a protocol', [{ ...server, base_url: 'a:80' }], '0.base_url: expected the http(s) URL of'],
    ['a price as a number', [{ ...server, price_per_million_tokens: 0.2 }], 'expected a decimal in quotes'],
    ['a secret by value', [{ ...server, secret: 'sk-live' }], '0.secret: expected a reference: {"environment": <v'],
    ['an unknown field', [{ ...server, api_key: 'sk-live' }], '0: unknown field api_key'],
    ['a name twice', [server, server], 'expected each name of a provider once'],
    ['a model twice', [{ ...server, models: ['a', 'a'] }], 'vllm: expected each model once, got a twice'],
    ['a local provider without its file', [{ name: 'x', kind: 'local' }], '0.model_path: expected the path of a GGUF'],
  ])('with %s is refused with what is expected, and without any value', (_, json, message) => {
    const refused = expect(() => read(json));
    refused.toThrow(expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) }));
    refused.not.toThrow(/sk-live/);
  });

  it('that is no JSON, or a file that cannot be read, names its variable', () => {
    expect(() => declaredProviders({ variable, text: '[' }, defaults)).toThrow('KHIPU_SLM_PROVIDERS: expected JSON; ');
    expect(() => providersIn('/missing.json', 'KHIPU_SLM_PROVIDERS_FILE')).toThrow(
      'KHIPU_SLM_PROVIDERS_FILE: expected the path of a JSON file; ENOENT',
    );
  });
});
