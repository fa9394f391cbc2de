import { describe, expect, it } from 'vitest';
import { LogError } from './errors.ts';
import type { TransactionBatch } from './port.ts';
import { RotatingTransactor, SLOTS, type Slot } from './rotating-transactor.ts';

const batch = (offset: number): TransactionBatch => ({
  records: [],
  group: 'g',
  offsets: [{ topic: 't', partition: 0, offset, metadata: '' }],
});

/** Slots that record their calls; `refuse` makes one of them reject. */
function bench(refuse: (slot: string, does: 'open' | 'commit') => Error | null = () => null) {
  const calls: string[] = [];
  const openSlot = async (id: string): Promise<Slot> => {
    calls.push(`open ${id}`);
    const refused = refuse(id, 'open');
    if (refused !== null) throw refused;
    return {
      commit: async ({ offsets }) => {
        calls.push(`commit ${id} ${offsets[0]?.offset}`);
        const error = refuse(id, 'commit');
        if (error !== null) throw error;
      },
      close: async () => void calls.push(`close ${id}`),
    };
  };
  return { calls, open: () => RotatingTransactor.open('id', openSlot) };
}

describe('the rotating transactor', () => {
  it('opens every slot before it resolves, and uses them in turn', async () => {
    const { calls, open } = bench();
    const transactor = await open();
    expect(calls).toEqual(['open id-0', 'open id-1', 'open id-2']);
    for (let offset = 0; offset <= SLOTS; offset += 1) await transactor.commit(batch(offset));
    expect(calls.slice(SLOTS)).toEqual(['commit id-0 0', 'commit id-1 1', 'commit id-2 2', 'commit id-0 3']);
  });

  it('does not use a slot for an empty transaction', async () => {
    const { calls, open } = bench();
    await (await open()).commit({ records: [], group: 'g', offsets: [] });
    expect(calls).toHaveLength(SLOTS);
  });

  it('commits records without offsets', async () => {
    const { calls, open } = bench();
    const transactor = await open();
    const record = { topic: 't', partition: 0, key: 'a', value: null, headers: {} };
    await transactor.commit({ records: [record], group: 'g', offsets: [] });
    expect(calls.slice(SLOTS)).toEqual(['commit id-0 undefined']);
  });

  it('closes the opened slots when one fails to open, opens no more, and passes on the error', async () => {
    const { calls, open } = bench((slot, does) =>
      slot === 'id-1' && does === 'open' ? new LogError('LOG_UNAVAILABLE', 'away') : null,
    );
    await expect(open()).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    expect(calls).toEqual(['open id-0', 'open id-1', 'close id-0']);
  });

  it('never commits again after a failure, on any slot', async () => {
    const { calls, open } = bench((slot, does) =>
      slot === 'id-1' && does === 'commit' ? new LogError('FENCED', 'a newer holder exists') : null,
    );
    const transactor = await open();
    await transactor.commit(batch(0));
    await expect(transactor.commit(batch(1))).rejects.toMatchObject({ code: 'FENCED' });
    await expect(transactor.commit(batch(2))).rejects.toMatchObject({ code: 'FENCED' });
    expect(calls.at(-1)).toBe('commit id-1 1');
  });

  it('keeps reporting its failure after close', async () => {
    const { open } = bench((_, does) => (does === 'commit' ? new LogError('FENCED', 'a newer holder exists') : null));
    const transactor = await open();
    await expect(transactor.commit(batch(0))).rejects.toMatchObject({ code: 'FENCED' });
    await transactor.close();
    await expect(transactor.commit(batch(1))).rejects.toMatchObject({ code: 'FENCED' });
  });

  it('reports a failure without a code as TRANSACTION_FAILED, and rejects every commit after close', async () => {
    const cause = new Error('broken pipe');
    const failing = await bench((_, does) => (does === 'commit' ? cause : null)).open();
    await expect(failing.commit(batch(0))).rejects.toMatchObject({
      ...{ code: 'TRANSACTION_FAILED', message: 'broken pipe', cause },
    });
    const { calls, open } = bench();
    const closed = await open();
    await closed.close();
    expect(calls.slice(SLOTS)).toEqual(['close id-0', 'close id-1', 'close id-2']);
    await expect(closed.commit(batch(0))).rejects.toMatchObject({ code: 'TRANSACTION_FAILED' });
  });
});
