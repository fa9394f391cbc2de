import { partVariables } from '../../infra/local/part.ts';

/** Services that a test run brought along as containers are used; whatever else the environment names is not ours to test on. */
const keepsParts = (): boolean => process.env['KHIPU_TEST_INFRA'] === 'testcontainers';

/**
 * The environment without what would lead a platform, or a command, astray: settings of Khipu, and services that somebody
 * (the integration tests beside us, a developer's shell) has put there.
 */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const parts = new Set<string>(Object.values(partVariables));
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => name === 'KHIPU_CACHE_DIR' || !(name.startsWith('KHIPU_') || (parts.has(name) && !keepsParts())),
    ),
  );
}
