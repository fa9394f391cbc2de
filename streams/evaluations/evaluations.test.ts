import { describe, expect, it } from 'vitest';
import {
  addGoldenCase,
  type Evaluation,
  evaluationEnded,
  goldenSetDefined,
  keepEvaluation,
  putGoldenSet,
  removeGoldenSet,
  setBaseline,
} from '../../schemas/generated/records.ts';
import { metaFor, scenarios } from '../kernel/testing.ts';
import { decisionOn, denied } from '../testing.ts';
import { evaluations } from './evaluations.ts';

const { given, when } = scenarios(evaluations, { startMs: Date.UTC(2026, 0, 1) });

const goldenSetId = 'demo/hours';
const content = (n: number) => ({ digest: String(n).repeat(64), bytes: 10, pieces: 1 });
const asked = { goldenSetId, principal: 'key-1', capabilities: ['evaluations:manage'], credential: null, labels: [] };
const putting = (expectedVersion: number) =>
  putGoldenSet({
    ...{ ...asked, expectedVersion, description: 'hours', persona: 'clerk', content: content(1), cases: 3 },
    ...{ tools: [], triggers: ['persona', 'weather'] },
  });
const adding = (expectedVersion: number, cases = 4) =>
  addGoldenCase({
    ...{ ...asked, expectedVersion, content: content(2), cases, caseId: 'x', sessionId: 's', turnId: 't' },
    ...{ redactions: 1, text: 'when?' },
  });
const { tenantId } = metaFor(putting(0));
const defined = goldenSetDefined({
  ...{ goldenSetId, tenantId, version: 1, description: 'hours', persona: 'clerk', content: content(1), cases: 3 },
  ...{ tools: [], triggers: ['persona'], principal: 'key-1', capabilities: [], credential: null, labels: [] },
  decisionId: decisionOn(putting(0)).data.decision.decisionId,
});
const run = (runId: string, over: Partial<Evaluation> = {}): Evaluation => ({
  ...{ runId, persona: 'clerk', personaVersion: 1, setVersion: 1, setDigest: content(1).digest, baselineRunId: null },
  ...{ verdict: 'pass', detail: 'fine', moreCases: null, cause: 'manual', models: ['m'], modelsDigest: 'm1' },
  ...{ cases: 3, repeats: 1, passed: 3, tokens: 9, result: content(3), principal: 'key-1', ...over },
});
const kept = (runId: string) => keepEvaluation({ goldenSetId, place: null, run: run(runId) });
type Outcome = ReturnType<typeof when>;
const refusal = (outcome: Outcome) => outcome.records.map(({ data }) => (data as { code?: string }).code);
const typesOf = (outcome: Outcome) => outcome.records.map(({ type }) => type);

describe('a golden set', () => {
  it('is defined once, and again with its version; unknown triggers are dropped', () => {
    const made = when(decisionOn(putting(0)));
    expect(made.records).toMatchObject([
      { type: 'GoldenSetDefined', data: { version: 1, triggers: ['persona'], tenantId } },
      { type: 'GoldenSet', data: { version: 1, status: 'kept', baseline: null, modelsDigest: null } },
    ]);
    expect(refusal(given(defined).when(decisionOn(putting(0))))).toEqual(['PRECONDITION_REQUIRED']);
    expect(refusal(given(defined).when(decisionOn(putting(5))))).toEqual(['PRECONDITION_FAILED']);
    expect(given(defined).when(decisionOn(putting(1))).records).toMatchObject([{ data: { version: 2 } }, {}]);
    expect(refusal(when(decisionOn(putting(1))))).toEqual(['RESOURCE_UNKNOWN']);
  });

  it('is refused by the decision of policy, and keeps no state then', () => {
    const outcome = when(decisionOn(putting(0), denied));
    expect(refusal(outcome)).toEqual(['POLICY_DENIED']);
    expect(outcome.state).toBeUndefined();
  });

  it('has a turn as a further case, in a version of its own, up to the largest number', () => {
    const outcome = given(defined).when(decisionOn(adding(1)));
    expect(outcome.records).toMatchObject([
      { type: 'GoldenCaseAdded', data: { version: 2, cases: 4, redactions: 1 } },
      { type: 'GoldenSet', data: { version: 2, content: content(2) } },
    ]);
    expect(refusal(given(defined).when(decisionOn(adding(2))))).toEqual(['PRECONDITION_FAILED']);
    expect(refusal(given(defined).when(decisionOn(adding(1, 1_001))))).toEqual(['GOLDEN_SET_FULL']);
    expect(refusal(when(decisionOn(adding(1))))).toEqual(['RESOURCE_UNKNOWN']);
  });

  it('has the verdict of its latest run, each run once', () => {
    const outcome = given(defined).when(kept('r1'));
    expect(typesOf(outcome)).toEqual(['EvaluationEnded', 'GoldenSet']);
    expect(outcome.records[1]).toMatchObject({ data: { lastVerdict: 'pass', modelsDigest: 'm1' } });
    given(defined, evaluationEnded({ goldenSetId, run: run('r1') }))
      .when(kept('r1'))
      .then();
    when(kept('r1')).then();
  });

  it('keeps its baseline through a new version', () => {
    const command = setBaseline({ ...asked, runId: 'r1', result: content(3), setDigest: 'd' });
    const outcome = given(defined).when(decisionOn(command));
    expect(outcome.records).toMatchObject([
      { type: 'BaselineSet', data: { runId: 'r1' } },
      { type: 'GoldenSet', data: { baseline: { runId: 'r1', result: content(3), principal: 'key-1' } } },
    ]);
    const [event] = outcome.records;
    const later = given(defined, event as typeof defined).when(decisionOn(putting(1)));
    expect(later.records[1]).toMatchObject({ data: { version: 2, baseline: { runId: 'r1' } } });
  });

  it('is removed, and defined again with the next version', () => {
    const removed = given(defined).when(decisionOn(removeGoldenSet({ ...asked, expectedVersion: 1 })));
    expect(removed.records).toMatchObject([
      { type: 'GoldenSetRemoved', data: { version: 2 } },
      { type: 'GoldenSet', data: { status: 'removed', version: 2 } },
    ]);
    const [event] = removed.records;
    const gone = given(defined, event as typeof defined);
    expect(refusal(gone.when(decisionOn(adding(2))))).toEqual(['RESOURCE_UNKNOWN']);
    expect(gone.when(decisionOn(putting(0))).records[0]).toMatchObject({ data: { version: 3 } });
  });

  it('does not exist for another tenant', () => {
    const { data } = defined;
    const others = given(goldenSetDefined({ ...data, tenantId: 'another' }));
    for (const command of [putting(0), adding(1), removeGoldenSet({ ...asked, expectedVersion: 1 })])
      expect(refusal(others.when(decisionOn(command)))).toEqual(['RESOURCE_UNKNOWN']);
    others.when(kept('r1')).then();
  });
});
