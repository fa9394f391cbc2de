import { type AgentRunRow, agentRunRows } from '../../../projections/agents/queries.ts';
import { fullNames } from '../../../schemas/generated/records.ts';
import { Problem } from '../../shared/problems/problem.ts';
import type { StoredEvent } from '../../shared/read-model.ts';
import type { GatewayServices } from '../../shared/services.ts';

export type RunServices = Pick<GatewayServices, 'readModel' | 'agentRuns'>;

/** Time for which an unknown run is looked for in the log: another gateway may have answered its start just now. */
const CATCH_UP_MS = 1_000;

const endings: Readonly<Record<string, string>> = {
  [fullNames.AgentRunCompleted]: 'completed',
  [fullNames.AgentRunFailed]: 'failed',
  [fullNames.AgentRunCancelled]: 'cancelled',
};

/** Returns how an event ends a run; null when it does not. */
export const endingOf = ({ type }: Pick<StoredEvent, 'type'>): string | null => endings[type] ?? null;

/** A run as far as its start or end is known. */
export interface FoundRun {
  /** Null while the read model does not have it. */
  readonly row: AgentRunRow | null;
  /** Of the events that this process has read; null for none. */
  readonly end: StoredEvent | null;
  readonly place: string | null;
}

/** Resolves with a run of the tenant. Rejects with Problem RESOURCE_UNKNOWN when it has none of this id. */
export async function runOrUnknown(services: RunServices, tenantId: string, runId: string): Promise<FoundRun> {
  const { agentRuns, readModel } = services;
  const row = (await readModel.row(tenantId, agentRunRows, runId)) ?? null;
  const isHere = () => agentRuns.recent(tenantId, runId).some(({ type }) => type !== fullNames.AgentRunRefused);
  if (row === null && !isHere()) await agentRuns.catchUp(CATCH_UP_MS);
  if (row === null && !isHere()) throw new Problem('RESOURCE_UNKNOWN', `There is no run ${runId}`);
  const events = agentRuns.recent(tenantId, runId);
  const end = events.find((event) => endingOf(event) !== null) ?? null;
  return { row, end, place: row?.place ?? events[0]?.metadata['khipu_place'] ?? null };
}
