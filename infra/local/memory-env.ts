import { downloadDir, isFetched } from './fetch/catalogue.mjs';

/** Returns the variables of memories for the roles: the static vectors where they are fetched and the environment names none. */
export const memoryEnv = (env: NodeJS.ProcessEnv): Readonly<Record<string, string>> =>
  env['KHIPU_MEMORY_MODEL_PATH'] === undefined && isFetched('vectors', env)
    ? { KHIPU_MEMORY_MODEL_PATH: downloadDir('vectors', env) }
    : {};
