import { memoriesTable, memory, supersessionsTable } from '../../../projections/memory/projection.ts';
import { rowsOf } from '../../../projections/testing/apply.ts';
import { topics } from '../../../schemas/topics.ts';
import type { Logged } from '../../../streams/kernel/driver-log.ts';
import { Violation } from '../violation.ts';

/** Memories are kept once, and never after they were forgotten; the rows of the read model say the same as the log. */
export function checkMemories(log: readonly Logged[]): void {
  const records = log.flatMap(({ record, meta }) => (meta.topic === topics.memoryEvents.name ? [record] : []));
  const known = new Map<string, { text: string; isKept: boolean }>();
  const superseded = new Set<string>();
  for (const { type, data } of records) {
    if (type === 'MemoryRemembered') {
      if (known.has(data.memoryId)) throw new Violation('memory-is-fold', `memory ${data.memoryId} is kept again`);
      known.set(data.memoryId, { text: data.text, isKept: true });
      for (const id of data.supersedes) superseded.add(`${id} by ${data.memoryId}`);
    } else if (type === 'MemoryForgotten') {
      if (known.get(data.memoryId)?.isKept !== true)
        throw new Violation('memory-is-fold', `memory ${data.memoryId} is forgotten, and was not kept`);
      known.set(data.memoryId, { text: '', isKept: false });
    }
  }
  checkOutputs(log, known);
  const wanted = [...known].map(([id, { text, isKept }]) => `${id} ${isKept ? 'kept' : 'forgotten'} ${text}`).sort();
  const rows = rowsOf(memory, records, memoriesTable.name)
    .map((row) => `${row['memory_id']} ${row['status']} ${row['text']}`)
    .sort();
  if (rows.join() !== wanted.join()) throw new Violation('memory-is-fold', `rows ${rows}, log ${wanted}`);
  const links = rowsOf(memory, records, supersessionsTable.name)
    .map((row) => `${row['superseded_id']} by ${row['memory_id']}`)
    .sort();
  if (links.join() !== [...superseded].sort().join())
    throw new Violation('memory-is-fold', `rows ${links}, log ${[...superseded]}`);
}

/** What a call that succeeded has remembered is kept, or was forgotten since. */
function checkOutputs(log: readonly Logged[], known: ReadonlyMap<string, unknown>): void {
  for (const { record } of log) {
    if (record.type !== 'ToolCallCompleted' || record.data.toolId !== 'demo/khipu.memory') continue;
    const { outcome, output, callId } = record.data;
    if (outcome !== 'succeeded' || output === null) continue;
    const { memory_id: id } = JSON.parse(output) as { readonly memory_id: string };
    if (!known.has(id)) throw new Violation('memory-is-fold', `memory ${id} of call ${callId} is lost`);
  }
}
