import type { z } from 'zod';
import { type EvaluationResult, evaluationResult } from '../../../infra/evaluations/result.ts';
import type { EvaluationRunRow, GoldenSetVersionRow } from '../../../projections/evaluations/queries.ts';
import { goldenSetName } from '../../../schemas/contexts/evaluations.ts';
import type { ContentRef } from '../../../schemas/contexts/files.ts';
import type { GoldenSet } from '../../../schemas/generated/records.ts';
import { isoOf } from '../../../schemas/instant.ts';
import { type goldenSetSummary, type goldenVersion, runSummary } from './schemas.ts';

export const goldenSetUrl = (name: string): string => `/v1/evaluations/golden-sets/${name}`;
export const runUrl = (runId: string): string => `/v1/evaluations/runs/${runId}`;

/** Returns the body of a golden set without its document. */
export const goldenSetOf = ({ goldenSetId, baseline, ...set }: GoldenSet): z.infer<typeof goldenSetSummary> => ({
  ...{ golden_set: goldenSetName(goldenSetId), persona: set.persona, description: set.description },
  ...{ version: set.version, digest: set.content.digest, cases: set.cases, tools: [...set.tools] },
  ...{ triggers: [...set.triggers], last_verdict: set.lastVerdict, defined_by: set.principal },
  baseline:
    baseline === null
      ? null
      : {
          ...{ evaluation_id: baseline.runId, digest: baseline.result.digest, set_digest: baseline.setDigest },
          ...{ set_by: baseline.principal, set_at: isoOf(baseline.setAt) },
        },
  changed_at: isoOf(set.changedAt),
});

/** Returns the body of a version. */
export const versionOf = (row: GoldenSetVersionRow): z.infer<typeof goldenVersion> => ({
  ...{ golden_set: row.golden_set ?? '', version: row.version ?? 0, digest: row.digest ?? '', cases: row.cases ?? 0 },
  ...{ turn_id: row.turn_id, defined_by: row.principal ?? '', decision_id: row.decision_id ?? '' },
  created_at: row.created_at ?? '',
});

/** Returns the name of the content of a row. */
export const contentOfRow = (row: Pick<EvaluationRunRow, 'digest' | 'bytes' | 'pieces'>): ContentRef => ({
  ...{ digest: row.digest ?? '', bytes: Number(row.bytes ?? 0), pieces: row.pieces ?? 0 },
});

/** Returns the body of a run that has its verdict. Throws on a verdict or a cause that this version does not know. */
export const runOf = (row: EvaluationRunRow): z.infer<typeof runSummary> => ({
  ...{ evaluation_id: row.run_id, status: 'ended', golden_set: row.golden_set, persona: row.persona },
  ...{ persona_version: row.persona_version, set_version: row.set_version, set_digest: row.set_digest },
  ...{
    baseline_evaluation_id: row.baseline_run_id,
    verdict: runSummary.shape.verdict.parse(row.verdict),
    detail: row.detail,
  },
  ...{ more_cases: row.more_cases, cause: runSummary.shape.cause.parse(row.cause), models: [...(row.models ?? [])] },
  ...{ cases: row.cases, repeats: row.repeats, passed: row.passed, tokens: Number(row.tokens ?? 0) },
  ...{ digest: row.digest, ended_at: row.created_at },
});

/** Returns the body of a run without a verdict. */
export const openRun = (
  evaluation_id: string,
  status: 'running' | 'failed',
  detail: string | null,
): z.infer<typeof runSummary> => ({
  ...{
    evaluation_id,
    status,
    golden_set: null,
    persona: null,
    persona_version: null,
    set_version: null,
    set_digest: null,
  },
  ...{ baseline_evaluation_id: null, verdict: null, detail, more_cases: null, cause: null, models: [], cases: null },
  ...{ repeats: null, passed: null, tokens: null, digest: null, ended_at: null },
});

/** Returns the result that a run has written. */
export const resultIn = (text: string): EvaluationResult => evaluationResult.parse(JSON.parse(text));
