import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SomaBrain } from '../somabrain/types.ts';

/** A service of the interface, and a client of it. */
export interface SomaBrainUnderTest {
  readonly client: SomaBrain;
  /** Ids of two memories, for a link. */
  readonly twoIds: () => Promise<readonly [string, string]>;
  close(): Promise<void>;
}

const OFFICE = 'The office in Cusco closes at six.';

/** The suite that every service of the interface of SomaBrain passes. */
export function describeSomaBrain(name: string, open: () => Promise<SomaBrainUnderTest>): void {
  describe(`the client of ${name}`, () => {
    let under: SomaBrainUnderTest;
    let client: SomaBrain;
    beforeAll(async () => {
      under = await open();
      ({ client } = under);
    });
    afterAll(() => under?.close());

    it('recalls what was remembered, the nearest first', async () => {
      const kept = await client.remember({ text: OFFICE, universe: 'contract', tags: ['office'] });
      expect(kept.namespace).toBe('contract');
      await client.remember({ text: 'Llamas eat grass.', universe: 'contract' });
      const { memories, namespace } = await client.recall({
        query: 'the office in Cusco',
        universe: 'contract',
        top_k: 2,
      });
      expect([namespace, memories.map(({ text }) => text)]).toEqual(['contract', [OFFICE, 'Llamas eat grass.']]);
      expect(memories[0]?.score).toBeGreaterThan(memories[1]?.score ?? 1);
      expect(memories[0]?.memoryId).toBe(kept.memoryId);
    });

    it('keeps a text once for one idempotency key', async () => {
      for (const _ of [1, 2])
        await client.remember({ text: 'Once.', universe: 'once' }, { idempotencyKey: 'contract-1' });
      expect((await client.recall({ query: 'once', universe: 'once' })).memories).toHaveLength(1);
    });

    it('retrieves for a prompt, links, and shows a persona', async () => {
      await client.remember({ text: OFFICE, universe: 'rag' });
      expect((await client.ragRetrieve({ query: 'office', universe: 'rag' })).memories.map(({ text }) => text)).toEqual(
        [OFFICE],
      );
      const [from_key, to_key] = await under.twoIds();
      await client.link({ from_key, to_key, type: 'supports' });
      expect((await client.persona('guide')).id).toBe('guide');
    });

    it('says clearly what is refused', async () => {
      await expect(client.persona('not-there')).rejects.toMatchObject({ code: 'SOMABRAIN_REFUSED', status: 404 });
    });

    it('ends with the reason of its signal', async () => {
      const reason = new Error('enough');
      await expect(client.recall({ query: 'x' }, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    });

    it('reports its health', async () => {
      expect(await client.health()).toMatchObject({ ok: true });
    });
  });
}
