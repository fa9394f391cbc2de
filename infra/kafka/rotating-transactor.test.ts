import { describe, expect, it } from 'vitest';
import { LogError } from './errors.ts';
import type { TransactionBatch } from './log.ts';
import { RotatingTransactor, SLOTS, type Slot } from './rotating-transactor.ts';

const batch = (offset: number): TransactionBatch => ({
  records: [],
  group: 'g',
  offsets: [{ topic: 't', partition: 0, offset, metadata: '' }],
});

/** Slots that tell what they are asked; `refuse` makes one of them reject. */
function bench(refuse: (slot: string, does: 'open' | 'commit') => Error | null = () => null) {
  const told: string[] = [];
  const openSlot = async (id: string): Promise<Slot> => {
    told.push(`open ${id}`);
    const refused = refuse(id, 'open');
    if (refused !== null) throw refused;
    return {
      commit: async ({ offsets }) => {
        told.push(`commit ${id} ${offsets[0]?.offset}`);
        const error = refuse(id, 'commit');
        if (error !== null) throw error;
      },
      close: async () => void told.push(`close ${id}`),
    };
  };
  return { told, open: () => RotatingTransactor.open('id', openSlot) };
}

describe('the rotating transactor', () => {
  it('opens every slot before it resolves, and uses them in turn', async () => {
    const { told, open } = bench();
    const transactor = await open();
    expect(told).toEqual(['open id-0', 'open id-1', 'open id-2']);
    for (let offset = 0; offset <= SLOTS; offset += 1) await transactor.commit(batch(offset));
    expect(told.slice(SLOTS)).toEqual(['commit id-0 0', 'commit id-1 1', 'commit id-2 2', 'commit id-0 3']);
  });

  it('asks no slot for a transaction of nothing', async () => {
    const { told, open } = bench();
    await (await open()).commit({ records: [], group: 'g', offsets: [] });
    expect(told).toHaveLength(SLOTS);
  });

  it('closes the slots that opened when one did not, opens no more, and tells why', async () => {
    const { told, open } = bench((slot, does) =>
      slot === 'id-1' && does === 'open' ? new LogError('LOG_UNAVAILABLE', 'away') : null,
    );
    await expect(open()).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    expect(told).toEqual(['open id-0', 'open id-1', 'close id-0']);
  });

  it('never commits again after a failure, on any slot', async () => {
    const { told, open } = bench((slot, does) =>
      slot === 'id-1' && does === 'commit' ? new LogError('FENCED', 'a newer holder exists') : null,
    );
    const transactor = await open();
    await transactor.commit(batch(0));
    await expect(transactor.commit(batch(1))).rejects.toMatchObject({ code: 'FENCED' });
    await expect(transactor.commit(batch(2))).rejects.toMatchObject({ code: 'FENCED' });
    expect(told.at(-1)).toBe('commit id-1 1');
  });

  it('calls a failure that has no code a failed transaction, and refuses everything once it is closed', async () => {
    const failing = await bench((_, does) => (does === 'commit' ? new Error('broken pipe') : null)).open();
    await expect(failing.commit(batch(0))).rejects.toMatchObject({
      code: 'TRANSACTION_FAILED',
      message: 'broken pipe',
    });
    const { told, open } = bench();
    const closed = await open();
    await closed.close();
    expect(told.slice(SLOTS)).toEqual(['close id-0', 'close id-1', 'close id-2']);
    await expect(closed.commit(batch(0))).rejects.toMatchObject({ code: 'TRANSACTION_FAILED' });
  });
});
