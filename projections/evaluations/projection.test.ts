import { describe, expect, it } from 'vitest';
import {
  baselineSet,
  type Evaluation,
  evaluationEnded,
  goldenCaseAdded,
  goldenSetDefined,
} from '../../schemas/generated/records.ts';
import { rowsOf as rowsIn } from '../testing/apply.ts';
import { evaluations } from './projection.ts';

const content = { digest: 'a'.repeat(64), bytes: 10, pieces: 1 };
const rowsOf = (record: Parameters<typeof rowsIn>[1][number], table?: string) => rowsIn(evaluations, [record], table);
const run: Evaluation = {
  ...{
    runId: 'r1',
    persona: 'clerk',
    personaVersion: 3,
    setVersion: 2,
    setDigest: content.digest,
    baselineRunId: 'r0',
  },
  ...{ verdict: 'inconclusive', detail: 'few', moreCases: 24, cause: 'persona', models: ['m'], modelsDigest: 'd' },
  ...{ cases: 5, repeats: 2, passed: 4, tokens: 99, result: content, principal: 'key-1' },
};

describe('the read model of evaluations', () => {
  it('has a row per version, whether it was defined or extended by a turn', () => {
    const set = { description: '', persona: 'clerk', tools: [], triggers: [], capabilities: [], credential: null };
    const defined = {
      tenantId: 'demo',
      version: 1,
      content,
      cases: 3,
      principal: 'key-1',
      labels: [],
      decisionId: 'd',
    };
    expect(rowsOf(goldenSetDefined({ goldenSetId: 'demo/hours', ...set, ...defined }))).toMatchObject([
      { version_id: 'hours@1', golden_set: 'hours', version: 1, digest: content.digest, turn_id: null },
    ]);
    const added = { version: 2, content, cases: 4, caseId: 'x', sessionId: 's', turnId: 't', redactions: 1 };
    expect(
      rowsOf(goldenCaseAdded({ goldenSetId: 'demo/hours', ...added, principal: 'key-1', decisionId: 'd' })),
    ).toMatchObject([{ version_id: 'hours@2', turn_id: 't', cases: 4 }]);
  });

  it('has a row per run with its verdict and the name of its result', () => {
    expect(rowsOf(evaluationEnded({ goldenSetId: 'demo/hours', run }), 'evaluation_runs')).toMatchObject([
      {
        run_id: 'r1',
        golden_set: 'hours',
        verdict: 'inconclusive',
        more_cases: 24,
        digest: content.digest,
        tokens: 99,
      },
    ]);
  });

  it('has none for a baseline: the golden set has it', () => {
    const set = { runId: 'r1', result: content, setDigest: 'd', principal: 'key-1', setAt: 0, decisionId: 'd' };
    expect(rowsOf(baselineSet({ goldenSetId: 'demo/hours', ...set }))).toEqual([]);
  });
});
