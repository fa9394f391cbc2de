import type { EvaluationParts } from '../jobs/builtin/persona-check.ts';
import type { JobFiles } from '../jobs/files/port.ts';
import type { AnyJob } from '../jobs/sdk/job.ts';
import { schemaProblemsOf } from '../tools/manifest/schema-problems.ts';
import { capsuleUpgradeCheck, type UpgradeCheckParts } from './upgrade/job.ts';

/** What the jobs of capsules read and write. */
export interface CapsuleJobParts {
  readonly files: JobFiles;
  readonly evaluations: Pick<EvaluationParts, 'embedder' | 'calledTools'>;
  readonly upgrades: Pick<UpgradeCheckParts, 'pastRuns' | 'keepCheck'>;
}

/** Returns the jobs of capsules, for the queue of the platform. */
export const capsuleJobs = ({ files, evaluations, upgrades }: CapsuleJobParts): readonly AnyJob[] => [
  capsuleUpgradeCheck(files, { ...evaluations, ...upgrades, problemsOf: schemaProblemsOf() }),
];

/** What checks of upgrades need, for a process that runs none: their results are in the journal. */
export const noUpgrades: CapsuleJobParts['upgrades'] = {
  pastRuns: async () => [],
  keepCheck: async () => undefined,
};
