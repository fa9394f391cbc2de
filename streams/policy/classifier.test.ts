import { describe, expect, it } from 'vitest';
import type { ConstitutionDocument, ConstitutionStatus } from '../../schemas/contexts/constitution/document.ts';
import {
  type ClassifierAnswer,
  type ClassifierOutcome,
  classifierAnswered,
  policyEngineAnswered,
} from '../../schemas/generated/records.ts';
import { classifier } from '../classifier/classifier.ts';
import { createDriver } from '../kernel/driver.ts';
import type { AnyRecord, RecordOf } from '../kernel.ts';
import { policyEngine } from '../policy-engine/policy-engine.ts';
import { aModeration, aStart, aTurn, personaRecords } from '../testing.ts';
import { policy } from './policy.ts';
import type { RecordedDecision } from './recorded-decision.ts';
import { decideAgain, verdictChange } from './replay.ts';
import { activated, document, engineWith, options, permitAll, published, verified } from './testing.ts';

const rules: ConstitutionDocument = {
  ...document,
  moderation: [
    ...document.moderation,
    { id: 'violence', category: 'violence', score_min: 0.8, code: 'MODERATION_VIOLENCE', severity: 'forbid' },
  ],
  labels: [
    { id: 'rough', category: 'violence', score_min: 0.4, label: 'rough' },
    { id: 'mail', detector: 'email-address', label: 'personal_data' },
  ],
};
const statusOf = (version: string): ConstitutionStatus => ({
  ...verified,
  version,
  digest: `d${version}`,
  document: rules,
});
const engine = { ...engineWith(), verify: ({ version }: { version: string }) => statusOf(version) };
const known = new Map([['d1', statusOf('1')]]);

const answerOf = (outcome: ClassifierOutcome, violence?: number): ClassifierAnswer => ({
  ...{ outcome, model: 'm', detail: '', latencyMs: 3 },
  scores: violence === undefined ? [] : [{ category: 'violence', score: violence }],
});

/** Runs commands with a classifier, and an engine where it is asked; returns questions and decisions. */
function decidedOn(answer: ClassifierAnswer, commands: readonly AnyRecord[], asksEngine = false) {
  const asked: AnyRecord[] = [];
  const respond = (record: AnyRecord): readonly AnyRecord[] => {
    asked.push(record);
    if (record.type === 'AskClassifier') {
      const { subjectId, commandId, command } = record.data;
      return [classifierAnswered({ subjectId, commandId, command, answer })];
    }
    if (record.type !== 'AskPolicyEngine') return [];
    const allow = { outcome: 'allow', reasons: [], engineDecisionId: null, detail: '', latencyMs: 1 } as const;
    return [policyEngineAnswered({ ...record.data, answer: allow })];
  };
  const driver = createDriver({
    processors: [policy(engine, { ...options, asksClassifier: true, asksEngine })],
    standIns: [
      { worker: classifier, respond },
      { worker: policyEngine, respond },
    ],
  });
  for (const record of [...personaRecords, published('1'), activated('1'), ...commands]) driver.append(record);
  driver.run();
  expect(driver.deadLetters).toEqual([]);
  return { asked, decisions: driver.records('policy.decisions') as readonly RecordedDecision[] };
}

const only = ({ decisions }: ReturnType<typeof decidedOn>): RecordOf<'PolicyDecided'>['data'] => {
  const [first] = decisions;
  if (first === undefined || decisions.length !== 1) throw new Error(`${decisions.length} decisions`);
  return first.record.data;
};

describe('a command with a text', () => {
  const turn = aTurn('t', { prompt: 'knots' });

  it('is asked about when our own rules allow it, with its text and the constitution', () => {
    expect(decidedOn(answerOf('answered', 0), [turn]).asked).toMatchObject([
      {
        type: 'AskClassifier',
        data: { command: turn, texts: ['knots'], constitutionVersion: '1', constitutionDigest: 'd1' },
      },
    ]);
  });

  it('is denied by a rule whose category has its score, and the record has answer and finding', () => {
    const answer = answerOf('answered', 0.9);
    expect(only(decidedOn(answer, [turn]))).toMatchObject({
      decision: { outcome: 'deny', reasons: ['MODERATION_VIOLENCE', 'SCORE_BELOW_THRESHOLD'] },
      classifier: answer,
      findings: [
        { rule: 'violence', category: 'MODERATION_VIOLENCE', outcome: 'forbid', score: 0.9, place: 'input' },
        { rule: 'rough', category: 'rough', outcome: 'label', score: 0.9, place: 'input' },
      ],
      labels: ['rough'],
    });
  });

  it('is allowed below the score, with the label of a lower one', () => {
    expect(only(decidedOn(answerOf('answered', 0.5), [turn]))).toMatchObject({
      ...{ decision: { outcome: 'allow' }, labels: ['rough'], findings: [{ rule: 'rough' }] },
    });
    expect(only(decidedOn(answerOf('answered', 0.1), [turn]))).toMatchObject({ labels: [], findings: [] });
  });

  it.each(['unavailable', 'invalid'] as const)('is denied when the answer is %s', (outcome) => {
    expect(only(decidedOn(answerOf(outcome), [turn])).decision).toMatchObject({
      ...{ outcome: 'deny', reasons: ['MODERATION_UNAVAILABLE'], clauses: [`classifier:${outcome}`] },
    });
  });

  it('passes with the label unmoderated where the setting of the worker said so', () => {
    expect(only(decidedOn(answerOf('passed'), [turn]))).toMatchObject({
      ...{ decision: { outcome: 'allow' }, labels: ['unmoderated'] },
    });
  });

  it('that our own rules deny is not asked about, and its record says so', () => {
    const outcome = decidedOn(answerOf('answered', 0), [aTurn('t', { prompt: 'gold' })]);
    expect(outcome.asked).toEqual([]);
    expect(only(outcome)).toMatchObject({ decision: { outcome: 'deny' }, classifier: { outcome: 'unasked' } });
  });

  it('is first classified, then shown to the engine, which sees the findings as facts', () => {
    const outcome = decidedOn(answerOf('answered', 0.5), [turn], true);
    expect(outcome.asked.map(({ type }) => type)).toEqual(['AskClassifier', 'AskPolicyEngine']);
    expect(outcome.asked[1]?.data).toMatchObject({ labels: ['rough'], classifier: { outcome: 'answered' } });
    expect(only(outcome)).toMatchObject({ engine: { outcome: 'allow' }, classifier: { outcome: 'answered' } });
  });

  it('that asks for a classification receives the scores in its report', () => {
    const report = only(decidedOn(answerOf('answered', 0.9), [aModeration({ input: ['a cord'] })])).moderation;
    expect(report?.texts[0]?.findings).toMatchObject([{ rule: 'violence', score: 0.9 }, { rule: 'rough' }]);
  });
});

it('a command without a text is not asked about', () => {
  expect(decidedOn(answerOf('unavailable'), [aStart({ prompt: null, turnId: null })]).asked).toEqual([]);
});

it('a replay gives the same bytes without asking, for every kind of answer', () => {
  const commands = [
    aTurn('a', { prompt: 'knots' }),
    aTurn('b', { prompt: 'gold' }),
    aTurn('c', { prompt: 'ana@example.org' }),
  ];
  for (const answer of [
    answerOf('answered', 0.9),
    answerOf('answered', 0.5),
    answerOf('unavailable'),
    answerOf('passed'),
    answerOf('invalid'),
  ]) {
    const { decisions } = decidedOn(answer, commands);
    expect(decisions).toHaveLength(3);
    for (const recorded of decisions) expect(decideAgain(engine.rule, known, recorded)).toEqual(recorded.record);
  }
});

it('what-if uses the recorded scores, and does not guess those that were never asked for', () => {
  const [recorded] = decidedOn(answerOf('answered', 0.9), [aTurn('t', { prompt: 'knots' })]).decisions;
  const milder = { ...verified, document: { ...rules, moderation: document.moderation } };
  expect(recorded && verdictChange(permitAll, milder, recorded)).toMatchObject({ from: 'deny', to: 'allow' });
  if (recorded === undefined) throw new Error('no decision');
  const { data } = recorded.record;
  const allowed = { ...data, classifier: null, decision: { ...data.decision, outcome: 'allow' as const } };
  const without = { ...recorded, record: { ...recorded.record, data: allowed } };
  expect(verdictChange(permitAll, { ...verified, document: rules }, without)).toMatchObject({ to: 'unknown' });
});
