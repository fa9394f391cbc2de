import type { Logged } from '../../../streams/kernel/driver-log.ts';
import type { AnyRecord, RecordOf } from '../../../streams/kernel.ts';
import { Violation } from '../violation.ts';

type End = RecordOf<'AgentRunCompleted' | 'AgentRunFailed' | 'AgentRunCancelled'>['type'];
const ends: ReadonlySet<string> = new Set<End>(['AgentRunCompleted', 'AgentRunFailed', 'AgentRunCancelled']);

/** Returns what happens at most once, by a name; null for any other record. */
function onceOf(record: AnyRecord): string | null {
  switch (record.type) {
    case 'AgentRunStarted':
      return `start of ${record.data.runId}`;
    case 'AgentStepStarted':
      return `request ${record.data.requestId}`;
    case 'AgentStepCompleted':
      return `step ${record.data.step} of ${record.data.runId}`;
    case 'AgentCallEnded':
      return `end of call ${record.data.callId}`;
    case 'SlmRequested':
      return `request ${record.data.requestId} to a model`;
    case 'CallTool':
      return record.data.runId === null ? null : `call ${record.data.callId}`;
    case 'StartChildAgentRun':
      return `child ${record.data.runId}`;
    default:
      return null;
  }
}

/** A run that has begun ends with exactly one event, the last one; no step and no call of it is made again. */
export function checkRuns(log: readonly Logged[]): void {
  const ended = new Map<string, boolean>();
  const done = new Set<string>();
  const asked = new Map<string, string>();
  for (const { record, meta } of log) {
    const once = onceOf(record);
    if (once !== null && done.has(once)) throw new Violation('run-ends-once', `${once} is there twice`);
    if (once !== null) done.add(once);
    if (record.type === 'AgentStepCompleted')
      for (const { callId } of record.data.calls) asked.set(callId, record.data.runId);
    if (record.type === 'AgentCallEnded') asked.delete(record.data.callId);
    if (meta.topic !== 'agents.events' || record.type === 'AgentRunRefused') continue;
    const { runId } = record.data as { readonly runId: string };
    if (ended.get(runId) === true)
      throw new Violation('run-ends-once', `run ${runId} has ${record.type} after its end`);
    ended.set(runId, ends.has(record.type));
    if (record.type !== 'AgentRunCompleted') continue;
    const open = [...asked].find(([, of]) => of === runId);
    if (open !== undefined) throw new Violation('run-ends-once', `run ${runId} completed without call ${open[0]}`);
  }
  for (const [runId, hasEnded] of ended) if (!hasEnded) throw new Violation('comes-to-rest', `run ${runId} has no end`);
}
