import { describe, expect, it } from 'vitest';
import type { RecallFilter } from '../../../schemas/contexts/memory/recall.ts';
import { TURN_RECALL_CHARS_MAX } from '../../../schemas/contexts/memory/turn-recall.ts';
import { type AskRecall, askRecall, type RecallAnswer } from '../../../schemas/generated/records.ts';
import { metaFor } from '../../../streams/kernel/testing.ts';
import type { AnyRecord, WorkContext } from '../../../streams/kernel.ts';
import { aTurn } from '../../../streams/testing.ts';
import type { KnownMemory } from '../../memory/own-memory.ts';
import { MemoryRecall } from '../../memory/recall.ts';
import { createTurnRecall } from './handler.ts';

type Stored = Pick<KnownMemory, 'memory_id' | 'space' | 'text'> & Partial<KnownMemory>;

const row = ({ memory_id, ...more }: Stored): KnownMemory => ({
  ...{ memory_id, place: null, status: 'kept', digest: `d-${memory_id}`, labels: [], tags: [], remembered_at: null },
  ...more,
});

/** Counts the words a, b and c of a text. */
const embedder = {
  model: 'letters',
  embed: (text: string) => ['a', 'b', 'c'].map((word) => text.split(' ').filter((each) => each === word).length),
};

/** Asks a worker whose read model has some memories. Returns its answer, and the filters of its queries. */
async function answerOf(stored: readonly Stored[], changes: Partial<AskRecall> = {}) {
  const rows = stored.map(row);
  const filters: RecallFilter[] = [];
  const recall = new MemoryRecall(
    {
      ids: async (_tenantId, filter) => {
        filters.push(filter);
        return rows.filter(({ space }) => space === filter.space).map(({ memory_id: id }) => id);
      },
      vectors: async (_tenantId, ids) =>
        rows
          .filter(({ memory_id: id }) => ids.includes(id))
          .map(({ memory_id, text }) => ({ memory_id, vector: '', text: text ?? '' })),
    },
    embedder as unknown as ConstructorParameters<typeof MemoryRecall>[1],
  );
  const byIds = async (_tenantId: string, ids: readonly string[]) =>
    rows.filter(({ memory_id: id }) => ids.includes(id));
  const command = aTurn('t', { prompt: 'a a b' });
  const question = askRecall({
    ...{ subjectId: 's', commandId: 'c', command, query: 'a a b', spaces: ['team'], k: 3, asOf: 1_000, ...changes },
  });
  const ends: AnyRecord[] = [];
  const context = {
    ...{ meta: metaFor(question), attempt: 1, signal: new AbortController().signal },
    end: (...records: AnyRecord[]) => void ends.push(...records),
  } as unknown as WorkContext;
  const worker = createTurnRecall({ recall, byIds });
  return { worker, question, context, filters, ends };
}

async function recalled(stored: readonly Stored[], changes: Partial<AskRecall> = {}) {
  const { worker, question, context, filters, ends } = await answerOf(stored, changes);
  await worker.handle(question, context);
  const [end] = ends;
  if (end?.type !== 'RecallAnswered' || ends.length !== 1) throw new Error('expected one answer');
  return { answer: end.data.answer, filters, command: end.data.command, question };
}
const idsOf = ({ memories }: RecallAnswer) => memories.map(({ memoryId }) => memoryId);

describe('the memories of a turn', () => {
  const stored: readonly Stored[] = [
    { memory_id: 'far', space: 'team', text: 'c' },
    { memory_id: 'near', space: 'team', text: 'a a b', labels: ['untrusted'] },
    { memory_id: 'board', space: 'board', text: 'a b' },
  ];

  it('are the nearest of all its spaces, with their digests and labels', async () => {
    const { answer, filters, command, question } = await recalled(stored, { spaces: ['team', 'board'], k: 2 });
    expect(idsOf(answer)).toEqual(['near', 'board']);
    expect(answer).toMatchObject({ outcome: 'recalled', model: 'letters', compared: 3 });
    expect(answer.memories[0]).toMatchObject({ space: 'team', digest: 'd-near', labels: ['untrusted'], text: 'a a b' });
    expect(filters.map(({ space, asOf }) => [space, asOf?.getTime()])).toEqual([
      ['team', 1_000],
      ['board', 1_000],
    ]);
    expect(command).toEqual(question.data.command);
  });

  it('are only of the spaces that it names, and none that were forgotten meanwhile', async () => {
    expect(idsOf((await recalled(stored)).answer)).toEqual(['near', 'far']);
    const forgotten = stored.map((each) => ({ ...each, status: each.memory_id === 'near' ? 'forgotten' : 'kept' }));
    expect(idsOf((await recalled(forgotten)).answer)).toEqual(['far']);
  });

  it('are whole, and leave out those that do not fit', async () => {
    const long = `a a b ${'x'.repeat(TURN_RECALL_CHARS_MAX)}`;
    expect(idsOf((await recalled([{ memory_id: 'long', space: 'team', text: long }, ...stored])).answer)).toEqual([
      'near',
      'far',
    ]);
  });

  it('are unavailable after the last attempt, with the cause', async () => {
    const { worker, question, context, ends } = await answerOf([]);
    await worker.abandon(question, context, new Error('Postgres does not answer'));
    expect(ends).toMatchObject([
      { data: { answer: { outcome: 'unavailable', memories: [], detail: 'Postgres does not answer' } } },
    ]);
  });
});
