import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeArchive } from '../../infra/local/parts/class-archive.ts';
import { kafkaArchive } from '../../infra/local/parts/kafka.ts';
import { startParts } from '../../infra/local/parts/parts.ts';
import { registryArchive } from '../../infra/local/parts/registry.ts';
import { startContainers } from './containers.ts';

/** Starts the real parts once for all integration tests; services named by the environment are used instead. */
export default async function setup(): Promise<() => Promise<void>> {
  if (process.env['KHIPU_TEST_INFRA'] === 'testcontainers') {
    const containers = await startContainers();
    Object.assign(process.env, containers.env);
    return containers.stop;
  }
  const dir = mkdtempSync(join(tmpdir(), 'khipu-test-'));
  const parts = await startParts({ dir });
  Object.assign(process.env, parts.env);
  // Each platform of the end-to-end tests starts these programs again: with an archive, in half the time.
  const archives = (async () => {
    for (const subject of [registryArchive(), kafkaArchive()])
      await makeArchive(subject, join(dir, 'class-archive.log'), 0);
  })();
  return async () => {
    await archives;
    await parts.stop();
    rmSync(dir, { recursive: true, force: true });
  };
}
