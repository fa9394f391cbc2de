import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApi } from '../../infra/client/api.ts';
import { eventsOf } from '../../infra/client/event-body.ts';
import { openResponse, type ResponseEvent } from '../../infra/client/response-events.ts';
import type { ApiClient, StartedJson } from '../support/api-client.ts';
import { type ExtraGateway, startExtraGateway } from '../support/extra-gateway.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { openSse, readSse, type SseEvent } from '../support/sse-client.ts';
import { essenceOf, recordedOf, sequencesOf, textOf } from '../support/turn-text.ts';
import { BUSY_MACHINE, clientOf, type FinishedTurn, namesOf, runTurn } from './support/turn-fixture.ts';

/** A word every 110 ms is a separate record: the worker gathers for 100 ms. So a turn lasts four seconds or longer. */
const WORD_MS = 110;
const WORDS = 40;
const PROMPT = `[[words:${WORDS}]] Tell me of every knot.`;

let platform: TestPlatform | undefined;
let further: ExtraGateway | undefined;
let api: ApiClient;
/** Run before the extra gateway started, so that the gateway knows it only from the log and the read model. */
let past: FinishedTurn;
beforeAll(async () => {
  platform = await startTestPlatform({
    env: { ...BUSY_MACHINE, KHIPU_SLM_DETERMINISTIC_DELAY_MS: String(WORD_MS) },
    apart: [],
  });
  api = clientOf(platform);
  past = await runTurn(api, PROMPT);
  further = await startExtraGateway(platform);
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
  const sequences = sequencesOf(events);
  expect(sequences).toEqual(sequences.map((_, at) => (sequences[0] ?? 0) + at));
  expect(recordedOf(events)).toHaveLength(3);
  expect(namesOf(events).at(-1)).toBe('turn.completed');
  expect(events.at(-1)?.data['text']).toBe(textOf(events));
  expect(textOf(events).split(' ')).toHaveLength(WORDS);
}

const numberOf = ({ data }: Pick<ResponseEvent, 'data'>): number => Number(data['sequence_number']);
const answerOf = (events: readonly ResponseEvent[]): string =>
  events.map(({ event, data }) => (event === 'response.output_text.delta' ? String(data['delta']) : '')).join('');

/** Reads events of a response behind a number, all of them or the first `count`; then its client leaves. */
async function readResponse(url: string, responseId: string, startingAfter?: number, count = Number.POSITIVE_INFINITY) {
  const events: ResponseEvent[] = [];
  const stream = { responseId, ...(startingAfter !== undefined && { startingAfter }) };
  for await (const event of await openResponse(createApi({ url, token: api.apiKey }), stream)) {
    events.push(event);
    if (events.length >= count) break;
  }
  return events;
}

/** Begins a response in the background, and leaves after some of its answer. Resolves with what the client has. */
async function beginResponse(url: string, deltas: number): Promise<ResponseEvent[]> {
  const gone = new AbortController();
  const { body } = await fetch(`${url}/v1/responses`, {
    ...{ method: 'POST', signal: gone.signal },
    headers: { authorization: `Bearer ${api.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'default', input: PROMPT, background: true, stream: true }),
  });
  const events: ResponseEvent[] = [];
  if (body === null) throw new Error('the response has no stream');
  for await (const { event, data } of eventsOf(body)) {
    events.push({ id: String(data['sequence_number']), event, data });
    if (events.filter((one) => one.event === 'response.output_text.delta').length === deltas) break;
  }
  gone.abort();
  return events;
}

describe('a response in the background', () => {
  test('outlives its client, and is resumed at another gateway from any number, without a gap or a repeat', async () => {
    const [here = '', there = ''] = gateways();
    const begun = await beginResponse(there, 3);
    const { id } = (begun[0]?.data['response'] ?? { id: '' }) as { readonly id: string };
    const resumed = readResponse(here, id, numberOf(begun.at(-1) ?? { data: {} }));
    const cuts = [1, 6, 12, 20].map(async (count, at) => {
      const [from, to] = at % 2 === 0 ? [here, there] : [there, here];
      const before = await readResponse(from, id, undefined, count);
      return [...before, ...(await readResponse(to, id, numberOf(before.at(-1) ?? { data: {} })))];
    });
    const rest = await resumed;
    // The client left in the middle of the answer: what it lacked came after it had gone.
    expect(rest.filter(({ event }) => event === 'response.output_text.delta').length).toBeGreaterThan(5);
    const { body } = await api.call<{ status: string; output: readonly { content: readonly { text: string }[] }[] }>(
      'GET',
      `/v1/responses/${id}`,
    );
    expect(body.status).toBe('completed');
    const text = body.output[0]?.content[0]?.text ?? '';
    expect(text.split(' ')).toHaveLength(WORDS);
    for (const events of [[...begun, ...rest], ...(await Promise.all(cuts))]) {
      expect(answerOf(events)).toBe(text);
      const numbers = events.map(numberOf);
      expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
      expect(events[0]?.event).toBe('response.created');
      expect(events.at(-1)?.event).toBe('response.completed');
    }
    expect(await readResponse(there, id, numberOf(rest.at(-1) ?? { data: {} }))).toEqual([]);
  });
});

describe('an interrupted stream', () => {
  test('resumes at another gateway while the turn runs, without gap or repeat, from any position', async () => {
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
    for (const events of await Promise.all(readers)) {
      expectWhole(events);
      expect(essenceOf(events)).toEqual(essenceOf(whole));
    }
    expect(cutInTime).toBeGreaterThan(WORDS / 2);
  });

  test('resumes after the turn has ended, from any position, at a gateway that never saw the turn', async () => {
    expectWhole(past.events);
    const { token } = past.session;
    const url = urlsOf(past.session)[1] ?? '';
    expect(essenceOf(await readSse(url, { token }))).toEqual(essenceOf(past.events));
    for (const [at, { id }] of past.events.entries()) {
      const rest = await readSse(url, { token, lastEventId: id });
      expect(essenceOf([...past.events.slice(0, at + 1), ...rest])).toEqual(essenceOf(past.events));
    }
    const nothingMore = await openSse(url, { token, lastEventId: past.events.at(-1)?.id ?? 0 });
    expect(nothingMore.status).toBe(204);
  });

  test('in follow mode sends the rest and then the next turn, the same at both gateways', async () => {
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
    const ofTurn = (events: readonly SseEvent[], turnId: string) =>
      events.filter(({ data }) => data['turn_id'] === turnId);
    const before = past.events.slice(0, middle + 1);
    expect(essenceOf([...before, ...ofTurn(one, past.turnId)])).toEqual(essenceOf(past.events));
    const again = await api.stream(past.session, next.turn_url);
    expect(essenceOf(ofTurn(one, next.turn_id))).toEqual(essenceOf(again));
    expect(essenceOf([...before, ...other])).toEqual(essenceOf([...before, ...one]));
  });

  test('is the same at two gateways that send it live', async () => {
    const session = await startLongTurn();
    const [one = [], other = []] = await Promise.all(urlsOf(session).map((url) => readSse(url, session)));
    expectWhole(one);
    expect(essenceOf(other)).toEqual(essenceOf(one));
  });

  test('ends at an event boundary when its gateway stops, and resumes at another one', async () => {
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
    expect(essenceOf(whole)).toEqual(essenceOf(await api.stream(session, session.turn_url)));
  });
});
