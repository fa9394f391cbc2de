/** The input of a check: made by a gateway, read by its job. */
import { z } from 'zod';
import { EVALUATION_REPEATS_MAX } from '../../../schemas/contexts/evaluations.ts';
import { goldenDocument } from '../../evaluations/golden-set.ts';

export const contentRef = z.object({
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().min(0),
  pieces: z.int().min(0),
});

export const upgradeInput = z
  .object({
    install: z.object({ id: z.string().describe('`<tenant>/<name>`'), place: z.string().nullable() }),
    plan: contentRef.describe('The plan, JSON: two manifests, grants and cases.'),
  })
  .describe('Made by `POST /v1/marketplace/installs/{install}/upgrade-checks`.');
export type UpgradeInput = z.output<typeof upgradeInput>;

/** Both manifests, which the job names by the digests of their canonical forms, and what they are measured by. */
export const upgradePlan = z.object({
  from: z.unknown(),
  to: z.unknown(),
  granted_before: z.array(z.string()),
  granted: z.array(z.string()),
  golden: goldenDocument.nullable(),
  margin: z.number().min(0.01).max(0.5),
  repeats: z.int().min(1).max(EVALUATION_REPEATS_MAX),
});
export type UpgradePlan = z.input<typeof upgradePlan>;
