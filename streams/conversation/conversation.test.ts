import { describe, expect, it } from 'vitest';
import { noTools, textMessage } from '../../schemas/contexts/slm/messages.ts';
import {
  cancelSlmRequest,
  cancelTurn,
  conversationOpened,
  type DecidedPersona,
  slmEmbedded,
  timeOutTurn,
  turnCompleted,
  turnFailed,
  turnQueued,
  turnRefused,
  turnStarted,
} from '../../schemas/generated/records.ts';
import { scenarios } from '../kernel/testing.ts';
import type { AnyRecord, RecordOf } from '../kernel.ts';
import { aFailure, anAnswer, anInference, aStart, aTurn, decisionOn, denied, SESSION } from '../testing.ts';
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
    recalled: null,
    sessionId: SESSION,
    turnId,
    sequence,
    prompt: `prompt of ${turnId}`,
    model: 'small',
    deadline: DEADLINE,
    budget: null,
  });
const completed = (turnId: string, sequence: number, text: string) =>
  turnCompleted({
    moderation: null,
    recalled: null,
    sessionId: SESSION,
    turnId,
    sequence,
    attempt: 1,
    text,
    modelId: 'model-1',
    finishReason: 'stop',
    tokensConsumed: { prompt: 5, completion: 7 },
    latencyMs: 12,
    cost: null,
    toolCalls: [],
  });
const queued = (
  turnId: string,
  sequence: number,
  position: number,
  decisionId = `decision of ${turnId}`,
  persona: DecidedPersona | null = null,
) =>
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
    persona,
    response: null,
  });
const types = (records: readonly AnyRecord[]): string[] => records.map(({ type }) => type);
const requestIn = (records: readonly AnyRecord[]): RecordOf<'SlmRequested'>['data'] => {
  const request = records.find(({ type }) => type === 'SlmRequested');
  if (request?.type !== 'SlmRequested') throw new Error('no SlmRequested');
  return request.data;
};

describe('a turn with memories', () => {
  const answer = {
    ...{ outcome: 'recalled', model: 'm', compared: 1, detail: '' },
    memories: [
      { memoryId: 'm1', space: 'shared', digest: 'd1', text: 'It closes at six.', labels: ['untrusted'], score: 0.5 },
    ],
  };
  const recall = { spaces: ['shared'], k: 2, asOf: null, answer };
  const trace = { memories: [{ memoryId: 'm1', digest: 'd1' }], labels: ['untrusted'] };

  it('names them in its start and in its answer, and keeps the prompt alone in the history', () => {
    const start = decisionOn(aStart({ turnId: 'turn-1', prompt: 'When?', recall }));
    const { records } = when(start);
    expect(records.find(({ type }) => type === 'TurnStarted')?.data).toMatchObject({
      prompt: 'When?',
      recalled: trace,
    });
    const ended = given(start).when(anAnswer('turn-1', 'At six.'));
    expect(ended.records[0]).toMatchObject({ type: 'TurnCompleted', data: { text: 'At six.', recalled: trace } });
    const next = given(start, anAnswer('turn-1', 'At six.')).when(decisionOn(aTurn('turn-2')));
    expect(requestIn(next.records).messages.map(({ content }) => content)).toContain('When?');
  });
});

describe('a session that starts', () => {
  it('opens the conversation, and is idle without a prompt', () => {
    const decision = decisionOn(aStart({ persona: 'teacher', model: 'small' }));
    when(decision).then(conversationOpened({ ...opened.data, decisionId: decision.data.decision.decisionId }));
  });

  it('opens and starts its first turn', () => {
    const { records } = when(decisionOn(aStart({ turnId: 'turn-1', prompt: 'Hello.', maxTokens: 40 })));
    expect(types(records)).toEqual(['ConversationOpened', 'TurnQueued', 'TurnStarted', 'SlmRequested']);
    expect(records[1]?.data).toMatchObject({ turnId: 'turn-1', sequence: 2, position: 0, prompt: 'Hello.' });
    expect(records[2]?.data).toMatchObject({ turnId: 'turn-1', sequence: 3, prompt: 'Hello.' });
    expect(requestIn(records)).toMatchObject({
      subjectId: SESSION,
      origin: 'conversation',
      requestId: 'turn-1',
      turnSequence: 3,
      maxTokens: 40,
      temperature: 0.7,
    });
    expect(requestIn(records).messages.map(({ role }) => role)).toEqual(['system', 'user']);
  });

  it('offers its first turn the tools of the caller, and shows it the result of a call', () => {
    const call = { id: 'call_1', name: 'count', arguments: '{}' };
    const earlier = [textMessage('user', 'Count.'), { ...textMessage('assistant', ''), toolCalls: [call] }];
    const tools = [{ name: 'count', description: '', parameters: '{}' }];
    const sampling = { temperature: 0, seed: 5, stop: [], responseFormat: null, tools, toolChoice: 'auto' };
    const start = aStart({
      ...{ turnId: 'turn-1', prompt: '7', earlier, toolCallId: 'call_1' },
      sampling: { ...sampling, parallelToolCalls: false },
    });
    const request = requestIn(when(decisionOn(start)).records);
    expect(request).toMatchObject({ tools, toolChoice: 'auto', parallelToolCalls: false });
    expect(request.messages.slice(1)).toEqual([
      ...earlier,
      { role: 'tool', content: '7', toolCalls: [], toolCallId: 'call_1' },
    ]);
  });

  it('shows its first turn the messages and the sampling of the caller', () => {
    const earlier = [textMessage('user', 'Who counts?'), textMessage('assistant', 'The weaver.')];
    const sampling = { temperature: 0, seed: 5, stop: ['.'], responseFormat: null, ...noTools };
    const first = { turnId: 'turn-1', prompt: 'Why?' };
    const requestOf = (more: object) => requestIn(when(decisionOn(aStart({ ...first, ...more }))).records);
    expect(requestOf({ earlier, sampling })).toMatchObject({
      messages: [{ role: 'system' }, ...earlier, { role: 'user', content: 'Why?' }],
      ...sampling,
    });
    const instructed = [textMessage('system', 'Be brief.'), ...earlier];
    expect(requestOf({ earlier: instructed, sampling: { ...sampling, temperature: null, seed: null } })).toMatchObject({
      messages: [...instructed, { role: 'user', content: 'Why?' }],
      ...{ temperature: 0.7, seed: requestOf({}).seed, stop: ['.'] },
    });
  });

  it('has no conversation when it is denied', () => {
    when(decisionOn(aStart({ turnId: 'turn-1', prompt: 'Hello.' }), denied)).then();
  });

  it('is not opened again', () => {
    given(opened)
      .when(decisionOn(aStart({ turnId: 'turn-1', prompt: 'Hello.' })))
      .then();
  });

  it('does not start a turn that was refused before the session opened', () => {
    const refused = turnRefused({
      sessionId: SESSION,
      turnId: 'turn-1',
      sequence: 1,
      code: 'SESSION_UNKNOWN',
      detail: '',
      decision: decisionOn(aTurn('turn-1')).data.decision,
      shortfall: null,
    });
    const { records } = given(refused).when(decisionOn(aStart({ turnId: 'turn-1', prompt: 'Hello.' })));
    expect(records.map(({ type, data }) => [type, 'sequence' in data && data.sequence])).toEqual([
      ['ConversationOpened', 2],
    ]);
  });
});

describe('a cancelled turn', () => {
  const cancel = (turnId: string) =>
    cancelTurn({ sessionId: SESSION, turnId, principal: 'key-1', reason: 'CLIENT_GONE' });

  it('fails at once, after its request to the model is cancelled, and the next turn starts', () => {
    const { records } = given(opened, started('turn-1', 2), queued('turn-2', 3, 1)).when(cancel('turn-1'));
    expect(records.slice(0, 2)).toEqual([
      cancelSlmRequest({ subjectId: SESSION, origin: 'conversation', requestId: 'turn-1', reason: 'TURN_CANCELLED' }),
      turnFailed({
        ...{ sessionId: SESSION, turnId: 'turn-1', sequence: 4, code: 'TURN_CANCELLED' },
        detail: 'The turn was cancelled: CLIENT_GONE.',
        refusal: null,
      }),
    ]);
    expect(types(records.slice(2))).toEqual(['TurnStarted', 'SlmRequested']);
  });

  it.each([
    ['waits', [started('turn-0', 2), queued('turn-1', 3, 1)]],
    ['has ended', [started('turn-1', 2), completed('turn-1', 3, 'done')]],
  ])('is not changed when it %s', (_, before) => {
    given(opened, ...before)
      .when(cancel('turn-1'))
      .then();
  });

  it('of a session that was not started is ignored', () => {
    when(cancel('turn-1')).then();
  });
});

describe('a submitted turn', () => {
  it('is queued behind no other and starts when no turn runs, with the model of the session', () => {
    const decision = decisionOn(aTurn('turn-1', { persona: 'teacher' }));
    const { records } = given(opened).when(decision);
    expect(records.slice(0, 2)).toEqual([
      queued('turn-1', 2, 0, decision.data.decision.decisionId),
      started('turn-1', 3),
    ]);
    expect(requestIn(records)).toMatchObject({ model: 'small', maxTokens: 256, temperature: 0.5 });
  });

  it('uses another model when the command names one', () => {
    const { records } = given(opened).when(decisionOn(aTurn('turn-1', { model: 'large' })));
    expect(requestIn(records).model).toBe('large');
  });

  it('bounds the length of the answer', () => {
    const asked = (maxTokens: number) => requestIn(given(opened).when(decisionOn(aTurn('t', { maxTokens }))).records);
    expect([asked(-1).maxTokens, asked(0).maxTokens, asked(1_000_000).maxTokens]).toEqual([1, 1, 2_048]);
  });

  it('waits while another runs', () => {
    const decision = decisionOn(aTurn('turn-2'));
    given(opened, started('turn-1', 2))
      .when(decision)
      .then(queued('turn-2', 3, 1, decision.data.decision.decisionId, decision.data.persona));
  });

  it('is answered as its decision says, even when it had to wait', () => {
    const persona = {
      name: 'guide',
      entryId: 'persona:demo:guide',
      version: 7,
      instructions: 'Rhyme.',
      temperature: 0,
    };
    const [, , request] = given(opened, started('turn-1', 2), queued('turn-2', 3, 1, 'd', persona)).when(
      anAnswer('turn-1', 'done'),
    ).records;
    expect(request?.data).toMatchObject({
      ...{ requestId: 'turn-2', temperature: 0 },
      messages: [{ role: 'system', content: 'Rhyme.' }, {}, {}, { content: 'prompt of turn-2' }],
    });
  });

  it('decided before personas were records has no instructions', () => {
    const { type, data } = decisionOn(aTurn('turn-1'));
    const { records } = given(opened).when({ type, data: { ...data, persona: null } });
    expect(requestIn(records)).toMatchObject({ temperature: 0.7, messages: [{ role: 'user' }] });
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

  it('is refused in a session that was not started', () => {
    const { records } = when(decisionOn(aTurn('turn-1')));
    expect(records[0]?.data).toMatchObject({ code: 'SESSION_UNKNOWN', sequence: 1 });
  });

  it('is refused when the queue is full', () => {
    const waiting = Array.from({ length: QUEUED_TURNS_MAX }, (_, n) => queued(`waits-${n}`, n + 3, n + 1));
    const { records } = given(opened, started('turn-1', 2), ...waiting).when(decisionOn(aTurn('one-more')));
    expect(records[0]?.data).toMatchObject({ code: 'TURN_QUEUE_FULL', sequence: QUEUED_TURNS_MAX + 3 });
  });

  it('is refused when the queued prompts are too long in total', () => {
    const prompt = 'k'.repeat(8_000);
    const waiting = [1, 2, 3, 4].map((n) => turnQueued({ ...queued(`waits-${n}`, n + 2, n).data, prompt }));
    const { records } = given(opened, started('turn-1', 2), ...waiting).when(decisionOn(aTurn('one-more')));
    expect(records[0]?.data).toMatchObject({ code: 'TURN_QUEUE_FULL' });
    const persona = { name: 'guide', entryId: 'e', version: 1, instructions: 'k'.repeat(2_000), temperature: 0 };
    const instructed = Array.from({ length: 15 }, (_, n) => queued(`waits-${n}`, n + 3, n + 1, 'd', persona));
    const { records: full } = given(opened, started('turn-1', 2), ...instructed).when(
      decisionOn(aTurn('one-more', { prompt: 'k'.repeat(2_000) })),
    );
    expect(full[0]?.data).toMatchObject({ code: 'TURN_QUEUE_FULL' });
  });

  it.each([
    ['runs', [started('turn-1', 2)]],
    ['waits', [started('turn-0', 2), queued('turn-1', 3, 1)]],
    ['has ended', [started('turn-1', 2), completed('turn-1', 3, 'done')]],
  ])('is accepted once: a repeat of a turn that %s emits nothing', (_, before) => {
    given(opened, ...before)
      .when(decisionOn(aTurn('turn-1')))
      .then();
  });

  it('is recognised as a repeat while queued, after any number of refusals', () => {
    const refusals = Array.from({ length: 100 }, (_, n) =>
      turnRefused({
        sessionId: SESSION,
        turnId: `refused-${n}`,
        sequence: n + 4,
        code: 'POLICY_DENIED',
        detail: '',
        decision: decisionOn(aTurn('x')).data.decision,
        shortfall: null,
      }),
    );
    const scenario = given(opened, started('turn-1', 2), queued('turn-2', 3, 1), ...refusals);
    scenario.when(decisionOn(aTurn('turn-1'))).then();
    scenario.when(decisionOn(aTurn('turn-2'))).then();
  });
});

describe('an answer', () => {
  const running = [opened, started('turn-1', 2)];

  it('completes the turn', () => {
    given(...running)
      .when(anAnswer('turn-1', 'A khipu is…'))
      .then(completed('turn-1', 3, 'A khipu is…'));
  });

  it('of a later attempt completes the turn under that attempt', () => {
    given(...running)
      .when(anAnswer('turn-1', 'again', 2))
      .then(turnCompleted({ ...completed('turn-1', 3, 'again').data, attempt: 2 }));
  });

  it('may fail, which also ends the turn', () => {
    given(...running)
      .when(aFailure('turn-1'))
      .then(
        turnFailed({
          sessionId: SESSION,
          turnId: 'turn-1',
          sequence: 3,
          code: 'SLM_UNAVAILABLE',
          detail: 'no model answers',
          refusal: null,
        }),
      );
  });

  it.each([
    ['an ended turn', [...running, completed('turn-1', 3, 'x')], anAnswer('turn-1', 'late')],
    ['a waiting turn', [...running, queued('turn-2', 3, 1)], anAnswer('turn-2', 'early')],
    ['an unknown session', [], anAnswer('turn-1', 'x')],
    ['another context', running, slmEmbedded({ ...aEmbedded(), origin: 'inference' })],
    ['no turn: embeddings', running, slmEmbedded(aEmbedded())],
  ])('to %s is ignored', (_, before, answer) => {
    given(...before)
      .when(answer)
      .then();
  });

  it.each([
    ['completes', anAnswer('turn-1', 'done'), 'TurnCompleted'],
    ['fails', aFailure('turn-1'), 'TurnFailed'],
  ])('that %s starts the queued turn, under its own decision', (_, answer, end) => {
    const { records } = given(...running, queued('turn-2', 3, 1), queued('turn-3', 4, 2)).when(answer);
    expect(types(records)).toEqual([end, 'TurnStarted', 'SlmRequested']);
    expect(records[1]).toEqual(started('turn-2', 6));
    expect(requestIn(records)).toMatchObject({
      requestId: 'turn-2',
      turnSequence: 6,
      decisionId: 'decision of turn-2',
    });
  });

  it('is in the history of later turns; failed turns are not', () => {
    const failed = turnFailed({
      sessionId: SESSION,
      turnId: 'turn-2',
      sequence: 5,
      code: 'X',
      detail: '',
      refusal: null,
    });
    const { records } = given(...running, completed('turn-1', 3, 'answer 1'), started('turn-2', 4), failed).when(
      decisionOn(aTurn('turn-3')),
    );
    expect(requestIn(records).messages.slice(1)).toEqual([
      textMessage('user', 'prompt of turn-1'),
      textMessage('assistant', 'answer 1'),
      textMessage('user', 'prompt of turn-3'),
    ]);
  });
});

describe('a turn without an answer', () => {
  const deadline = (turnId: string) => timeOutTurn({ sessionId: SESSION, turnId });
  const takenBack = (requestId: string) =>
    cancelSlmRequest({ subjectId: SESSION, origin: 'conversation', requestId, reason: 'TURN_TIMEOUT' });
  const timedOut = (turnId: string, sequence: number) =>
    turnFailed({
      ...{ sessionId: SESSION, turnId, sequence, code: 'TURN_TIMEOUT' },
      detail: 'No answer was complete within 300 s.',
      refusal: null,
    });
  const asked = [decisionOn(aStart()), decisionOn(aTurn('turn-1'))];

  it('fails at its deadline, and not before', () => {
    given(...asked)
      .after(TURN_MS_MAX - 1)
      .then();
    given(...asked)
      .after(TURN_MS_MAX)
      .then(deadline('turn-1'), takenBack('turn-1'), timedOut('turn-1', 4));
  });

  it('has no deadline once it has ended', () => {
    given(...asked, anAnswer('turn-1', 'done'))
      .after(TURN_MS_MAX)
      .then();
    given(opened, started('turn-1', 2), completed('turn-1', 3, 'done'))
      .when(deadline('turn-1'))
      .then();
  });

  it('starts the queued turn, which has its own deadline', () => {
    const { records } = given(...asked, decisionOn(aTurn('turn-2')), decisionOn(aTurn('turn-3'))).after(TURN_MS_MAX);
    expect(types(records)).toEqual(['TimeOutTurn', 'CancelSlmRequest', 'TurnFailed', 'TurnStarted', 'SlmRequested']);
    expect(records[3]?.data).toMatchObject({ turnId: 'turn-2', deadline: DEADLINE + TURN_MS_MAX });
  });

  it('does not fail at the deadline of another turn', () => {
    given(opened, started('turn-1', 2)).when(deadline('turn-0')).then();
  });

  it('ignores answers after it has failed', () => {
    const before = [opened, started('turn-1', 2), timedOut('turn-1', 3)];
    for (const late of [anAnswer('turn-1', 'late'), aFailure('turn-1')])
      given(...before)
        .when(late)
        .then();
  });

  it('started before deadlines existed has no time limit', () => {
    const old = turnStarted({ ...started('turn-1', 2).data, deadline: null });
    const { state } = given(opened, old).when(decisionOn(aTurn('turn-1')));
    expect(conversation.timers?.due(state, SESSION)).toEqual([]);
  });
});

it('ignores decisions on inference', () => {
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
