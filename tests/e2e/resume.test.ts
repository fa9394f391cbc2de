import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiClient, StartedJson } from '../support/api-client.ts';
import { type FurtherGateway, startFurtherGateway } from '../support/further-gateway.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { openSse, readSse, type SseEvent } from '../support/sse-client.ts';
import { BUSY_MACHINE, clientOf, namesOf, type TakenTurn, takeTurn, textOf } from './support/taken-turn.ts';

/** A piece each 30 ms is a record of its own: the worker gathers for 25 ms. So a turn lasts two seconds or longer. */
const WORD_MS = 30;
const WORDS = 60;
const PROMPT = `[[words:${WORDS}]] Tell me of every knot.`;

let platform: TestPlatform | undefined;
let further: FurtherGateway | undefined;
let api: ApiClient;
/** Taken before the further gateway was there, so that it knows of it only what it reads. */
let past: TakenTurn;
beforeAll(async () => {
  platform = await startTestPlatform({ env: { ...BUSY_MACHINE, KHIPU_SLM_DETERMINISTIC_DELAY_MS: String(WORD_MS) } });
  api = clientOf(platform);
  past = await takeTurn(api, PROMPT);
  further = await startFurtherGateway(platform);
});
afterAll(async () => {
  await further?.stop();
  await platform?.stop();
});

const gateways = (): readonly string[] => [api.url, further?.url ?? ''];
const urlsOf = (session: StartedJson): readonly string[] =>
  gateways().map((gateway) => new URL(session.turn_url, gateway).href);

async function startLongTurn(): Promise<StartedJson> {
  const { status, body } = await api.start({ persona: 'guide', prompt: PROMPT });
  expect(status).toBe(201);
  return body;
}

function expectWhole(events: readonly SseEvent[]): void {
  const first = Number(events[0]?.id);
  expect(events.map(({ id }) => Number(id))).toEqual(events.map((_, at) => first + at));
  expect(namesOf(events).at(-1)).toBe('turn.completed');
  expect(events.at(-1)?.data['text']).toBe(textOf(events));
  expect(textOf(events).split(' ')).toHaveLength(WORDS);
}

describe('a stream that is cut', () => {
  test('goes on at another gateway while the turn runs, with no gap and no repeat, wherever it was cut', async () => {
    const session = await startLongTurn();
    const { token } = session;
    const [here = '', there = ''] = urlsOf(session);
    let over = false;
    let cutInTime = 0;
    const cutAt = async (count: number, from: string, to: string): Promise<SseEvent[]> => {
      const before = await readSse(from, { token }, (_, soFar) => soFar.length === count);
      if (!over) cutInTime += 1;
      const rest = await readSse(to, { token, lastEventId: before.at(-1)?.id ?? 0 });
      return [...before, ...rest];
    };
    const readers = Array.from({ length: WORDS }, (_, at) =>
      at % 2 === 0 ? cutAt(at + 1, here, there) : cutAt(at + 1, there, here),
    );
    const whole = await readSse(here, { token });
    over = true;
    expectWhole(whole);
    for (const events of await Promise.all(readers)) expect(events).toEqual(whole);
    expect(cutInTime).toBeGreaterThan(WORDS / 2);
  });

  test('goes on after the turn has ended, from any position, at a gateway that never saw the turn', async () => {
    expectWhole(past.events);
    const { token } = past.session;
    const url = urlsOf(past.session)[1] ?? '';
    expect(await readSse(url, { token })).toEqual(past.events);
    for (const [at, { id }] of past.events.entries())
      expect(await readSse(url, { token, lastEventId: id })).toEqual(past.events.slice(at + 1));
    const nothingMore = await openSse(url, { token, lastEventId: past.events.at(-1)?.id ?? 0 });
    expect(nothingMore.status).toBe(204);
  });

  test('and followed shows the rest and then the next turn, alike at both gateways', async () => {
    const { token } = past.session;
    const middle = Math.floor(past.events.length / 2);
    const untilNextEnds = (event: SseEvent): boolean =>
      event.event === 'turn.completed' && event.data['turn_id'] !== past.turnId;
    const url = `/v1/turn/${past.sessionId}?follow=true`;
    const following = gateways().map((gateway) =>
      readSse(new URL(url, gateway).href, { token, lastEventId: past.events[middle]?.id ?? 0 }, untilNextEnds),
    );
    const { body: next } = await api.turn(past.session, 'And who could read them?');
    const [one = [], other = []] = await Promise.all(following);
    const rest = past.events.slice(middle + 1);
    expect(one.slice(0, rest.length)).toEqual(rest);
    expect(one.slice(rest.length)).toEqual(await api.stream(past.session, next.turn_url));
    expect(other).toEqual(one);
  });

  test('is the same at two gateways that show it live', async () => {
    const session = await startLongTurn();
    const [one = [], other = []] = await Promise.all(urlsOf(session).map((url) => readSse(url, session)));
    expectWhole(one);
    expect(other).toEqual(one);
  });

  test('by a gateway that stops is ended at an event, and goes on at another one', async () => {
    const session = await startLongTurn();
    const [here = '', there = ''] = urlsOf(session);
    let stopping: Promise<void> | undefined;
    const before = await readSse(there, session, (_, soFar) => {
      if (soFar.length === 5) stopping = further?.stop();
      return false;
    });
    await stopping;
    const lastEventId = before.at(-1)?.id ?? 0;
    const whole = [...before, ...(await readSse(here, { ...session, lastEventId }))];
    expect(before.length).toBeLessThan(whole.length);
    expectWhole(whole);
    expect(whole).toEqual(await api.stream(session, session.turn_url));
  });
});
