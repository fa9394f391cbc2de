import { describe, expect, it } from 'vitest';
import { loadConfig } from './config.ts';
import { ConfigError } from './config-error.ts';

const parts = {
  KAFKA_BROKERS: 'kafka:9092',
  SCHEMA_REGISTRY_URL: 'http://registry',
  DATABASE_URL: 'postgres://database/khipu',
  REDIS_URL: 'redis://redis',
};
const loginWith = (env: Readonly<Record<string, string>>) => loadConfig({ ...parts, ...env }).kafkaLogin;
const login = { KAFKA_SASL_USERNAME: 'khipu-policy', KAFKA_SASL_PASSWORD: 's3cret-word' };

describe('the login to Kafka', () => {
  it('is nobody’s, in plain text, where nothing is set', () => {
    expect(loginWith({})).toEqual({ tls: false, sasl: null });
  });

  it.each(['plain', 'scram-sha-256', 'scram-sha-512'])('is by %s, over TLS', (mechanism) => {
    expect(loginWith({ ...login, KAFKA_SASL_MECHANISM: mechanism, KAFKA_SSL: 'true' })).toEqual({
      tls: true,
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
  ])('without its other half stops the start: %s is named, the password is not', (name, env) => {
    const load = () => loginWith(env);
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(name);
    expect(load).not.toThrow('s3cret-word');
  });

  it('by a hashed password needs no TLS in production: whoever listens does not learn it', () => {
    const env = { ...login, KAFKA_SASL_MECHANISM: 'scram-sha-512', KHIPU_MODE: 'production' };
    expect(loginWith(env)).toMatchObject({ tls: false, sasl: { mechanism: 'scram-sha-512' } });
  });
});
