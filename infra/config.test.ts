import { describe, expect, it } from 'vitest';
import { loadConfig, loadOwnConditions } from './config.ts';
import { ConfigError } from './kit/config-error.ts';

const parts = {
  KAFKA_BROKERS: 'kafka:9092',
  SCHEMA_REGISTRY_URL: 'http://registry',
  DATABASE_URL: 'postgres://database/khipu',
  REDIS_URL: 'redis://redis',
};
const loginWith = (env: Readonly<Record<string, string>>) => loadConfig({ ...parts, ...env }).kafkaLogin;
const login = { KAFKA_SASL_USERNAME: 'khipu-policy', KAFKA_SASL_PASSWORD: 's3cret-word' };

describe('the login to Kafka', () => {
  it('is anonymous and in plain text when nothing is set', () => {
    expect(loginWith({})).toEqual({ tls: null, sasl: null });
  });

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'])('is by %s, over TLS', (mechanism) => {
    expect(loginWith({ ...login, KAFKA_SASL_MECHANISM: mechanism, KAFKA_SSL: 'true' })).toEqual({
      tls: { ca: null, cert: null, key: null },
      sasl: { mechanism, username: 'khipu-policy', password: 's3cret-word' },
    });
  });

  it.each([
    ['KAFKA_SASL_MECHANISM', login],
    ['KAFKA_SASL_USERNAME', { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_PASSWORD: 's3cret-word' }],
    ['KAFKA_SASL_PASSWORD', { KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'khipu-policy' }],
    ['KAFKA_SASL_MECHANISM', { ...login, KAFKA_SASL_MECHANISM: 'gssapi' }],
    ['KAFKA_SSL', { KAFKA_SSL: 'yes' }],
    ['KAFKA_SSL', { ...login, KAFKA_SASL_MECHANISM: 'plain', KHIPU_MODE: 'production' }],
  ])('that is incomplete stops the start: %s is named, the password is not', (name, env) => {
    const load = () => loginWith(env);
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(name);
    expect(load).not.toThrow('s3cret-word');
  });

  it('by a hashed password needs no TLS in production: an eavesdropper does not learn it', () => {
    const env = { ...login, KAFKA_SASL_MECHANISM: 'scram-sha-512', KHIPU_MODE: 'production' };
    expect(loginWith(env)).toMatchObject({ tls: null, sasl: { mechanism: 'scram-sha-512' } });
  });
});

describe('the number of partitions', () => {
  it.each([
    [{}, null],
    [{ KHIPU_PARTITIONS: '1' }, 1],
    [{ KHIPU_PARTITIONS: '16' }, 16],
    [{ KHIPU_PARTITIONS: '256' }, 256],
  ])('given %j is %s', (env, expected) => {
    expect(loadConfig({ ...parts, ...env }).wantedLayout.partitions).toBe(expected);
  });

  it.each(['0', '3', '12', '512', '-4', '4.5', 'four'])(
    'is not %s: the message names the variable and what it may be',
    (text) => {
      expect(() => loadConfig({ ...parts, KHIPU_PARTITIONS: text })).toThrow(
        new RegExp(`KHIPU_PARTITIONS: expected .*a power of two from 1 to 256.*got "${text.replace('.', '\\.')}"`),
      );
    },
  );
});

describe('our own evaluator of Cedar conditions', () => {
  it.each([
    [{}, true],
    [{ KHIPU_CEDAR_OWN_CONDITIONS: 'true' }, true],
    [{ KHIPU_CEDAR_OWN_CONDITIONS: 'false' }, false],
  ])('given %j is on: %s, with a platform and without', (env, expected) => {
    expect(loadConfig({ ...parts, ...env }).constitution.ownConditions).toBe(expected);
    expect(loadOwnConditions(env)).toBe(expected);
  });

  it('takes no other word', () => {
    expect(() => loadOwnConditions({ KHIPU_CEDAR_OWN_CONDITIONS: 'no' })).toThrow(
      /KHIPU_CEDAR_OWN_CONDITIONS.*got "no"/,
    );
  });
});

describe('the origins of browsers', () => {
  const originsWith = (text: string, env = {}) =>
    loadConfig({ ...parts, ...env, KHIPU_CORS_ORIGINS: text }).http.corsOrigins;

  it('are none when nothing is set', () => {
    expect(loadConfig(parts).http.corsOrigins).toEqual([]);
    expect(originsWith('')).toEqual([]);
  });

  it('are listed exactly, once each', () => {
    expect(originsWith('https://app.example.com, http://127.0.0.1:5173,https://app.example.com')).toEqual([
      'https://app.example.com',
      'http://127.0.0.1:5173',
    ]);
  });

  it.each([
    '*',
    'https://app.example.com,*',
    'https://*.example.com',
    'null',
    'app.example.com',
    'https://app.example.com/',
    'https://app.example.com/page',
    'https://App.example.com',
    'https://app.example.com:443',
    'https://user@app.example.com',
    'file:///page.html',
    'https://app.example.com,',
  ])('are not %s: the message names the variable and what it may be', (text) => {
    expect(() => originsWith(text)).toThrow(ConfigError);
    expect(() => originsWith(text)).toThrow(/KHIPU_CORS_ORIGINS: expected exact origins .*never \*.*got "/);
  });

  it('need TLS in production, except on this host', () => {
    const production = { KHIPU_MODE: 'production' };
    expect(() => originsWith('https://a.example,http://b.example', production)).toThrow(
      /KHIPU_CORS_ORIGINS: expected https/,
    );
    expect(originsWith('http://localhost:5173', production)).toEqual(['http://localhost:5173']);
  });
});

describe('the model of memories', () => {
  const modelOf = (env: Readonly<Record<string, string>>) => loadConfig({ ...parts, ...env }).memoryEmbeddings;

  it('is hashing without a folder, static vectors with one, and what a setting names', () => {
    expect(modelOf({})).toBe('hashing');
    expect(modelOf({ KHIPU_MEMORY_MODEL_PATH: '/models' })).toBe('static');
    expect(modelOf({ KHIPU_MEMORY_MODEL_PATH: '/models', KHIPU_MEMORY_EMBEDDINGS: 'minilm' })).toBe('minilm');
  });

  it('that needs a folder and has none is an error that names both variables', () => {
    expect(() => modelOf({ KHIPU_MEMORY_EMBEDDINGS: 'minilm' })).toThrow(
      'KHIPU_MEMORY_EMBEDDINGS: minilm needs a folder in KHIPU_MEMORY_MODEL_PATH',
    );
  });
});
