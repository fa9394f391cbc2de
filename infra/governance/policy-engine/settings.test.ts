import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../config.ts';

const URL = 'http://localhost:8181/v1/data/khipu/decision';
const engineOf = (env: Readonly<Record<string, string>>) =>
  loadConfig({
    ...{ KAFKA_BROKERS: 'b:1', SCHEMA_REGISTRY_URL: 'http://r' },
    ...{ DATABASE_URL: 'postgres://d/k', REDIS_URL: 'redis://c' },
    ...env,
  }).policyEngine;

describe('an external policy engine', () => {
  it('is null without a URL, or with an empty one', () => {
    expect(engineOf({})).toBeNull();
    expect(engineOf({ KHIPU_POLICY_ENGINE_URL: '', KHIPU_POLICY_ENGINE_TOKEN: 't' })).toBeNull();
  });

  it('has a token and a timeout', () => {
    expect(engineOf({ KHIPU_POLICY_ENGINE_URL: URL })).toEqual({ url: URL, token: null, timeoutMs: 1_000 });
    const env = { KHIPU_POLICY_ENGINE_TOKEN: 't', KHIPU_POLICY_ENGINE_TIMEOUT_MS: '250' };
    expect(engineOf({ KHIPU_POLICY_ENGINE_URL: URL, ...env })).toEqual({ url: URL, token: 't', timeoutMs: 250 });
  });

  it.each([
    ['ftp://opa/v1/data/x', {}, /KHIPU_POLICY_ENGINE_URL: expected http/],
    ['http://user:secret@opa/v1/data/x', {}, /KHIPU_POLICY_ENGINE_URL: expected no credentials/],
    ['http://opa:8181/v1/data/x', { KHIPU_MODE: 'production' }, /KHIPU_POLICY_ENGINE_URL: expected https/],
    [URL, { KHIPU_POLICY_ENGINE_TIMEOUT_MS: '5001' }, /KHIPU_POLICY_ENGINE_TIMEOUT_MS: expected/],
  ])('is rejected for %s with %j', (url, env, message) => {
    const asked = () => engineOf({ KHIPU_POLICY_ENGINE_URL: url, ...env });
    expect(asked).toThrow(message);
    expect(asked).not.toThrow('secret');
  });

  it.each(['https://opa/v1/data/x', URL, 'http://127.0.0.1:8181/v1/data/x', 'http://[::1]:8181/v1/data/x'])(
    'may be %s in production',
    (url) => {
      expect(engineOf({ KHIPU_POLICY_ENGINE_URL: url, KHIPU_MODE: 'production' })?.url).toBe(url);
    },
  );
});
