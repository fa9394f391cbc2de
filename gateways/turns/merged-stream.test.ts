import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Decoded } from '../../infra/kafka/envelope.ts';
import type { Position } from '../../infra/kafka/port.ts';
import {
  type AnyRecord,
  turnCompleted,
  turnDelta,
  turnFailed,
  turnQueued,
  turnStarted,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import type { Demand } from '../shared/stream/live-feed.ts';
import { Conversation } from './conversation.ts';
import { ConversationHub } from './hub.ts';
import { StreamCut } from './stream-cut.ts';
import { fromLog, isConversation, type StreamEvent, type StreamItem } from './stream-event.ts';
import { positionOf } from './stream-position.ts';

/*
 * A session of three turns, as the two topics have it: `a` is answered by a second attempt after the first was killed,
 * and `b` is queued in the middle of it; `b` fails at its deadline and has late deltas; `c` is answered at once.
 */
const usage = { modelId: 'm', finishReason: 'stop', tokensConsumed: { prompt: 1, completion: 1 } } as const;
const rest = { ...usage, latencyMs: 1, cost: null, toolCalls: [] };
const of = (turnId: string, sequence: number) => ({ sessionId: 's', turnId, sequence });
const asked = { prompt: 'p', model: null, maxTokens: 9, principal: 'p', decisionId: 'd' };
const ask = { ...asked, budget: null, persona: null, response: null };
const start = { prompt: 'p', model: null, deadline: null, budget: null };
const events: readonly AnyRecord[] = [
  turnQueued({ ...of('a', 1), position: 0, ...ask }),
  turnStarted({ recalled: null, ...of('a', 2), ...start }),
  turnQueued({ ...of('b', 3), position: 1, ...ask }),
  turnQueued({ ...of('c', 4), position: 2, ...ask }),
  turnCompleted({ moderation: null, recalled: null, ...of('a', 5), attempt: 2, text: 'the second try', ...rest }),
  turnStarted({ recalled: null, ...of('b', 6), ...start }),
  turnFailed({ ...of('b', 7), code: 'TURN_TIMEOUT', detail: '', refusal: null }),
  turnStarted({ recalled: null, ...of('c', 8), ...start }),
  turnCompleted({ moderation: null, recalled: null, ...of('c', 9), attempt: 1, text: 'knots', ...rest }),
];
const piece = (turnId: string, turnSequence: number, attempt: number, begin: number, text: string) =>
  turnDelta({ sessionId: 's', turnId, turnSequence, attempt, start: begin, text });
const deltas: readonly AnyRecord[] = [
  piece('a', 2, 1, 0, 'the fir'),
  piece('a', 2, 1, 7, 'st '),
  piece('a', 2, 2, 0, 'the '),
  piece('a', 2, 2, 4, 'second'),
  piece('a', 2, 2, 10, ' try'),
  piece('b', 6, 1, 0, 'never '),
  piece('b', 6, 1, 6, 'ready'),
  piece('c', 8, 1, 0, 'kno'),
  piece('c', 8, 1, 3, 'ts'),
];
const texts: Readonly<Record<string, string>> = { a: 'the second try', c: 'knots' };

const logged = (record: AnyRecord, topic: string, offset: number): Decoded =>
  ({
    record,
    meta: {
      id: `${topic}/${offset}`,
      topic,
      partition: 0,
      offset,
      tenantId: 'demo',
      timeMs: 1_000,
      value: new Uint8Array(),
    },
  }) as Decoded;
const eventsLog = events.map((record, offset) => logged(record, topics.conversationEvents.name, offset));
const deltasLog = deltas.map((record, offset) => logged(record, topics.conversationDeltas.name, offset));

/** A gateway whose tail began after the given records of each topic. */
class Gateway {
  readonly hub: ConversationHub;
  #listener: (event: Decoded) => void = () => undefined;
  #events: number;
  #deltas: number;

  constructor(eventsBefore: number, deltasBefore: number) {
    this.#events = eventsBefore;
    this.#deltas = deltasBefore;
    const began: Position[] = [{ topic: topics.conversationEvents.name, partition: 0, offset: eventsBefore }];
    const listen = (listener: (event: Decoded) => void) => {
      this.#listener = listener;
      return () => true;
    };
    this.hub = new ConversationHub({ began, listen } as unknown as ConstructorParameters<typeof ConversationHub>[0]);
  }

  /** Reads the next record of one of the topics; of the other one at the end of the first. Returns false at the end of both. */
  read(ofEvents: boolean): boolean {
    const next = (takesEvents: boolean): Decoded | undefined =>
      takesEvents ? eventsLog[this.#events++] : deltasLog[this.#deltas++];
    const record = next(ofEvents) ?? next(!ofEvents);
    if (record !== undefined) this.#listener(record);
    return record !== undefined;
  }

  /** The past events are complete in the log. */
  open(follow: boolean, lastEventId: string) {
    const cut = new StreamCut({ turnId: null, follow, has: positionOf(lastEventId) });
    const stop = new AbortController();
    const all = eventsLog.filter(isConversation).map((each): StreamEvent => fromLog(each));
    const conversation = new Conversation(
      {
        hub: this.hub,
        readModel: { conversationAfter: async () => ({ events: [], positions: [] }) },
        gapReader: {
          read: async ({ after }) => all.filter(({ sequence }) => sequence > after && sequence <= this.#events),
        },
      },
      { tenantId: 'demo', sessionId: 's', after: cut.readAfter, fresh: false, signal: stop.signal },
    );
    return { cut, conversation, stop };
  }
}

interface Shown {
  readonly id: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const shownOf = (frame: string): Shown => {
  const [, id = '', event = '', data = '{}'] = /^id: (.*)\nevent: (.*)\ndata: (.*)\n\n$/.exec(frame) ?? [];
  return { id, event, data: JSON.parse(data) as Shown['data'] };
};

/** Reads at a gateway, whose tail goes on by `choices`, until `count` events were shown or all was read. */
async function readSome(gateway: Gateway, seen: Shown[], follow: boolean, count: number, choices: readonly boolean[]) {
  const { cut, conversation, stop } = gateway.open(follow, seen.at(-1)?.id ?? '0');
  const upTo = seen.length + count;
  const take = (item: StreamItem): Demand => {
    // A client that is cut between two frames of one write has the first one.
    for (const frame of cut.take(item)) if (seen.length < upTo) seen.push(shownOf(frame));
    return seen.length < upTo ? 'more' : 'end';
  };
  const reading = (async () => {
    while (seen.length < upTo) {
      for await (const item of conversation.past()) if (take(item) === 'end') return;
      cut.caughtUp();
      if ((await conversation.live({ take, idle: () => 'more' })) === 'end') return;
    }
  })();
  for (const choice of choices) {
    await new Promise((resolve) => setImmediate(resolve));
    if (seen.length >= upTo || !gateway.read(choice)) break;
  }
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  await reading;
}

function expectWhole(seen: readonly Shown[]): void {
  const dense = seen.filter(({ event }) => event !== 'turn.delta');
  expect(dense.map(({ data }) => data['sequence'])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const running = new Map<string, { attempt: number; text: string }>();
  let open: string | null = null;
  for (const { event, data } of seen) {
    const turn = String(data['turn_id']);
    if (event === 'turn.started') open = turn;
    if (event === 'turn.delta') {
      expect(turn).toBe(open);
      const { attempt, text } = running.get(turn) ?? { attempt: 0, text: '' };
      const isAgain = Number(data['attempt']) > attempt;
      expect(data['start']).toBe(isAgain ? 0 : text.length);
      running.set(turn, { attempt: Number(data['attempt']), text: (isAgain ? '' : text) + String(data['text']) });
    }
    if (event === 'turn.completed') expect(running.get(turn)?.text).toBe(texts[turn]);
    if (event === 'turn.completed' || event === 'turn.failed') open = null;
  }
}

const choicesOf = fc.array(fc.boolean(), { minLength: 40, maxLength: 40 });

test('every event and the whole text of every answer come once, for any order of the topics and any cuts', async () => {
  const leg = fc.record({ count: fc.integer({ min: 1, max: 6 }), fresh: fc.boolean(), choices: choicesOf });
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.array(leg, { maxLength: 8 }),
      fc.nat(9),
      fc.nat(9),
      async (follow, legs, n, m) => {
        const seen: Shown[] = [];
        let gateway = new Gateway(0, 0);
        for (const { count, fresh, choices } of legs) {
          // A gateway that started later has none of the earlier records in memory.
          if (fresh) gateway = new Gateway(n, m);
          await readSome(gateway, seen, follow, count, choices);
        }
        await readSome(
          gateway,
          seen,
          true,
          99,
          Array.from({ length: 40 }, () => true),
        );
        expectWhole(seen);
      },
    ),
    { numRuns: 300 },
  );
});

test('a stream that is cut after each event, at a gateway that has only the end, is completed from there', async () => {
  const whole: Shown[] = [];
  const inOrder = [true, true, false, false, true, true, false, false, false, true, true, false, false, true, true];
  await readSome(new Gateway(0, 0), whole, true, 99, [...inOrder, ...Array.from({ length: 9 }, () => false)]);
  expectWhole(whole);
  expect(whole.filter(({ event }) => event === 'turn.delta').length).toBeGreaterThan(5);
  for (const at of whole.keys()) {
    for (const follow of [true, false]) {
      const seen = whole.slice(0, at + 1);
      await readSome(new Gateway(9, 9), seen, follow, 99, []);
      expectWhole(seen);
    }
  }
});
