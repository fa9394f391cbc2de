import { describe, expect, it } from 'vitest';
import {
  cancelSlmRequest,
  conversationOpened,
  slmEmbedded,
  timeOutTurn,
  turnCompleted,
  turnDelta,
  turnFailed,
  turnQueued,
  turnRefused,
  turnStarted,
} from '../../schemas/generated/records.ts';
import { scenarios } from '../kernel/testing.ts';
import type { AnyRecord, RecordOf } from '../kernel.ts';
import { aDelta, aFailure, anAnswer, anInference, aStart, aTurn, decisionOn, denied, SESSION } from '../testing.ts';
import { conversation } from './conversation.ts';
import { QUEUED_TURNS_MAX } from './state.ts';
import { TURN_MS_MAX } from './turn.ts';

const NOW = 1_000;
const DEADLINE = NOW + TURN_MS_MAX;
const { given, when } = scenarios(conversation, { startMs: NOW });

const opened = conversationOpened({
  sessionId: SESSION,
  sequence: 1,
  persona: 'teacher',
  model: 'small',
  principal: 'key-1',
  decisionId: 'decision-1',
});
const started = (turnId: string, sequence: number) =>
  turnStarted({
    sessionId: SESSION,
    turnId,
    sequence,
    prompt: `prompt of ${turnId}`,
    model: 'small',
    deadline: DEADLINE,
    budget: null,
  });
const delta = (turnId: string, sequence: number, index: number, text: string, attempt = 1) =>
  turnDelta({ sessionId: SESSION, turnId, sequence, attempt, index, text });
const completed = (turnId: string, sequence: number, text: string) =>
  turnCompleted({
    sessionId: SESSION,
    turnId,
    sequence,
    text,
    modelId: 'model-1',
    finishReason: 'stop',
    tokensConsumed: { prompt: 5, completion: 7 },
    latencyMs: 12,
    cost: null,
  });
const queued = (turnId: string, sequence: number, position: number, decisionId = `decision of ${turnId}`) =>
  turnQueued({
    sessionId: SESSION,
    turnId,
    sequence,
    position,
    prompt: `prompt of ${turnId}`,
    model: 'small',
    maxTokens: 256,
    principal: 'key-1',
    decisionId,
    budget: null,
  });
const types = (records: readonly AnyRecord[]): string[] => records.map(({ type }) => type);
const requestIn = (records: readonly AnyRecord[]): RecordOf<'SlmRequested'>['data'] => {
  const request = records.find(({ type }) => type === 'SlmRequested');
  if (request?.type !== 'SlmRequested') throw new Error('no SlmRequested');
  return request.data;
};

describe('a session that starts', () => {
  it('opens the conversation, and waits when no prompt came', () => {
    const decision = decisionOn(aStart({ persona: 'teacher', model: 'small' }));
    when(decision).then(conversationOpened({ ...opened.data, decisionId: decision.data.decision.decisionId }));
  });

  it('opens and starts its first turn', () => {
    const { records } = when(decisionOn(aStart({ turnId: 'turn-1', prompt: 'Hello.', maxTokens: 40 })));
    expect(types(records)).toEqual(['ConversationOpened', 'TurnStarted', 'SlmRequested']);
    expect(records[1]?.data).toMatchObject({ turnId: 'turn-1', sequence: 2, prompt: 'Hello.' });
    expect(requestIn(records)).toMatchObject({
      subjectId: SESSION,
      origin: 'conversation',
      requestId: 'turn-1',
      maxTokens: 40,
      temperature: 0.7,
    });
    expect(requestIn(records).messages.map(({ role }) => role)).toEqual(['system', 'user']);
  });

  it('has no conversation when it was denied', () => {
    when(decisionOn(aStart({ turnId: 'turn-1', prompt: 'Hello.' }), denied)).then();
  });

  it('is not opened again', () => {
    given(opened)
      .when(decisionOn(aStart({ turnId: 'turn-1', prompt: 'Hello.' })))
      .then();
  });

  it('does not start a turn that was refused before it', () => {
    const refused = turnRefused({
      sessionId: SESSION,
      turnId: 'turn-1',
      sequence: 1,
      code: 'SESSION_UNKNOWN',
      detail: '',
      decision: decisionOn(aTurn('turn-1')).data.decision,
    });
    const { records } = given(refused).when(decisionOn(aStart({ turnId: 'turn-1', prompt: 'Hello.' })));
    expect(records.map(({ type, data }) => [type, 'sequence' in data && data.sequence])).toEqual([
      ['ConversationOpened', 2],
    ]);
  });
});

describe('a turn that is asked for', () => {
  it('starts when none runs, with the model of the session', () => {
    const { records } = given(opened).when(decisionOn(aTurn('turn-1')));
    expect(records[0]).toEqual(started('turn-1', 2));
    expect(requestIn(records)).toMatchObject({ model: 'small', maxTokens: 256, temperature: 0.5 });
  });

  it('takes another model when one is named', () => {
    const { records } = given(opened).when(decisionOn(aTurn('turn-1', { model: 'large' })));
    expect(requestIn(records).model).toBe('large');
  });

  it('bounds the answer asked for', () => {
    const asked = (maxTokens: number) => requestIn(given(opened).when(decisionOn(aTurn('t', { maxTokens }))).records);
    expect([asked(-1).maxTokens, asked(0).maxTokens, asked(1_000_000).maxTokens]).toEqual([1, 1, 2_048]);
  });

  it('waits while another runs', () => {
    const decision = decisionOn(aTurn('turn-2'));
    given(opened, started('turn-1', 2))
      .when(decision)
      .then(queued('turn-2', 3, 1, decision.data.decision.decisionId));
  });

  it('is refused when it was denied, and the refusal explains', () => {
    const { records } = given(opened).when(decisionOn(aTurn('turn-1'), denied));
    expect(records).toEqual([
      expect.objectContaining({
        type: 'TurnRefused',
        data: expect.objectContaining({
          code: 'POLICY_DENIED',
          sequence: 2,
          detail: expect.stringContaining('how to make a weapon'),
        }),
      }),
    ]);
  });

  it('is refused in a session that nobody started', () => {
    const { records } = when(decisionOn(aTurn('turn-1')));
    expect(records[0]?.data).toMatchObject({ code: 'SESSION_UNKNOWN', sequence: 1 });
  });

  it('is refused when the queue is full', () => {
    const waiting = Array.from({ length: QUEUED_TURNS_MAX }, (_, n) => queued(`waits-${n}`, n + 3, n + 1));
    const { records } = given(opened, started('turn-1', 2), ...waiting).when(decisionOn(aTurn('one-more')));
    expect(records[0]?.data).toMatchObject({ code: 'TURN_QUEUE_FULL', sequence: QUEUED_TURNS_MAX + 3 });
  });

  it('is refused when what waits is too long together', () => {
    const prompt = 'k'.repeat(8_000);
    const waiting = [1, 2, 3, 4].map((n) => turnQueued({ ...queued(`waits-${n}`, n + 2, n).data, prompt }));
    const { records } = given(opened, started('turn-1', 2), ...waiting).when(decisionOn(aTurn('one-more')));
    expect(records[0]?.data).toMatchObject({ code: 'TURN_QUEUE_FULL' });
  });

  it.each([
    ['runs', [started('turn-1', 2)]],
    ['waits', [started('turn-0', 2), queued('turn-1', 3, 1)]],
    ['has ended', [started('turn-1', 2), completed('turn-1', 3, 'done')]],
  ])('is taken once: a repeat of one that %s says nothing', (_, before) => {
    given(opened, ...before)
      .when(decisionOn(aTurn('turn-1')))
      .then();
  });

  it('is known as a repeat while it waits, however many were refused since', () => {
    const refusals = Array.from({ length: 100 }, (_, n) =>
      turnRefused({
        sessionId: SESSION,
        turnId: `refused-${n}`,
        sequence: n + 4,
        code: 'POLICY_DENIED',
        detail: '',
        decision: decisionOn(aTurn('x')).data.decision,
      }),
    );
    const scenario = given(opened, started('turn-1', 2), queued('turn-2', 3, 1), ...refusals);
    scenario.when(decisionOn(aTurn('turn-1'))).then();
    scenario.when(decisionOn(aTurn('turn-2'))).then();
  });
});

describe('an answer', () => {
  const running = [opened, started('turn-1', 2)];

  it('comes piece by piece', () => {
    given(...running)
      .when(aDelta('turn-1', 0, 'A khipu'))
      .then(delta('turn-1', 3, 0, 'A khipu'));
  });

  it('says no piece twice', () => {
    given(...running, delta('turn-1', 3, 0, 'A khipu'))
      .when(aDelta('turn-1', 0, 'A khipu'))
      .then();
  });

  it('begins anew with a later attempt, and forgets the one before', () => {
    const before = [...running, delta('turn-1', 3, 0, 'A'), delta('turn-1', 4, 1, 'B')];
    given(...before)
      .when(aDelta('turn-1', 0, 'A', 2))
      .then(delta('turn-1', 5, 0, 'A', 2));
    given(...before, delta('turn-1', 5, 0, 'A', 2))
      .when(aDelta('turn-1', 2, 'C', 1))
      .then();
  });

  it('completes the turn', () => {
    given(...running)
      .when(anAnswer('turn-1', 'A khipu is…'))
      .then(completed('turn-1', 3, 'A khipu is…'));
  });

  it('may fail, which ends the turn too', () => {
    given(...running)
      .when(aFailure('turn-1'))
      .then(
        turnFailed({
          sessionId: SESSION,
          turnId: 'turn-1',
          sequence: 3,
          code: 'SLM_UNAVAILABLE',
          detail: 'no model answers',
        }),
      );
  });

  it.each([
    ['an ended turn', [...running, completed('turn-1', 3, 'x')], anAnswer('turn-1', 'late')],
    ['a waiting turn', [...running, queued('turn-2', 3, 1)], anAnswer('turn-2', 'early')],
    ['an unknown session', [], aDelta('turn-1', 0, 'x')],
    ['another context', running, slmEmbedded({ ...aEmbedded(), origin: 'inference' })],
    ['no turn: embeddings', running, slmEmbedded(aEmbedded())],
  ])('to %s is passed over', (_, before, answer) => {
    given(...before)
      .when(answer)
      .then();
  });

  it.each([
    ['completes', anAnswer('turn-1', 'done'), 'TurnCompleted'],
    ['fails', aFailure('turn-1'), 'TurnFailed'],
  ])('that %s starts the turn that waits, under its own decision', (_, answer, end) => {
    const { records } = given(...running, queued('turn-2', 3, 1), queued('turn-3', 4, 2)).when(answer);
    expect(types(records)).toEqual([end, 'TurnStarted', 'SlmRequested']);
    expect(records[1]).toEqual(started('turn-2', 6));
    expect(requestIn(records)).toMatchObject({ requestId: 'turn-2', decisionId: 'decision of turn-2' });
  });

  it('is remembered by the turns after it, the failed ones are not', () => {
    const failed = turnFailed({ sessionId: SESSION, turnId: 'turn-2', sequence: 5, code: 'X', detail: '' });
    const { records } = given(...running, completed('turn-1', 3, 'answer 1'), started('turn-2', 4), failed).when(
      decisionOn(aTurn('turn-3')),
    );
    expect(requestIn(records).messages.slice(1)).toEqual([
      { role: 'user', content: 'prompt of turn-1' },
      { role: 'assistant', content: 'answer 1' },
      { role: 'user', content: 'prompt of turn-3' },
    ]);
  });
});

describe('a turn that nobody answers', () => {
  const deadline = (turnId: string) => timeOutTurn({ sessionId: SESSION, turnId });
  const takenBack = (requestId: string) =>
    cancelSlmRequest({ subjectId: SESSION, origin: 'conversation', requestId, reason: 'TURN_TIMEOUT' });
  const timedOut = (turnId: string, sequence: number) =>
    turnFailed({
      ...{ sessionId: SESSION, turnId, sequence, code: 'TURN_TIMEOUT' },
      detail: 'No answer was complete within 300 s.',
    });
  const asked = [decisionOn(aStart()), decisionOn(aTurn('turn-1'))];

  it('fails at its deadline, and not before', () => {
    given(...asked)
      .after(TURN_MS_MAX - 1)
      .then();
    given(...asked)
      .after(TURN_MS_MAX)
      .then(deadline('turn-1'), takenBack('turn-1'), timedOut('turn-1', 3));
  });

  it('has no deadline once it has ended', () => {
    given(...asked, anAnswer('turn-1', 'done'))
      .after(TURN_MS_MAX)
      .then();
    given(opened, started('turn-1', 2), completed('turn-1', 3, 'done'))
      .when(deadline('turn-1'))
      .then();
  });

  it('makes room for the one that waits, which has a deadline of its own', () => {
    const { records } = given(...asked, decisionOn(aTurn('turn-2')), decisionOn(aTurn('turn-3'))).after(TURN_MS_MAX);
    expect(types(records)).toEqual(['TimeOutTurn', 'CancelSlmRequest', 'TurnFailed', 'TurnStarted', 'SlmRequested']);
    expect(records[3]?.data).toMatchObject({ turnId: 'turn-2', deadline: DEADLINE + TURN_MS_MAX });
  });

  it('is not failed by the deadline of another', () => {
    given(opened, started('turn-1', 2)).when(deadline('turn-0')).then();
  });

  it('is not answered any more when it has failed', () => {
    const before = [opened, started('turn-1', 2), timedOut('turn-1', 3)];
    for (const late of [aDelta('turn-1', 0, 'late'), anAnswer('turn-1', 'late'), aFailure('turn-1')])
      given(...before)
        .when(late)
        .then();
  });

  it('of before there were deadlines waits for its answer for ever', () => {
    const old = turnStarted({ ...started('turn-1', 2).data, deadline: null });
    const state = given(opened, old).when(aDelta('turn-1', 0, 'x')).state;
    expect(conversation.timers?.due(state, SESSION)).toEqual([]);
  });
});

it('passes over decisions on inference', () => {
  when(decisionOn(anInference())).then();
});

function aEmbedded() {
  return {
    subjectId: SESSION,
    origin: 'conversation' as const,
    requestId: 'turn-1',
    vectors: [[1]],
    modelId: 'm',
    tokensConsumed: { prompt: 1, completion: 0 },
    latencyMs: 1,
  };
}
