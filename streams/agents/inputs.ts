import type { SchemaProblems } from '../../schemas/contexts/agents.ts';
import type { KillSwitches } from '../../schemas/contexts/kill-switch.ts';

/** Where and when a record was given, and what decides whether a value fits a schema. */
export interface At {
  readonly tenantId: string;
  readonly timeMs: number;
  readonly problemsOf: SchemaProblems;
  readonly killSwitches: KillSwitches;
}
