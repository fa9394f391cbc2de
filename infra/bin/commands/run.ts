import type { Command } from 'commander';
import { register as gateway } from '../run/gateway.ts';
import { register as projection } from '../run/projection.ts';
import { register as stream } from '../run/stream.ts';
import { register as worker } from '../run/worker.ts';

/** Registers `khipu run`: one command per kind of role, each of which runs until SIGTERM. */
export function register(program: Command): void {
  const run = program.command('run').description('run a role of the platform in this process, until SIGTERM');
  gateway(run);
  stream(run);
  projection(run);
  worker(run);
}
