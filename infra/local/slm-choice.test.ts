import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../config.ts';
import { downloadDir, downloads, neededDownloads } from './fetch/catalogue.mjs';
import { chooseSlm } from './slm-choice.ts';

let env: NodeJS.ProcessEnv;
beforeEach(() => {
  env = { KHIPU_CACHE_DIR: mkdtempSync(path.join(tmpdir(), 'khipu-slm-')) };
});
afterEach(() => rmSync(String(env['KHIPU_CACHE_DIR']), { recursive: true }));

function fetchModel(): void {
  mkdirSync(downloadDir('model', env), { recursive: true });
  writeFileSync(path.join(downloadDir('model', env), downloads.model.marker), '');
}

test('the fetched model has its own id, not that of its file', () => {
  fetchModel();
  // Set for another provider: it is not the name of this model.
  const slm = chooseSlm('local', { ...env, KHIPU_SLM_MODEL: 'gpt-4o' });
  expect(slm).toMatchObject({ provider: 'local', model: 'smollm2-135m-instruct' });
  const parts = {
    ...{
      KAFKA_BROKERS: 'a:1',
      SCHEMA_REGISTRY_URL: 'http://a:2',
      DATABASE_URL: 'postgres://a/b',
      REDIS_URL: 'redis://a',
    },
    ...{ KHIPU_SLM_MODEL: 'gpt-4o' },
  };
  const [provider] = loadConfig({ ...parts, ...slm.env }).slm.providers;
  expect(provider).toMatchObject({ kind: 'local', models: [{ name: 'smollm2-135m-instruct' }] });
});

test.each([
  [{ KHIPU_SLM_MODEL_PATH: '/models/Qwen2.5-0.5B.Q8_0.gguf' }, 'qwen2.5-0.5b-q8_0'],
  [{ KHIPU_SLM_MODEL_PATH: '/models/a.gguf', KHIPU_SLM_MODEL: 'mine' }, 'mine'],
  [{ KHIPU_SLM_PROVIDER: 'openai', KHIPU_SLM_MODEL: 'gpt-4o' }, 'gpt-4o'],
  [{ KHIPU_SLM_PROVIDER: 'deterministic' }, 'khipu-deterministic-1'],
  [{}, 'khipu-deterministic-1'],
])('%j is the model %s', (chosen, model) => {
  expect(chooseSlm(undefined, { ...env, ...chosen }).model).toBe(model);
});

test('declared providers are the choice, unless a flag asks for another one', () => {
  const list = [
    { name: 'here', kind: 'deterministic', models: ['small'] },
    { name: 'vllm', kind: 'openai', base_url: 'http://a/v1', models: ['large'] },
  ];
  const declared = { ...env, KHIPU_SLM_PROVIDERS: JSON.stringify(list) };
  expect(chooseSlm(undefined, declared)).toEqual({
    ...{ provider: 'here, vllm', flag: null, model: 'small', note: '', env: {} },
  });
  const parts = { KAFKA_BROKERS: 'a:1', SCHEMA_REGISTRY_URL: 'http://a', DATABASE_URL: 'postgres://a/b' };
  const flagged = chooseSlm('deterministic', declared);
  const { slm } = loadConfig({ ...parts, REDIS_URL: 'redis://a', ...declared, ...flagged.env });
  expect(slm.providers).toMatchObject([{ name: 'deterministic' }]);
  expect(neededDownloads({ ...declared, KAFKA_BROKERS: 'a', SCHEMA_REGISTRY_URL: 'a', REDIS_URL: 'a' })).toEqual([
    'vectors',
  ]);
});
