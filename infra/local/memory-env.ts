import { downloadDir, isFetched, memoryDownload } from './fetch/catalogue.mjs';

/** Returns the variables of memories for the roles: the fetched model, where the environment names no folder of one. */
export function memoryEnv(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const model = memoryDownload(env);
  return model !== null && isFetched(model, env) ? { KHIPU_MEMORY_MODEL_PATH: downloadDir(model, env) } : {};
}
