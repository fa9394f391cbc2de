import { afterAll, beforeAll, expect, test } from 'vitest';
import { allTopics, auditedTopics, storedTopics, topics } from '../../../schemas/topics.ts';
import { recordedOf } from '../../support/turn-text.ts';
import { type Harness, startHarness } from './support/harness.ts';

const WORD_MS = 20;
let platform: Harness;
beforeAll(async () => {
  platform = await startHarness({ KHIPU_SLM_DETERMINISTIC_DELAY_MS: `${WORD_MS}` });
});
afterAll(() => platform.close());

const deltas = topics.conversationDeltas.name;

/** Returns the number of records in each topic. */
async function recordsByTopic(): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>(allTopics.map(({ name }) => [name, 0]));
  const from = (await platform.log.watermarks(allTopics.map(({ name }) => name))).map(
    ({ topic, partition, low: offset }) => ({ topic, partition, offset }),
  );
  const onBatch = async ({ topic, records }: { readonly topic: string; readonly records: readonly unknown[] }) =>
    void counts.set(topic, (counts.get(topic) ?? 0) + records.length);
  await platform.log.readTo({ from, onBatch });
  return counts;
}

/** Waits until no topic has grown for half a second. */
async function settled(): Promise<ReadonlyMap<string, number>> {
  for (let before = await recordsByTopic(); ; ) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const now = await recordsByTopic();
    if (JSON.stringify([...now]) === JSON.stringify([...before])) return now;
    before = now;
  }
}

async function turnOf(words: number) {
  const before = await settled();
  const began = performance.now();
  const { body } = await platform.api.start({ persona: 'guide', prompt: `[[words:${words}]] Tell me.` });
  const events = await platform.api.stream(body, body.turn_url);
  const ms = performance.now() - began;
  const after = await settled();
  const added = new Map([...after].map(([topic, count]) => [topic, count - (before.get(topic) ?? 0)]));
  return { events, ms, added };
}

test('a longer answer adds deltas, ten a second at most, and no other record', async () => {
  const [short, long] = [await turnOf(5), await turnOf(80)];
  // The state of policy is by place: a turn in a new place writes one more.
  const others = allTopics
    .map(({ name }) => name)
    .filter((name) => name !== deltas && name !== topics.policyState.name);
  for (const topic of others) expect([topic, long.added.get(topic)]).toEqual([topic, short.added.get(topic)]);
  const written = long.added.get(deltas) ?? 0;
  expect(written).toBeGreaterThan(3);
  // One at once, one per 100 ms, and the rest at the end.
  expect(written).toBeLessThanOrEqual(2 + long.ms / 100);
});

test('three events of a stream are in conversation.events, which is audited and stored; its deltas are in neither', async () => {
  const { events } = await turnOf(5);
  expect(recordedOf(events)).toHaveLength(3);
  for (const list of [auditedTopics, storedTopics]) {
    expect(list.map(({ name }) => name)).toContain(topics.conversationEvents.name);
    expect(list.map(({ name }) => name)).not.toContain(deltas);
  }
});
