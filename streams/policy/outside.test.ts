import { describe, expect, it } from 'vitest';
import {
  type EngineAnswer,
  type EngineOutcome,
  policyEngineAnswered,
  tokensRevoked,
} from '../../schemas/generated/records.ts';
import { createDriver } from '../kernel/driver.ts';
import { derivedId } from '../kernel/ids.ts';
import { scenarios } from '../kernel/testing.ts';
import type { AnyRecord, RecordOf } from '../kernel.ts';
import { policyEngine } from '../policy-engine/policy-engine.ts';
import { anEmbedding, anInference, aStart, aSwitch, aTenant, aTurn } from '../testing.ts';
import { underAnswer } from './outside.ts';
import { policy } from './policy.ts';
import type { Recorded } from './recorded.ts';
import { decideAgain, flipUnder } from './replay.ts';
import {
  activated,
  document,
  engineWith,
  historyEngine,
  mail,
  options,
  outside,
  permitAll,
  published,
  known as sessionsKnown,
  verified,
} from './testing.ts';

const asking = policy(engineWith(), { ...options, asksEngine: true });
const { given } = scenarios(asking);
const inForce = [published('1'), activated('1')];
const commands = [aStart(), aTurn('t', { maxTokens: 9 }), anInference(), anEmbedding()];

const answerOf = (outcome: EngineOutcome, changes: Partial<EngineAnswer> = {}): EngineAnswer => ({
  ...{ outcome, reasons: [], engineDecisionId: 'd-7', detail: '', latencyMs: 3 },
  ...changes,
});
const CREDENTIAL = { sessionId: 'session-1', issuedAt: 0 };
const denied = answerOf('deny', { reasons: ['after-hours', 'freeze'] });
const answered = (answer: EngineAnswer, command: RecordOf<'SubmitTurn'> = aTurn('t')) =>
  policyEngineAnswered({ subjectId: 'session-1', commandId: 'command-1', command, answer });

/** What is decided when the engine answers so, after `before`; `meanwhile` happens between question and answer. */
function decidedOn(answer: EngineAnswer, meanwhile: readonly AnyRecord[] = [], asked: readonly AnyRecord[] = commands) {
  const held: RecordOf<'AskPolicyEngine'>[] = [];
  const respond = (record: AnyRecord): readonly AnyRecord[] => {
    if (record.type === 'AskPolicyEngine') held.push(record);
    return [];
  };
  const driver = createDriver({ processors: [asking], standIns: [{ worker: policyEngine, respond }] });
  for (const record of [...inForce, ...asked]) driver.append(record);
  driver.run();
  for (const record of meanwhile) driver.append(record);
  driver.run();
  for (const { data } of held) driver.append(policyEngineAnswered({ ...data, answer }));
  driver.run();
  expect(driver.deadLetters).toEqual([]);
  return { driver, questions: held, decisions: driver.records('policy.decisions') as readonly Recorded[] };
}

describe('a command that our own rules allow', () => {
  it.each(commands)('of type $type is a question, and no decision', (command) => {
    const { records } = given(...inForce).when(command);
    expect(records).toMatchObject([{ type: 'AskPolicyEngine', data: { command, action: command.type } }]);
  });

  it('is asked with the facts that Cedar rules see, and none of the text', () => {
    const [question] = given(...inForce).when(aTurn('t', { prompt: 'knots', maxTokens: 9, model: 'small' })).records;
    expect(question?.data).toEqual({
      command: expect.objectContaining({ type: 'SubmitTurn' }),
      commandId: expect.any(String),
      subjectId: 'session-1',
      principal: 'key-1',
      action: 'SubmitTurn',
      model: 'small',
      persona: 'guide',
      promptChars: 5,
      maxTokens: 9,
      capabilities: ['slm:invoke:*'],
      moderation: [],
      labels: [],
      sessionLabels: [],
      constitutionVersion: '1',
      constitutionDigest: 'd1',
    });
  });

  it('is decided at once where there is no engine, and says so', () => {
    const [decided] = scenarios(policy(engineWith(), options))
      .given(...inForce)
      .when(aTurn('t')).records;
    expect(decided).toMatchObject({ type: 'PolicyDecided', data: { engine: null, decision: { outcome: 'allow' } } });
  });
});

describe('a command that our own rules deny', () => {
  it.each([
    ['the constitution', inForce, aTurn('t', { prompt: 'gold' }), 'MODERATION_GOLD'],
    ['no constitution', [], aTurn('t'), 'CONSTITUTION_UNVERIFIED'],
    ['a kill switch', [...inForce, aSwitch('global')], aTurn('t'), 'KILL_SWITCH'],
    [
      'a budget',
      [...inForce, aTenant([{ window: 'day', tokensMax: 1, costMax: null }])],
      anInference(),
      'BUDGET_EXCEEDED',
    ],
  ])('by %s is refused without a question', (_, before, command, reason) => {
    const { records } = given(...before).when(command);
    expect(records).toMatchObject([{ type: 'PolicyDecided', data: { engine: { outcome: 'unasked' } } }]);
    expect(records).toHaveProperty('0.data.decision.reasons.0', reason);
  });
});

describe('the answer', () => {
  it('allows what both allow, under the id of the command and of its own record', () => {
    const { driver, decisions } = decidedOn(answerOf('allow'));
    expect(decisions).toHaveLength(commands.length);
    for (const { record, meta } of decisions) {
      const { data } = record;
      expect(data).toMatchObject({ decision: { outcome: 'allow' }, engine: answerOf('allow') });
      expect(data.decision.decisionId).toBe(derivedId(meta.causationId, 'policy', 0));
      const command = driver.records().find(({ meta: { id } }) => id === data.commandId);
      expect(command?.record).toEqual(data.command);
    }
  });

  it.each([
    ['POLICY_ENGINE_DENIED', denied, ['engine:after-hours', 'engine:freeze']],
    ['POLICY_ENGINE_UNAVAILABLE', answerOf('unavailable', { detail: 'answers 500' }), []],
    ['POLICY_ENGINE_INVALID', answerOf('invalid'), []],
  ])('denies with %s what it does not allow', (reason, answer, clauses) => {
    for (const { record } of decidedOn(answer).decisions)
      expect(record.data).toMatchObject({
        engine: answer,
        budget: null,
        decision: { outcome: 'deny', reasons: [reason], clauses, constitutionVersion: '1' },
      });
  });

  it('is no permission: what is in force when it comes decides with it', () => {
    const scope = 'principal:key-1';
    const revoked = tokensRevoked({ scope, issuedUntil: 2_000_000_000_000, revokedBy: 'ana', reason: '' });
    const turn = aTurn('t', { credential: CREDENTIAL });
    for (const [meanwhile, reason] of [
      [aSwitch('tenant:demo'), 'KILL_SWITCH'],
      [activated('2', 'x'), 'CONSTITUTION_UNVERIFIED'],
      [aTenant([{ window: 'day', tokensMax: 1, costMax: null }]), 'BUDGET_EXCEEDED'],
      [revoked, 'TOKEN_REVOKED'],
    ] as const) {
      const { decisions } = decidedOn(answerOf('allow'), [meanwhile], [turn]);
      expect(decisions[0]?.record.data.decision.reasons[0]).toBe(reason);
    }
  });

  it('reserves the budget in the records of its decision, and not with the question', () => {
    const tenant = aTenant([{ window: 'day', tokensMax: 100_000, costMax: null }]);
    expect(given(...inForce, tenant).when(anInference()).records).toHaveLength(1);
    const types = (answer: EngineAnswer) =>
      given(...inForce, tenant)
        .when(answered(answer))
        .records.map(({ type }) => type);
    expect(types(answerOf('allow'))).toEqual(['PolicyDecided', 'BudgetReserved']);
    expect(types(denied)).toEqual(['PolicyDecided']);
  });

  it('keeps the order of the turns of a session', () => {
    const turns = ['a', 'b', 'c'].map((turn) => aTurn(turn));
    const { decisions } = decidedOn(answerOf('allow'), [], turns);
    expect(decisions.map(({ record }) => record.data.command)).toEqual(turns);
  });

  it('meets what was let into the session since the question: a sequence over two turns sent at once is denied', () => {
    const driver = createDriver({ processors: [policy(historyEngine, { ...options, asksEngine: true })] });
    for (const record of [...inForce, mail(), outside()]) driver.append(record);
    driver.run();
    for (const { record } of driver.records('policy.questions'))
      if (record.type === 'AskPolicyEngine')
        driver.append(policyEngineAnswered({ ...record.data, answer: answerOf('allow') }));
    driver.run();
    expect(driver.records('policy.questions')).toHaveLength(2);
    const decisions = driver.records('policy.decisions') as readonly Recorded[];
    expect(decisions.map(({ record }) => record.data.decision.reasons[0])).toEqual([
      ...['PERMITTED', 'PERSONAL_DATA_LEAVES'],
    ]);
    const [first, second] = decisions.map(({ record }) => record.data);
    expect(second?.history).toMatchObject({ sequences: [{ commands: [first?.commandId] }] });
    for (const decision of decisions)
      expect(decideAgain(historyEngine.rule, sessionsKnown, decision)).toEqual(decision.record);
  });

  it('is decided on where no engine is asked any more, and passed over when it carries no command of ours', () => {
    const { when } = scenarios(policy(engineWith(), options)).given(...inForce);
    expect(when(answered(denied)).records[0]?.data).toMatchObject({ decision: { reasons: ['POLICY_ENGINE_DENIED'] } });
    const foreign = aSwitch('global') as unknown as RecordOf<'SubmitTurn'>;
    expect(when(answered(denied, foreign)).records).toEqual([]);
  });
});

describe('made again', () => {
  const known = new Map([['d1', verified]]);
  const all = [answerOf('allow'), denied, answerOf('unavailable'), answerOf('invalid')];

  it.each(all)('a decision on the answer $outcome equals the one in the log', (answer) => {
    for (const meanwhile of [[], [aSwitch('global')]])
      for (const decision of decidedOn(answer, meanwhile, [...commands, aTurn('u', { prompt: 'gold' })]).decisions)
        expect(decideAgain(permitAll, known, decision)).toEqual(decision.record);
  });

  it('a decision differs when its answer was changed afterwards', () => {
    const [decision] = decidedOn(denied).decisions as readonly [Recorded];
    const forged = { ...decision.record, data: { ...decision.record.data, engine: answerOf('allow') } };
    expect(decideAgain(permitAll, known, { ...decision, record: forged })).not.toEqual(forged);
  });

  it('under another constitution, the recorded answer stays', () => {
    const under = (answer: EngineAnswer, changes: Partial<typeof document>, prompt = 'wool') =>
      decidedOn(answer, [], [aTurn('t', { prompt })]).decisions.map((decision) =>
        flipUnder(permitAll, { ...verified, document: { ...document, ...changes } }, decision),
      );
    expect(under(answerOf('allow'), { personas: [] })).toMatchObject([{ from: 'allow', to: 'deny' }]);
    expect(under(denied, { personas: [] })).toEqual([null]);
    expect(under(denied, {})).toEqual([null]);
    // Nobody asked the engine what it says of gold.
    expect(under(denied, { moderation: [] }, 'gold')).toMatchObject([{ from: 'deny', to: 'unknown' }]);
    expect([underAnswer(undefined), underAnswer('allow'), underAnswer('invalid')]).toEqual(['allow', 'allow', 'deny']);
  });
});
