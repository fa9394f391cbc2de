import { lstatSync, readlinkSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { homeDir, shortPath } from '../../local/home.ts';
import { livingRun } from '../../local/run-record.ts';
import { stopPlatform } from './down.ts';

/** Drops the folder; a data folder that had to lie elsewhere is a link in it, and goes too. */
function drop(dir: string): void {
  const postgres = path.join(dir, 'data', 'postgres');
  if (lstatSync(postgres, { throwIfNoEntry: false })?.isSymbolicLink()) {
    rmSync(readlinkSync(postgres), { recursive: true, force: true });
  }
  rmSync(dir, { recursive: true, force: true });
}

export function register(program: Command): void {
  program
    .command('reset')
    .description('drop data, keys, logs and state of this checkout: the next start is a first start')
    .option('--force', 'stop the platform first when it runs')
    .action(async ({ force }: { force?: true }) => {
      const dir = homeDir();
      if (livingRun(dir) && !force) {
        const message = 'it runs; stop it first (npm stop), or say --force';
        throw Object.assign(new Error(message), { code: 'RUNNING' });
      }
      await stopPlatform(dir);
      drop(dir);
      console.log(`Dropped ${shortPath(dir)}.`);
    });
}
