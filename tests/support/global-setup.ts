import { rmSync } from 'node:fs';
import { startParts } from '../../infra/local/parts/parts.ts';
import { startContainers } from './containers.ts';
import { makeDataFolder } from './data-folder.ts';

/** Starts the real parts once for all integration tests; services named by the environment are used instead. */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env['KHIPU_TEST_INFRA'] === 'testcontainers') {
    const containers = await startContainers();
    Object.assign(process.env, containers.env);
    return containers.stop;
  }
  const dir = makeDataFolder('khipu-test-');
  const parts = await startParts({ dir });
  Object.assign(process.env, parts.env);
  return async () => {
    await parts.stop();
    rmSync(dir, { recursive: true, force: true });
  };
}
