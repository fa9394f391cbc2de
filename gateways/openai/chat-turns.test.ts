import { expect, it } from 'vitest';
import type { Decoded } from '../../infra/kafka/envelope.ts';
import {
  type AnyRecord,
  type RecordOf,
  turnCompleted,
  turnDelta,
  turnFailed,
} from '../../schemas/generated/records.ts';
import { identityOf } from '../shared/idempotency.ts';
import type { EventListener } from '../shared/log/event-tail.ts';
import { type ChatServices, ChatTurns } from './chat-turns.ts';

const caller = { kind: 'user', tenantId: 'demo', principal: 'p', capabilities: [], expiresAtMs: Infinity } as const;
const identity = identityOf(caller, { operationId: 'chat', tenantId: 'demo', params: {} }, 'key');
const ids = { sessionId: identity.subjectId, turnId: identity.partId('turn') };

/** Starts the turn of a completion on a log that appends nothing. `sent` has the commands. */
async function started(gone = new AbortController().signal) {
  const listeners: EventListener[] = [];
  const sent: AnyRecord['type'][] = [];
  const turns = new ChatTurns({
    sender: {
      send: async ({ make }: { make(): AnyRecord }) => {
        sent.push(make().type);
        return { outcome: { record: { type: 'SessionStarted' }, timeMs: 0, place: 'demo.0' } };
      },
    },
    tables: { personas: { value: new Map() } },
    tail: { listen: (listener: EventListener) => listeners.push(listener) },
  } as unknown as ChatServices);
  const asked = {
    ...{ caller, identity, model: { asked: null, shown: 'm' }, requestDigest: 'd', traceparent: '' },
    body: { model: 'default', messages: [{ role: 'user' as const, content: 'Name a knot.' }] },
  };
  const turn = await turns.start(asked, gone);
  const hear = (record: AnyRecord): void => {
    for (const listener of listeners) listener({ record } as Decoded);
  };
  return { turn, hear, sent };
}

const piece = (attempt: number, text: string) => turnDelta({ ...ids, turnSequence: 1, attempt, start: 0, text });
const completed = (text: string): RecordOf<'TurnCompleted'> =>
  turnCompleted({
    moderation: null,
    recalled: null,
    ...{ ...ids, sequence: 3, attempt: 2, text, modelId: 'm', finishReason: 'stop', latencyMs: 1, cost: '0' },
    tokensConsumed: { prompt: 1, completion: 1 },
    toolCalls: [],
  });
const failed = turnFailed({ ...ids, sequence: 3, code: 'SLM_REJECTED', detail: 'x', refusal: null });

it('has the whole answer of a later attempt, whose text differs from that of an earlier one', async () => {
  const { turn, hear } = await started();
  for (const record of [piece(1, 'A knot'), piece(2, 'One'), completed('One cord.')]) hear(record);
  await expect(turn.whole()).resolves.toMatchObject({ text: 'One cord.' });
});

it('ends a stream whose text another attempt contradicts, and cancels the turn', async () => {
  const { turn, hear, sent } = await started();
  const parts = turn.parts();
  hear(piece(1, 'A knot'));
  await expect(parts.next()).resolves.toMatchObject({ value: { kind: 'text', text: 'A knot' } });
  hear(piece(2, 'One'));
  await expect(parts.next()).rejects.toMatchObject({ code: 'SLM_FAILED' });
  turn.close();
  expect(sent).toEqual(['StartSession', 'CancelTurn']);
});

it.each([
  ['completed', completed('One cord.')],
  ['failed', failed],
])('does not cancel a turn that has %s, whether its end was taken or not', async (_, end) => {
  const { turn, hear, sent } = await started();
  hear(end);
  turn.close();
  expect(sent).toEqual(['StartSession']);
});

it('rejects both ways when it is cut from outside, and cancels the turn', async () => {
  const gone = new AbortController();
  const { turn, sent } = await started(gone.signal);
  gone.abort();
  await expect(turn.parts().next()).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  await expect(turn.whole()).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  turn.close();
  expect(sent).toEqual(['StartSession', 'CancelTurn']);
});
