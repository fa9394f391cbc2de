import { loadConfig } from '../../config.ts';
import { probeModelServer } from '../../models/openai/probe.ts';
import { secretSource } from '../../security/secret-source.ts';
import { failure } from '../failure.ts';

/** Addresses of parts that are not started yet: valid, and used by nothing. */
const unstarted: NodeJS.ProcessEnv = {
  KAFKA_BROKERS: 'unstarted:1',
  SCHEMA_REGISTRY_URL: 'http://unstarted',
  DATABASE_URL: 'postgres://unstarted/khipu',
  REDIS_URL: 'redis://unstarted',
};

const isSet = ([, value]: readonly [string, string | undefined]): boolean => value !== undefined && value !== '';

/**
 * Checks what the roles will be started with, before any part starts. `env` is the environment of the start with that of
 * the provider. Rejects with CONFIG_INVALID, which names each variable; with MODEL_SERVER_UNREACHABLE when the model
 * server does not answer within 2 s.
 */
export async function checkStart(env: NodeJS.ProcessEnv): Promise<void> {
  const { slm } = loadConfig({ ...unstarted, ...Object.fromEntries(Object.entries(env).filter(isSet)) });
  if (slm.provider !== 'openai' || slm.baseUrl === null) return;
  const apiKey = slm.secret === null ? undefined : await secretSource(env).resolve(slm.secret);
  const { ok, detail } = await probeModelServer({ baseUrl: slm.baseUrl, apiKey });
  if (!ok)
    throw failure(
      'MODEL_SERVER_UNREACHABLE',
      `KHIPU_SLM_BASE_URL names ${detail}\nstart the model server, or start without it: npm start -- --provider local`,
    );
}
