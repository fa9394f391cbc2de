import type { Command } from 'commander';
import { registerResource, registerVerb } from '../resources/register.ts';

const RUN_COLUMNS = ['due_at', 'status', 'reason', 'job_id', 'code', 'until'];

/** Registers `khipu schedules`: the verbs of schedules over HTTP; runs have columns of their own. */
export function register(program: Command): void {
  const schedules = registerResource(program, 'schedules');
  registerVerb(schedules, 'runs', { operation: 'listScheduleRuns' }, RUN_COLUMNS);
}
