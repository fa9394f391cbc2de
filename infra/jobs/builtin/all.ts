import { schemaProblemsOf } from '../../tools/manifest/schema-problems.ts';
import type { JobFiles } from '../files/port.ts';
import type { AnyJob } from '../sdk/job.ts';
import type { JobQueue } from '../worker/module.ts';
import { Jq } from '../workflows/expressions/jq.ts';
import { workflowRun } from '../workflows/job.ts';
import { type AnomalyHistory, anomaliesWhatIf } from './anomalies-what-if.ts';
import { type AuditRows, auditExport } from './audit-export.ts';
import { inferenceBatch } from './inference-batch.ts';
import { type EvaluationParts, personaCheck, personaRecheck } from './persona-check.ts';

/** What the jobs that come with the platform read and write. */
export interface BuiltInParts {
  readonly files: JobFiles;
  readonly audit: AuditRows;
  readonly anomalies: AnomalyHistory;
  readonly evaluations: Omit<EvaluationParts, 'problemsOf'>;
  /** Jobs of the platform that are declared above this room. */
  readonly further: readonly AnyJob[];
}

/** Returns the jobs that come with the platform, and their queue. */
export function builtInJobs({ files, audit, anomalies, evaluations, further }: BuiltInParts): JobQueue {
  const problemsOf = schemaProblemsOf();
  const parts = { ...evaluations, problemsOf };
  return {
    queue: 'built-in',
    jobs: [
      inferenceBatch(files),
      auditExport(files, audit),
      anomaliesWhatIf(anomalies),
      workflowRun({ jq: new Jq(), problemsOf }),
      personaCheck(files, parts),
      personaRecheck(files, parts),
      ...further,
    ],
  };
}
