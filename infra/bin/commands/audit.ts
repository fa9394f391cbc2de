import type { Command } from 'commander';
import { registerVerb } from '../resources/register.ts';

const columns = ['at', 'event_type', 'summary', 'topic', 'partition', 'offset'] as const;

/** Registers `khipu audit`: the audit records of a session, of a command, or of the tenant. */
export function register(program: Command): void {
  registerVerb(program, 'audit', { operation: 'listAudit' }, columns);
}
