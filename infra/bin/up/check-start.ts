import { access, constants } from 'node:fs/promises';
import { type Config, loadConfig } from '../../config.ts';
import { ConfigError } from '../../kit/config-error.ts';
import { probeModelServer, type Reachability } from '../../models/openai/probe.ts';
import { ModelRegistry } from '../../models/registry/model-registry.ts';
import type { ProviderDeclaration } from '../../models/registry/provider-declaration.ts';
import { type SecretSource, secretSource } from '../../security/secret-source.ts';
import { failure } from '../failure.ts';

/** Addresses of parts that are not started yet: valid, and used by nothing. */
const unstarted: NodeJS.ProcessEnv = {
  KAFKA_BROKERS: 'unstarted:1',
  SCHEMA_REGISTRY_URL: 'http://unstarted',
  DATABASE_URL: 'postgres://unstarted/khipu',
  REDIS_URL: 'redis://unstarted',
};

const isSet = ([, value]: readonly [string, string | undefined]): boolean => value !== undefined && value !== '';

/** Names where a provider is configured: the variable of a single one, or the list and the name. */
const placeOf = (env: NodeJS.ProcessEnv, { name }: ProviderDeclaration, single: string): string => {
  const list = (['KHIPU_SLM_PROVIDERS', 'KHIPU_SLM_PROVIDERS_FILE'] as const).find((variable) => env[variable]);
  return list === undefined ? single : `${list}: ${name}`;
};

/** Rejects with ConfigError for a model file that cannot be read, and for a secret that is missing. */
async function reach(
  env: NodeJS.ProcessEnv,
  secrets: SecretSource,
  declaration: ProviderDeclaration,
): Promise<Reachability> {
  const { baseUrl, modelPath, secret } = declaration;
  if (modelPath !== null)
    await access(modelPath, constants.R_OK).catch(() => {
      const place = placeOf(env, declaration, 'KHIPU_SLM_MODEL_PATH');
      throw new ConfigError(`${place}: expected the path of a GGUF file; ${modelPath} cannot be read`);
    });
  const apiKey = secret === null ? undefined : await secrets.resolve(secret);
  return baseUrl === null ? { ok: true, detail: '' } : probeModelServer({ baseUrl, apiKey });
}

/** Throws MODEL_SERVER_UNREACHABLE when none of the providers of a model can be reached. */
async function checkProviders(env: NodeJS.ProcessEnv, { providers }: Config['slm']): Promise<void> {
  const secrets = secretSource(env);
  const found = new Map(
    await Promise.all(providers.map(async (each) => [each, await reach(env, secrets, each)] as const)),
  );
  for (const { name, providers: own } of new ModelRegistry(providers).models) {
    if (own.some((each) => found.get(each)?.ok === true)) continue;
    const names = own.map((each) => `${placeOf(env, each, 'KHIPU_SLM_BASE_URL')} names ${found.get(each)?.detail}`);
    const help =
      providers.length === 1
        ? 'start the model server, or start without it: npm start -- --provider local'
        : `start a server of the model ${name}, or leave its provider out`;
    throw failure('MODEL_SERVER_UNREACHABLE', `${names.join('\n')}\n${help}`);
  }
}

/**
 * Checks what the roles will be started with, before any part starts. `env` is the environment of the start with that of
 * the provider. Rejects with CONFIG_INVALID, which names each variable; with MODEL_SERVER_UNREACHABLE when no server of a
 * model answers within 2 s.
 */
export async function checkStart(env: NodeJS.ProcessEnv): Promise<void> {
  const given = Object.fromEntries(Object.entries(env).filter(isSet));
  await checkProviders(given, loadConfig({ ...unstarted, ...given }).slm);
}
