import type { Logged } from '../../../streams/kernel/driver-log.ts';
import type { RecordOf } from '../../../streams/kernel.ts';
import { Violation } from '../violation.ts';
import { kindOf } from './catalogue.ts';
import { checkApprovals } from './check-approvals.ts';
import { checkMemories } from './check-memories.ts';
import { checkRuns } from './check-runs.ts';
import type { World } from './world.ts';

/** What the log has about one call. */
interface Call {
  readonly ran: RecordOf<'RunToolCall'>['data'][];
  readonly ends: (RecordOf<'ToolCallCompleted'> | RecordOf<'ToolCallRefused'>)[];
  effect: string;
}

/** Throws the first violation in the history of a world that has come to rest. */
export function check(world: World): void {
  for (const { error } of world.driver.deadLetters) throw error;
  const log = world.driver.records();
  const calls = callsOf(log);
  for (const [callId, call] of calls) checkCall(callId, call, world);
  for (const { callId, arguments: given } of world.outside.effects)
    if (calls.get(callId)?.ran.some((run) => run.arguments === given) !== true)
      throw new Violation('effect-as-decided', `call ${callId} took effect with ${given}, which was not decided on`);
  checkApprovals(log);
  checkRuns(log);
  checkMemories(log);
}

function callsOf(log: readonly Logged[]): ReadonlyMap<string, Call> {
  const calls = new Map<string, Call>();
  const of = (callId: string): Call => {
    const call = calls.get(callId) ?? { ran: [], ends: [], effect: 'read' };
    calls.set(callId, call);
    return call;
  };
  for (const { record } of log)
    switch (record.type) {
      case 'CallTool':
        of(record.data.callId).effect = record.data.effect;
        break;
      case 'RunToolCall':
        of(record.data.callId).ran.push(record.data);
        break;
      case 'ToolCallCompleted':
      case 'ToolCallRefused':
        of(record.data.callId).ends.push(record);
        break;
      default:
        break;
    }
  return calls;
}

/** A call ends; an irreversible one once, with at most one effect. No outcome claims more than happened. */
function checkCall(callId: string, { ran, ends, effect }: Call, world: World): void {
  const effects = world.outside.effects.filter((each) => each.callId === callId).length;
  const [end] = ends;
  if (end === undefined) throw new Violation('comes-to-rest', `call ${callId} has no end`);
  if (effect === 'irreversible') {
    if (effects > 1) throw new Violation('effect-once', `call ${callId} took effect ${effects} times`);
    if (ran.length > 1) throw new Violation('effect-once', `call ${callId} was requested ${ran.length} times`);
    if (ends.filter(({ type }) => type === 'ToolCallCompleted').length > 1)
      throw new Violation('effect-once', `call ${callId} completed ${ends.length} times`);
  }
  // A repeat of the command of a read or a write may run the call again: one effect may be that of another run.
  if (end.type !== 'ToolCallCompleted' || ran.length !== 1) return;
  const { outcome, toolId } = end.data;
  const isOutside = kindOf(toolId.slice('demo/'.length))?.adapter === undefined;
  if (outcome === 'succeeded' && isOutside && effects === 0)
    throw new Violation('effect-as-decided', `call ${callId} succeeded, and nothing took effect`);
  if (outcome === 'failed' && effect !== 'read' && effects > 0)
    throw new Violation('effect-as-decided', `call ${callId} failed, and took effect`);
}
