import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allTopics, isDeadLetterTopic } from '../../../schemas/topics.ts';
import { ApiClient } from '../../support/api-client.ts';
import { type Harness, startHarness } from './support/harness.ts';

let platform: Harness;
beforeAll(async () => {
  platform = await startHarness();
});
afterAll(() => platform.close());

/** Partitions of a platform that has grown: its gateways choose among more places. */
const MORE_PARTITIONS = 256;
const hello = { persona: 'guide' };

interface Placed {
  readonly topic: string;
  readonly partition: number;
  readonly place: string | undefined;
}

/** Returns where the records of a key are, in topics that are partitioned by place. */
const placesOf = (key: string): readonly Placed[] =>
  allTopics
    .filter(({ name, partitionedBy }) => partitionedBy === 'place' && !isDeadLetterTopic(name))
    .flatMap(({ name }) =>
      platform.log
        .partitionsOf(name)
        .flatMap(({ partition }) => platform.log.fetch(name, partition, 0).records)
        .filter((record) => record.key === key)
        .map(({ topic, partition, headers }) => ({ topic, partition, place: headers['khipu_place'] })),
    );

/** Starts sessions until one has a place that the grown platform would not give it. */
async function sessionThatWouldMove(grown: ApiClient) {
  for (;;) {
    const key = crypto.randomUUID();
    const { body: session } = await platform.api.start(hello, { idempotencyKey: key });
    const other = await grown.start(hello, { idempotencyKey: `${key}-other` });
    const number = (token: string): number => Number(String(decodeJwt(token)['place']).split('/')[1]);
    // Another session of the grown platform shows that its gateway does choose among more places.
    if (number(other.body.token) >= 16) return { key, session };
  }
}

test('a session keeps its place at a gateway that chooses among more of them', async () => {
  const more = await platform.another(undefined, MORE_PARTITIONS);
  const grown = new ApiClient({ url: more.url, apiKey: platform.api.apiKey });
  const { key, session } = await sessionThatWouldMove(grown);
  const { place } = decodeJwt(session.token);
  expect(place).toMatch(/^demo\/(?:\d|1[0-5])$/);

  const turn = await grown.turn(session, 'What is a khipu?');
  expect(turn.status).toBe(202);
  const events = await grown.stream(session, turn.body.turn_url);
  expect(events.at(-1)?.event).toBe('turn.completed');
  const repeated = await grown.start(hello, { idempotencyKey: key });
  expect(repeated.status).toBe(201);
  expect(decodeJwt(repeated.body.token)['place']).toBe(place);
  const narrowed = await grown.call<{ token: string }>('POST', `/v1/sessions/${session.session_id}/tokens`, {
    token: session.token,
    body: { capabilities: ['slm:invoke:default'] },
  });
  expect(decodeJwt(narrowed.body.token)['place']).toBe(place);

  const records = placesOf(session.session_id);
  expect(new Set(records.map((record) => record.place))).toEqual(new Set([place]));
  expect(new Set(records.map(({ partition }) => partition)).size).toBe(1);
  // Figures are written later, for many records at once.
  const topicsOf = records.map(({ topic }) => topic).filter((topic) => topic !== 'analytics.events');
  expect(new Set(topicsOf)).toEqual(
    new Set([
      'sessions.commands',
      'policy.decisions',
      'sessions.events',
      'conversation.events',
      'conversation.deltas',
      'slm.responses',
      'slm.metrics',
    ]),
  );
  expect((await platform.readModel.session('demo', session.session_id))?.place).toBe(place);
  await more.close();
});

test('a request with the token of a session is in the place of the session', async () => {
  const { body: session } = await platform.api.start(hello);
  const { place } = decodeJwt(session.token);
  const answer = await platform.api.call<{ request_id: string }>('POST', '/v1/slm/infer_sync', {
    token: session.token,
    body: { prompt: 'What is a khipu?' },
  });
  expect(answer.status).toBe(200);
  expect(new Set(placesOf(answer.body.request_id).map((record) => record.place))).toEqual(new Set([place]));
});

test('the sessions of one tenant are spread over all partitions', async () => {
  const sessions = await Promise.all(Array.from({ length: 40 }, () => platform.api.start(hello)));
  const taken = sessions.flatMap(({ body }) => placesOf(body.session_id).map(({ partition }) => partition));
  expect([...new Set(taken)].sort()).toEqual([0, 1, 2, 3]);
});
