import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSse, type SseEvent } from '../../support/sse-client.ts';
import { essenceOf, sequencesOf, textOf } from '../../support/turn-text.ts';
import { type Harness, startHarness } from './support/harness.ts';

let platform: Harness;
beforeAll(async () => {
  // 100 words take four seconds: longer than another gateway takes to start.
  platform = await startHarness({ KHIPU_SLM_DETERMINISTIC_DELAY_MS: '40' });
});
afterAll(() => platform.close());

const PROMPT = '[[words:100]] Tell me of every knot.';
const deltasOf = (events: readonly SseEvent[]) => events.filter(({ event }) => event === 'turn.delta');

test('a gateway that starts in the middle of an answer shows the text so far, and resumes streams of other gateways', async () => {
  const { body: session } = await platform.api.start({ persona: 'guide', prompt: PROMPT });
  const url = (base: string) => new URL(session.turn_url, base).href;
  const before = await readSse(url(platform.url), session, (_, soFar) => deltasOf(soFar).length === 5);
  const late = await platform.another(['turns']);
  const [fresh, rest, whole] = await Promise.all([
    readSse(url(late.url), session),
    readSse(url(late.url), { ...session, lastEventId: before.at(-1)?.id ?? '' }),
    readSse(url(platform.url), session),
  ]);
  await late.close();
  expect(textOf(whole)).toBe(whole.at(-1)?.data['text']);
  expect(essenceOf(fresh)).toEqual(essenceOf(whole));
  expect(essenceOf([...before, ...rest])).toEqual(essenceOf(whole));
  // Not with the end only: the text of before its start comes at once, later text as it is written.
  for (const events of [fresh, rest]) expect(deltasOf(events).length).toBeGreaterThan(3);
  expect(String(deltasOf(fresh)[0]?.data['text']).length).toBeGreaterThanOrEqual(textOf(before).length);
});

test('a turn that is queued in the middle of an answer leaves both streams whole', async () => {
  const { body: session } = await platform.api.start({ persona: 'guide', prompt: '[[words:30]] One.' });
  const follow = new URL(`/v1/turn/${session.session_id}?follow=true`, platform.url).href;
  const isEnd = ({ event, data }: SseEvent): boolean =>
    event === 'turn.completed' && data['turn_id'] !== session.turn_id;
  const seen: SseEvent[] = [];
  let asked = false;
  // Cut after every event, so that each of them is resumed from.
  while (!seen.some(isEnd)) {
    seen.push(...(await readSse(follow, { ...session, lastEventId: seen.at(-1)?.id ?? '0' }, () => true)));
    if (!asked && deltasOf(seen).length === 3) {
      asked = true;
      await platform.api.turn(session, '[[words:10]] Two.');
    }
  }
  expect(seen.map(({ event }) => event).filter((name) => name !== 'turn.delta')).toEqual([
    ...['turn.queued', 'turn.started', 'turn.queued', 'turn.completed', 'turn.started', 'turn.completed'],
  ]);
  expect(sequencesOf(seen)).toEqual([2, 3, 4, 5, 6, 7]);
  const queuedAt = seen.findLastIndex(({ event }) => event === 'turn.queued');
  expect(deltasOf(seen.slice(queuedAt, -1)).some(({ data }) => data['turn_id'] === session.turn_id)).toBe(true);
  for (const turn of Map.groupBy(seen, ({ data }) => data['turn_id']).values())
    expect(textOf(turn)).toBe(turn.at(-1)?.data['text']);
});
