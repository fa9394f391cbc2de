import { hashingEmbedder } from '../../../schemas/contexts/memory/vectors.ts';
import type { AnomalyHistory } from '../builtin/anomalies-what-if.ts';
import type { AuditRows } from '../builtin/audit-export.ts';
import type { EvaluationParts } from '../builtin/persona-check.ts';
import { JobError } from '../sdk/errors.ts';
import type { JobFiles } from './port.ts';

const refuse = (): never => {
  throw new JobError('FILE_NOT_READABLE', 'a replay reads and writes no files', { retryable: false });
};

/** The files of a replay: there are none. Steps are not run again; a part of a batch, which reads its lines, cannot be replayed. */
export const noFiles: JobFiles = {
  read: refuse,
  keep: async () => refuse(),
  create: async () => refuse(),
};

/** The audit of a replay: it is read in a step, which is not run again. */
export const noAudit: AuditRows = { count: async () => refuse(), page: async () => refuse() };
export const noAnomalies: AnomalyHistory = {
  steps: async () => refuse(),
  recorded: async () => refuse(),
  replay: () => () => refuse(),
};

/** What runs of golden sets need, for a process that runs none: their results are in the journal. */
export const noEvaluations: Omit<EvaluationParts, 'problemsOf'> = {
  embedder: hashingEmbedder,
  calledTools: async () => null,
  keepVerdict: async () => undefined,
};
