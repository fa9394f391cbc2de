import type { Command } from 'commander';
import { registerResource, registerVerb } from '../resources/register.ts';

const GRANT_COLUMNS = [
  'grant_id',
  'status',
  'tool',
  'session_id',
  'initiator',
  'principal',
  'uses',
  'uses_max',
  'until',
  'code',
];

/** Registers `khipu approvals`: the verbs of approvals over HTTP; grants have columns of their own. */
export function register(program: Command): void {
  const approvals = registerResource(program, 'approvals');
  registerVerb(approvals, 'grants', { operation: 'listApprovalGrants' }, GRANT_COLUMNS);
}
