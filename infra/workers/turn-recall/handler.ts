import type { RecallFilter } from '../../../schemas/contexts/memory/recall.ts';
import { TURN_RECALL_CHARS_MAX } from '../../../schemas/contexts/memory/turn-recall.ts';
import { type RecallAnswer, type RecalledMemory, recallAnswered } from '../../../schemas/generated/records.ts';
import type { RecordOf, WorkContext } from '../../../streams/kernel.ts';
import { messageOf } from '../../kit/errors.ts';
import type { OwnMemoryParts } from '../../memory/own-memory.ts';

type Question = RecordOf<'AskRecall'>;

/** Runs questions for memories. */
export interface TurnRecallHandler {
  /** Ends in one answer. Rejects when another run may help. */
  handle(question: Question, context: WorkContext): Promise<void>;
  /** Ends with the answer of a failure. */
  abandon(question: Question, context: WorkContext, error: unknown): Promise<void>;
}

const answered = ({ data: { subjectId, commandId, command } }: Question, answer: RecallAnswer) =>
  recallAnswered({ subjectId, commandId, command, answer });

/** Returns the nearest memories that fit into a turn, whole ones alone; equal ones by their ids. */
function fitting(found: readonly RecalledMemory[], k: number): readonly RecalledMemory[] {
  const nearest = found.toSorted((one, other) => other.score - one.score || (one.memoryId < other.memoryId ? -1 : 1));
  let chars = 0;
  const fit: RecalledMemory[] = [];
  for (const memory of nearest) {
    if (fit.length === k) break;
    if (chars + memory.text.length > TURN_RECALL_CHARS_MAX) continue;
    chars += memory.text.length;
    fit.push(memory);
  }
  return fit;
}

/**
 * Returns the handler of the worker `turn-recall`: it reads the read model of memories under row-level security, and writes nothing
 * but its answer.
 */
export function createTurnRecall({ recall, byIds }: Pick<OwnMemoryParts, 'recall' | 'byIds'>): TurnRecallHandler {
  async function inSpace(tenantId: string, space: string, { query, k, asOf }: Question['data']) {
    const at = new Date(asOf);
    const filter: RecallFilter = {
      ...{ space, asOf: at, validAt: at, labels: [], withoutLabels: [], tags: [], metadata: {} },
    };
    const { hits, compared } = await recall.find(tenantId, query, k, filter);
    const known = await byIds(
      tenantId,
      hits.map(({ memoryId }) => memoryId),
    );
    const rows = new Map(known.map((row) => [row.memory_id, row]));
    const memories = hits.flatMap(({ memoryId, score }): RecalledMemory[] => {
      const row = rows.get(memoryId);
      // Forgotten since its vector was compared.
      if (row === undefined || row.status !== 'kept' || row.text === null || row.digest === null) return [];
      return [{ memoryId, space, digest: row.digest, text: row.text, labels: row.labels ?? [], score }];
    });
    return { memories, compared };
  }

  return {
    async handle(question, context) {
      const { data } = question;
      const found = await Promise.all(data.spaces.map((space) => inSpace(context.meta.tenantId, space, data)));
      const answer: RecallAnswer = {
        outcome: 'recalled',
        memories: fitting(
          found.flatMap(({ memories }) => memories),
          data.k,
        ),
        ...{ model: recall.model, compared: found.reduce((sum, { compared }) => sum + compared, 0), detail: '' },
      };
      context.end(answered(question, answer));
    },
    abandon: async (question, context, error) =>
      context.end(
        answered(question, {
          ...{ outcome: 'unavailable', memories: [], model: '', compared: 0, detail: messageOf(error).slice(0, 500) },
        }),
      ),
  };
}
