import { partVariables } from '../../infra/local/parts/part.ts';

/**
 * Returns true when the test run started its services as containers; services that the environment names otherwise must
 * not be used in tests.
 */
const keepsParts = (): boolean => process.env['KHIPU_TEST_INFRA'] === 'testcontainers';

/**
 * Returns the environment without Khipu's settings and without services set by another process (concurrent integration
 * tests, a developer's shell), which would mislead a platform or a command.
 */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const parts = new Set<string>(Object.values(partVariables));
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => name === 'KHIPU_CACHE_DIR' || !(name.startsWith('KHIPU_') || (parts.has(name) && !keepsParts())),
    ),
  );
}
