import { homeDir } from '../../local/home.ts';
import { readLocalEnv } from '../../local/local-env.ts';
import { withoutOwn } from '../../local/own-values.mjs';
import { startParts } from '../../local/parts/parts.ts';
import { livingRun } from '../../local/process/run-record.ts';
import { chosenContext } from '../context/use.ts';
import { failure } from '../failure.ts';

/**
 * Runs work while the parts of the platform of this checkout run, without its roles: they are started when the platform is
 * stopped, and stopped afterwards. Where the environment names all services, in production, and for a context, it only
 * runs the work.
 * Rejects with PLATFORM_RUNNING while the platform runs.
 */
export async function withLocalParts<T>(
  env: NodeJS.ProcessEnv,
  work: (env: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  const dir = homeDir(env);
  if (env['KHIPU_MODE'] === 'production' || chosenContext(env) !== undefined || readLocalEnv(dir) === undefined)
    return work(env);
  if (livingRun(dir) !== undefined)
    throw failure('PLATFORM_RUNNING', 'the platform of this checkout runs; stop it first (npm stop)');
  const parts = await startParts({ dir, env: withoutOwn(dir, env) });
  try {
    return await work({ ...env, ...parts.env });
  } finally {
    await parts.stop();
  }
}
