import type { z } from 'zod';
import { graphOf, type RunStep, usedBy } from '../../../infra/jobs/workflows/graph.ts';
import { type JobRow, type JobStepRow, statusOf } from '../../../projections/jobs/queries/rows.ts';
import type { TemplateRow, TemplateVersionRow } from '../../../projections/workflows/queries.ts';
import type { WorkflowDocument } from '../../../schemas/contexts/workflows/document.ts';
import { edgesOf } from '../../../schemas/contexts/workflows/tree.ts';
import { templateNameOf, templateTag } from '../../../schemas/contexts/workflows.ts';
import type { TemplateImported } from '../../../schemas/generated/records.ts';
import { isOver, parsed } from '../jobs/views.ts';
import type { importedBody, runBody, runSummary, templateBody, templateSummary, templateVersion } from './schemas.ts';

/** Returns the URLs of a template and of a run. */
export const templateUrl = (name: string): string => `/v1/templates/${name}`;
export const runUrl = (runId: string): string => `/v1/runs/${runId}`;

/** Returns the body of a template in a list. */
export const templateSummaryOf = (row: TemplateRow): z.infer<typeof templateSummary> => ({
  ...{ template: row.template, version: row.version ?? '', digest: row.digest ?? '' },
  ...{ imported_by: row.principal ?? '', changed_at: row.updated_at ?? '' },
});

/** Returns the body of a version without its document. */
export const versionOf = (row: TemplateVersionRow): z.infer<typeof templateVersion> => ({
  ...{ template: row.template ?? '', version: row.version ?? '', digest: row.digest ?? '', install: row.install },
  ...{ imported_by: row.principal ?? '', imported_at: row.created_at ?? '' },
});

/** Returns the body of a version with its document. */
export const templateOf = (row: TemplateVersionRow): z.infer<typeof templateBody> => ({
  ...versionOf(row),
  document: JSON.parse(row.workflow ?? 'null') as unknown,
});

/** Returns the answer to an import. */
export const importedOf = ({
  templateId,
  version,
  digest,
  installId,
}: TemplateImported): z.infer<typeof importedBody> => ({
  ...{ template: templateNameOf(templateId), version, digest },
  install: installId === null ? null : templateNameOf(installId),
});

const PREFIX = templateTag('');

/** Returns the body of a run in a list. */
export function runSummaryOf(job: JobRow): z.infer<typeof runSummary> {
  const status = statusOf(job);
  const tag = (job.tags ?? []).find((each) => each.startsWith(PREFIX));
  return {
    ...{ run_id: job.job_id, template: tag?.slice(PREFIX.length) ?? null, status },
    code: (job.fault as { readonly code?: string } | null)?.code ?? null,
    ...{ created_at: job.created_at, ended_at: isOver(status) ? job.ended_at : null },
  };
}

const isReview = ({ kind, name }: JobStepRow): boolean => kind === 'step' && name.endsWith('.review');

/** Returns a step as a graph needs it. */
export const runStepOf = (step: JobStepRow): RunStep => ({
  ...{ path: step.path, name: step.name, kind: step.kind ?? '', status: step.status ?? '' },
  code: (step.fault as { readonly code?: string } | null)?.code ?? null,
  ...{ attempts: step.attempts ?? 1, started_at: step.started_at },
  ended_at: step.status === 'waiting' ? null : step.ended_at,
  output: ['model', 'agent'].includes(step.kind ?? '') || isReview(step) ? parsed(step.output) : null,
});

/** Returns the body of a run. */
export function runOf(job: JobRow, document: WorkflowDocument, steps: readonly RunStep[]): z.infer<typeof runBody> {
  return {
    ...{
      ...runSummaryOf(job),
      document,
      nodes: graphOf(document, steps).map(({ reviews, ...node }) => ({ ...node, reviews: [...reviews] })),
      edges: [...edgesOf(document)],
    },
    ...{ used: usedBy(steps), steps_shown: steps.length },
  };
}
