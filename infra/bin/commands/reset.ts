import { lstatSync, readlinkSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { homeDir, shortPath } from '../../local/home.ts';
import { livingRun } from '../../local/process/run-record.ts';
import { jsonOption, print } from '../show/print.ts';
import { stopPlatform } from './down.ts';

/** Deletes the folder, and the Postgres data folder when it is a link to another place. */
function drop(dir: string): void {
  const postgres = path.join(dir, 'data', 'postgres');
  if (lstatSync(postgres, { throwIfNoEntry: false })?.isSymbolicLink()) {
    rmSync(readlinkSync(postgres), { recursive: true, force: true });
  }
  rmSync(dir, { recursive: true, force: true });
}

/** Registers `khipu reset`, which fails with RUNNING when the platform runs and --force is not set. */
export function register(program: Command): void {
  program
    .command('reset')
    .description('delete data, keys, logs and state of this checkout: the next start is a first start')
    .option('--force', 'stop a running platform first')
    .option(...jsonOption)
    .action(async ({ force, json }: { force?: true; json?: true }) => {
      const dir = homeDir();
      if (livingRun(dir) && !force) {
        const message = 'the platform runs: stop it first (npm stop), or run npm run reset -- --force';
        throw Object.assign(new Error(message), { code: 'RUNNING' });
      }
      await stopPlatform(dir);
      drop(dir);
      print(json, { deleted: dir }, () => [
        `Deleted ${shortPath(dir)}: data, keys and logs. The next start is a first start, with a new API key.`,
      ]);
    });
}
