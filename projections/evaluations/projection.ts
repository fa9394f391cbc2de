import { goldenSetName } from '../../schemas/contexts/evaluations.ts';
import { topics } from '../../schemas/topics.ts';
import { appendTable, assertNever, first, foldTable, instant, key, max, projection, row } from '../kernel.ts';
import type { RowView } from '../rows.ts';

/** One row per version of a golden set; the document is a content on the log. */
export const goldenSetVersionsTable = appendTable('golden_set_versions', {
  tenant_id: key('text'),
  /** `<golden set>@<version>`. */
  version_id: key('text'),
  golden_set: first('text'),
  version: first('integer'),
  digest: first('text'),
  bytes: first('bigint'),
  pieces: first('integer'),
  cases: first('integer'),
  /** Turn that it has as a further case; null for a definition. */
  turn_id: first('text'),
  principal: first('text'),
  decision_id: first('text'),
  created_at: first('timestamptz'),
});

/** One row per run with its verdict. */
export const evaluationRunsTable = foldTable('evaluation_runs', {
  tenant_id: key('text'),
  run_id: key('text'),
  golden_set: first('text'),
  persona: first('text'),
  persona_version: first('integer'),
  set_version: first('integer'),
  set_digest: first('text'),
  baseline_run_id: first('text'),
  /** pass, regress, improve or inconclusive. */
  verdict: first('text'),
  detail: first('text'),
  more_cases: first('integer'),
  cause: first('text'),
  models: first('text[]'),
  cases: first('integer'),
  repeats: first('integer'),
  passed: first('integer'),
  tokens: first('bigint'),
  /** Name of the result, which is a content on the log. */
  digest: first('text'),
  bytes: first('bigint'),
  pieces: first('integer'),
  principal: first('text'),
  created_at: first('timestamptz'),
  updated_at: max('timestamptz'),
});

export type GoldenSetVersionRow = RowView<typeof goldenSetVersionsTable.columns>;
export type EvaluationRunRow = RowView<typeof evaluationRunsTable.columns>;

/** Versions of golden sets, and runs of them. A refused command changes no row. */
export const evaluations = projection({
  name: 'evaluations',
  version: 1,
  inputs: [topics.evaluationsEvents],
  tables: [goldenSetVersionsTable, evaluationRunsTable],
  apply(record, { tenantId: tenant_id, timeMs }) {
    const at = instant(timeMs);
    const golden_set = goldenSetName(record.data.goldenSetId);
    switch (record.type) {
      case 'GoldenSetDefined':
      case 'GoldenCaseAdded': {
        const { version, content, cases, principal, decisionId: decision_id } = record.data;
        const turn_id = record.type === 'GoldenCaseAdded' ? record.data.turnId : null;
        const named = { tenant_id, version_id: `${golden_set}@${version}`, golden_set, version };
        return [
          row(goldenSetVersionsTable, {
            ...{ ...named, ...content, cases, turn_id, principal, decision_id, created_at: at },
          }),
        ];
      }
      case 'EvaluationEnded': {
        const { run } = record.data;
        const { runId: run_id, persona, verdict, detail, cause, models, cases, repeats, passed, tokens } = run;
        const { personaVersion: persona_version, setVersion: set_version, setDigest: set_digest } = run;
        const { baselineRunId: baseline_run_id, moreCases: more_cases, principal } = run;
        const of = { tenant_id, run_id, golden_set, persona, persona_version, set_version, set_digest };
        const found = { baseline_run_id, verdict, detail, more_cases, cause, models, cases, repeats, passed, tokens };
        return [
          row(evaluationRunsTable, { ...of, ...found, ...run.result, principal, created_at: at, updated_at: at }),
        ];
      }
      case 'GoldenSetRemoved':
      case 'BaselineSet':
      case 'GoldenSetRefused':
        return [];
      default:
        return assertNever(record);
    }
  },
});
