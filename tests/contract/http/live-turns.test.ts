import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProblemJson, StartedJson } from '../../support/api-client.ts';
import { openSse, type SseEvent } from '../../support/sse-client.ts';
import { type Harness, startHarness } from './support/harness.ts';

let platform: Harness;
beforeAll(async () => {
  platform = await startHarness({ KHIPU_SLM_DETERMINISTIC_DELAY_MS: '2' });
});
afterAll(() => platform.close());

const open = (token: string | null, url = platform.url) => openSse(`${url}/v1/turns`, { token });
const start = async (api = platform.api): Promise<StartedJson> =>
  (await api.start({ persona: 'guide', prompt: 'What is a khipu?' })).body;
const isEnd = ({ event }: SseEvent): boolean => ['turn.completed', 'turn.failed', 'turn.refused'].includes(event);

/** Reads a stream until `count` turns have ended. */
async function untilEnds(stream: Awaited<ReturnType<typeof open>>, count: number): Promise<readonly SseEvent[]> {
  const seen: SseEvent[] = [];
  for await (const event of stream.events()) {
    seen.push(event);
    if (seen.filter(isEnd).length === count) break;
  }
  stream.cut();
  return seen;
}

describe('the stream of a tenant', () => {
  test('shows the turns of all its sessions as they happen, with their text', async () => {
    const stream = await open(platform.api.apiKey);
    expect([stream.status, stream.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    const sessions = await Promise.all([start(), start(), start()]);
    const seen = await untilEnds(stream, 3);
    for (const { session_id, turn_id } of sessions) {
      const mine = seen.filter(({ data }) => data['session_id'] === session_id);
      const names = mine.map(({ event }) => event);
      expect(names.filter((name) => name !== 'turn.delta')).toEqual(['turn.queued', 'turn.started', 'turn.completed']);
      expect(mine.every(({ data }) => data['turn_id'] === turn_id)).toBe(true);
      const text = mine.filter(({ event }) => event === 'turn.delta').map(({ data }) => String(data['text']));
      expect(String(mine.at(-1)?.data['text'])).toContain(text.join(''));
      expect(text.length).toBeGreaterThan(1);
    }
  });

  test('shows a start that was refused, with its decision', async () => {
    const stream = await open(platform.api.apiKey);
    const refused = await platform.api.start({ persona: 'nobody' });
    expect(refused.status).toBe(403);
    for await (const { event, data } of stream.events()) {
      if (event !== 'session.refused') continue;
      expect(data).toMatchObject({ code: refused.body.code, decision: { outcome: 'deny' } });
      break;
    }
    stream.cut();
  });

  test('shows no turn of another tenant', async () => {
    const [ours, theirs] = await Promise.all([open(platform.api.apiKey), open(platform.acme.apiKey)]);
    const [mine, other] = await Promise.all([start(), start(platform.acme)]);
    const [seen, seenThere] = await Promise.all([untilEnds(ours, 1), untilEnds(theirs, 1)]);
    expect(new Set(seen.map(({ data }) => data['session_id']))).toEqual(new Set([mine.session_id]));
    expect(new Set(seenThere.map(({ data }) => data['session_id']))).toEqual(new Set([other.session_id]));
  });

  test('is shown by every gateway, and begins with what happens then', async () => {
    const earlier = await start();
    await platform.api.stream(earlier, earlier.turn_url);
    const another = await platform.another(['turns']);
    const stream = await open(platform.api.apiKey, another.url);
    const later = await start();
    const seen = await untilEnds(stream, 1);
    expect(new Set(seen.map(({ data }) => data['session_id']))).toEqual(new Set([later.session_id]));
    await another.close();
  });

  test('is not shown to the holder of a session token, and without credentials', async () => {
    const { token } = await start();
    expect((await open(token)).problem).toMatchObject({
      code: 'CREDENTIAL_NOT_ALLOWED',
    } satisfies Partial<ProblemJson>);
    expect((await open(null)).problem).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('ends with the gateway', async () => {
    const another = await platform.another(['turns']);
    const stream = await open(platform.api.apiKey, another.url);
    const rest = (async () => {
      for await (const _ of stream.events());
    })();
    await another.close();
    await expect(rest).resolves.toBeUndefined();
  });
});
