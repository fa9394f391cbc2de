import { describe, expect, it } from 'vitest';
import {
  type EngineAnswer,
  type EngineOutcome,
  leaseReceived,
  policyEngineAnswered,
  tokensRevoked,
} from '../../schemas/generated/records.ts';
import { derivedId } from '../../schemas/ids.ts';
import { budget } from '../budget/budget.ts';
import { createDriver } from '../kernel/driver.ts';
import { scenarios } from '../kernel/testing.ts';
import type { AnyRecord, RecordOf } from '../kernel.ts';
import { policyEngine } from '../policy-engine/policy-engine.ts';
import { anEmbedding, anInference, aStart, aSwitch, aTenant, aTurn, personaRecords } from '../testing.ts';
import { policy } from './policy.ts';
import { outcomeWithAnswer } from './policy-engine.ts';
import type { RecordedDecision } from './recorded-decision.ts';
import { decideAgain, verdictChange } from './replay.ts';
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
const inForce = [...personaRecords, published('1'), activated('1')];
const commands = [aStart(), aTurn('t', { maxTokens: 9 }), anInference(), anEmbedding()];

const answerOf = (outcome: EngineOutcome, changes: Partial<EngineAnswer> = {}): EngineAnswer => ({
  ...{ outcome, reasons: [], engineDecisionId: 'd-7', detail: '', latencyMs: 3 },
  ...changes,
});
const CREDENTIAL = { sessionId: 'session-1', issuedAt: 0 };
const denied = answerOf('deny', { reasons: ['after-hours', 'freeze'] });
const answered = (answer: EngineAnswer, command: RecordOf<'SubmitTurn'> = aTurn('t')) =>
  policyEngineAnswered({ subjectId: 'session-1', commandId: 'command-1', command, answer, classifier: null });

/**
 * Returns the decision when the engine gives this answer, after `before`; `meanwhile` happens between question and
 * answer.
 */
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
  return { driver, questions: held, decisions: driver.records('policy.decisions') as readonly RecordedDecision[] };
}

describe('a command that our own rules allow', () => {
  it.each(commands)('of type $type becomes a question, not a decision', (command) => {
    const { records } = given(...inForce).when(command);
    expect(records).toMatchObject([{ type: 'AskPolicyEngine', data: { command, action: command.type } }]);
  });

  it('is sent with the facts that Cedar rules see, without the text', () => {
    const [question] = given(...inForce).when(aTurn('t', { prompt: 'knots', maxTokens: 9, model: 'small' })).records;
    expect(question?.data).toEqual({
      command: expect.objectContaining({ type: 'SubmitTurn' }),
      commandId: expect.any(String),
      subjectId: 'session-1',
      principal: 'key-1',
      action: 'SubmitTurn',
      resourceType: 'Model',
      resourceId: 'small',
      persona: 'guide',
      promptChars: 5,
      maxTokens: 9,
      calls: 0,
      capabilities: ['slm:invoke:*'],
      moderation: [],
      labels: [],
      sessionLabels: [],
      constitutionVersion: '1',
      constitutionDigest: 'd1',
      classifier: null,
    });
  });

  it('is decided at once without an engine, and records that', () => {
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
      'BUDGET_TOO_SMALL',
    ],
  ])('by %s is refused without a question', (_, before, command, reason) => {
    const { records } = given(...before).when(command);
    expect(records).toMatchObject([{ type: 'PolicyDecided', data: { engine: { outcome: 'unasked' } } }]);
    expect(records).toHaveProperty('0.data.decision.reasons.0', reason);
  });
});

describe('the answer', () => {
  it('allows a command that both allow, with the id of the command and of its own record', () => {
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
  ])('denies with %s', (reason, answer, clauses) => {
    for (const { record } of decidedOn(answer).decisions)
      expect(record.data).toMatchObject({
        engine: answer,
        budget: null,
        decision: { outcome: 'deny', reasons: [reason], clauses, constitutionVersion: '1' },
      });
  });

  it('is not a permission: the tables at its arrival decide too', () => {
    const scope = 'principal:key-1';
    const revoked = tokensRevoked({ scope, issuedUntil: 2_000_000_000_000, revokedBy: 'ana', reason: '' });
    const turn = aTurn('t', { credential: CREDENTIAL });
    for (const [meanwhile, reason] of [
      [aSwitch('tenant:demo'), 'KILL_SWITCH'],
      [activated('2', 'x'), 'CONSTITUTION_UNVERIFIED'],
      [aTenant([{ window: 'day', tokensMax: 1, costMax: null }]), 'BUDGET_TOO_SMALL'],
      [revoked, 'TOKEN_REVOKED'],
    ] as const) {
      const { decisions } = decidedOn(answerOf('allow'), [meanwhile], [turn]);
      expect(decisions[0]?.record.data.decision.reasons[0]).toBe(reason);
    }
  });

  it('reserves the budget with the decision, not with the question', () => {
    const tenant = aTenant([{ window: 'day', tokensMax: 100_000, costMax: null }]);
    expect(given(...inForce, tenant).when(anInference()).records).toHaveLength(1);
    const amounts = { tokens: 9_000, cost: '0.001800000', tokensKept: 9_000, costKept: '0.001800000' };
    const lease = leaseReceived({
      prepaid: false,
      place: 'demo/0',
      subjectId: null,
      ...amounts,
      at: Date.UTC(2026, 0, 1),
    });
    const types = (answer: EngineAnswer) =>
      given(lease, ...inForce, tenant)
        .when(answered(answer))
        .records.map(({ type }) => type);
    expect(types(answerOf('allow'))).toEqual(['PolicyDecided', 'BudgetReserved']);
    expect(types(denied)).toEqual(['PolicyDecided']);
  });

  it('is carried to the ledger and back when the lease of the place does not cover the command', () => {
    const tenant = aTenant([{ window: 'day', tokensMax: 100_000, costMax: null }]);
    const driver = createDriver({ processors: [asking, budget] });
    for (const record of [...inForce, tenant, answered(answerOf('allow'))]) driver.append(record);
    driver.run();
    const [decision] = driver.records('policy.decisions') as readonly RecordedDecision[];
    expect(decision?.record.data).toMatchObject({
      ...{
        commandId: 'command-1',
        decision: { outcome: 'allow' },
        engine: { outcome: 'allow', engineDecisionId: 'd-7' },
      },
      budget: { lease: null, windows: [{ window: 'day', tokensTaken: 0 }] },
    });
    if (decision !== undefined)
      expect(decideAgain(permitAll, new Map([['d1', verified]]), decision)).toEqual(decision.record);
  });

  it('keeps the order of the turns of a session', () => {
    const turns = ['a', 'b', 'c'].map((turn) => aTurn(turn));
    const { decisions } = decidedOn(answerOf('allow'), [], turns);
    expect(decisions.map(({ record }) => record.data.command)).toEqual(turns);
  });

  it('sees commands allowed since the question: a sequence over two turns sent at once is denied', () => {
    const driver = createDriver({ processors: [policy(historyEngine, { ...options, asksEngine: true })] });
    for (const record of [...inForce, mail(), outside()]) driver.append(record);
    driver.run();
    for (const { record } of driver.records('policy.questions'))
      if (record.type === 'AskPolicyEngine')
        driver.append(policyEngineAnswered({ ...record.data, answer: answerOf('allow') }));
    driver.run();
    expect(driver.records('policy.questions')).toHaveLength(2);
    const decisions = driver.records('policy.decisions') as readonly RecordedDecision[];
    expect(decisions.map(({ record }) => record.data.decision.reasons[0])).toEqual([
      ...['PERMITTED', 'PERSONAL_DATA_LEAVES'],
    ]);
    const [first, second] = decisions.map(({ record }) => record.data);
    expect(second?.history).toMatchObject({ sequences: [{ commands: [first?.commandId] }] });
    for (const decision of decisions)
      expect(decideAgain(historyEngine.rule, sessionsKnown, decision)).toEqual(decision.record);
  });

  it('is decided even without a configured engine, and skipped when it contains no governed command', () => {
    const { when } = scenarios(policy(engineWith(), options)).given(...inForce);
    expect(when(answered(denied)).records[0]?.data).toMatchObject({ decision: { reasons: ['POLICY_ENGINE_DENIED'] } });
    const foreign = aSwitch('global') as unknown as RecordOf<'SubmitTurn'>;
    expect(when(answered(denied, foreign)).records).toEqual([]);
  });
});

describe('a recomputed decision', () => {
  const known = new Map([['d1', verified]]);
  const all = [answerOf('allow'), denied, answerOf('unavailable'), answerOf('invalid')];

  it.each(all)('equals the one in the log for the answer $outcome', (answer) => {
    for (const meanwhile of [[], [aSwitch('global')]])
      for (const decision of decidedOn(answer, meanwhile, [...commands, aTurn('u', { prompt: 'gold' })]).decisions)
        expect(decideAgain(permitAll, known, decision)).toEqual(decision.record);
  });

  it('a decision differs when its answer was changed afterwards', () => {
    const [decision] = decidedOn(denied).decisions as readonly [RecordedDecision];
    const forged = { ...decision.record, data: { ...decision.record.data, engine: answerOf('allow') } };
    expect(decideAgain(permitAll, known, { ...decision, record: forged })).not.toEqual(forged);
  });

  it('keeps the recorded answer under another constitution', () => {
    const under = (answer: EngineAnswer, changes: Partial<typeof document>, prompt = 'wool') =>
      decidedOn(answer, [], [aTurn('t', { prompt })]).decisions.map((decision) =>
        verdictChange(permitAll, { ...verified, document: { ...document, ...changes } }, decision),
      );
    expect(under(answerOf('allow'), { personas: [] })).toMatchObject([{ from: 'allow', to: 'deny' }]);
    expect(under(denied, { personas: [] })).toEqual([null]);
    expect(under(denied, {})).toEqual([null]);
    // The engine was not asked about gold.
    expect(under(denied, { moderation: [] }, 'gold')).toMatchObject([{ from: 'deny', to: 'unknown' }]);
    expect([outcomeWithAnswer(undefined), outcomeWithAnswer('allow'), outcomeWithAnswer('invalid')]).toEqual([
      'allow',
      'allow',
      'deny',
    ]);
  });
});
