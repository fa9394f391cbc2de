/** Checks the upgrade of an install before it is made: runs both versions over the same cases, and looks at the past. */
import { z } from 'zod';
import { anyCovers } from '../../../schemas/capabilities.ts';
import { neededBy } from '../../../schemas/contexts/capsules/needs.ts';
import {
  CAPSULE_CHECK_CASES_MAX,
  CAPSULE_PAST_DAYS,
  CAPSULE_PAST_RUNS_MAX,
  CAPSULE_UPGRADE_CHECK,
} from '../../../schemas/contexts/capsules/upgrades.ts';
import { capsuleIdOf, installName } from '../../../schemas/contexts/capsules.ts';
import { evaluationVerdicts } from '../../../schemas/contexts/evaluations.ts';
import type { UpgradeCheck } from '../../../schemas/generated/records.ts';
import type { GoldenCase, GoldenDocument } from '../../evaluations/golden-set.ts';
import { costOf, runReportOf } from '../../evaluations/report.ts';
import type { ScorerParts } from '../../evaluations/scorers.ts';
import { type AgentCalls, agreementsOf, type CaseAnswer, callsOf, playAll } from '../../jobs/builtin/golden-run.ts';
import { contentText } from '../../jobs/files/content-text.ts';
import type { JobFiles } from '../../jobs/files/port.ts';
import type { JobContext } from '../../jobs/sdk/context.ts';
import { JobError } from '../../jobs/sdk/errors.ts';
import { type Job, job } from '../../jobs/sdk/job.ts';
import { messageOf } from '../../kit/errors.ts';
import { checkOf } from '../../tools/manifest/json-schema.ts';
import type { CapsuleManifest } from '../manifest.ts';
import { prepareCapsule } from '../signing.ts';
import { contentRef, upgradeInput, upgradePlan } from './plan.ts';
import { promptWith } from './prompt.ts';
import { regressionOf } from './regression.ts';
import type { UpgradeReport } from './report.ts';
import { type PastRun, whatIfUpgraded } from './what-if.ts';

/** What a check needs beside its job. */
export interface UpgradeCheckParts extends ScorerParts, AgentCalls {
  /** Resolves with the runs of an install since a time, the latest first, at most `limit`. */
  pastRuns(tenantId: string, installId: string, since: Date, limit: number): Promise<readonly PastRun[]>;
  /** Appends the result of a check, for its install. A repeat changes nothing. */
  keepCheck(tenantId: string, place: string | null, installId: string, check: UpgradeCheck): Promise<void>;
}

const output = z.object({
  install: z.string(),
  verdict: z.enum(evaluationVerdicts),
  detail: z.string(),
  more_cases: z.int().nullable(),
  cases: z.int(),
  passed: z.int(),
  past_runs: z.int(),
  past_changed: z.int(),
  report: contentRef,
});

const DAY_MS = 24 * 60 * 60 * 1_000;
const READ_STEP = { retry: { attempts: 10, firstDelayMs: 200, delayMaxMs: 10_000 } } as const;
const KEEP_STEP = { retry: { attempts: 10, firstDelayMs: 1_000, delayMaxMs: 60_000 } } as const;

const refused = (detail: string): JobError => new JobError('JOB_INPUT_INVALID', detail, { retryable: false });

/** A manifest, the digest of its canonical form, and the schema of its input. */
interface Version extends Pick<ReturnType<typeof prepareCapsule>, 'manifest' | 'digest'> {
  readonly check: ReturnType<typeof checkOf>;
}

/** A job runs again after each wait, and to compile a schema takes some 40 ms: the versions that were read last are kept. */
const versions = new Map<string, Version>();
const VERSIONS_KEPT_MAX = 16;

/** Returns a version. Throws JOB_INPUT_INVALID for what is no manifest. */
function versionOf(value: unknown): Version {
  const text = JSON.stringify(value) ?? '';
  const known = versions.get(text);
  if (known !== undefined) return known;
  try {
    const { manifest, digest } = prepareCapsule(value);
    const version = { manifest, digest, check: checkOf(manifest.input) };
    for (const oldest of versions.keys()) if (versions.size >= VERSIONS_KEPT_MAX) versions.delete(oldest);
    versions.set(text, version);
    return version;
  } catch (cause) {
    throw refused(messageOf(cause));
  }
}

const idOf = ({ publisher: tenant, name, version }: CapsuleManifest): string => capsuleIdOf({ tenant, name, version });

/**
 * Returns how a version is asked: as a run of its install would be. What its schema, its grant or policy refuses is the answer of the
 * case, with its code.
 */
function askedOf(
  { manifest, check }: Version,
  granted: readonly string[],
  parts: UpgradeCheckParts,
): (ctx: JobContext, given: GoldenCase) => Promise<CaseAnswer> {
  const { agent, tools, output: outputSchema } = manifest;
  const { steps, tokens, cost, wall_ms: wallMs, identical_calls: identicalCalls } = agent.limits;
  const missing = neededBy(manifest).find((needed) => !anyCovers(granted, needed));
  return async (ctx, given) => {
    if (missing !== undefined)
      throw new JobError('CAPABILITY_MISSING', `${missing} is not granted`, { retryable: false });
    const [problem] = check(JSON.parse(given.prompt));
    if (problem !== undefined)
      throw new JobError('CAPSULE_INPUT_INVALID', `input${problem.instancePath}: ${problem.message ?? ''}`, {
        retryable: false,
      });
    const answer = await ctx.agent({
      ...{ prompt: promptWith(manifest, given.prompt), agent: agent.name, instructions: agent.instructions },
      ...(agent.model !== null && { model: agent.model }),
      ...(agent.max_tokens !== null && { maxTokens: agent.max_tokens }),
      ...{ tools: tools.map(({ name }) => name), limits: { steps, tokens, cost, wallMs, identicalCalls } },
      ...(outputSchema !== null && { outputSchema }),
    });
    return {
      ...{ text: answer.text, model: agent.model, cost: Number(answer.cost) },
      tokens: answer.tokens.prompt + answer.tokens.completion,
      tools: tools.length === 0 ? [] : await callsOf(ctx, parts, answer.run_id),
    };
  };
}

interface Versions {
  readonly from: Version;
  readonly to: Version;
  /** Capabilities that runs may use before and after. */
  readonly grantedBefore: readonly string[];
  readonly granted: readonly string[];
}

/** Runs both versions over the cases, and compares them case by case. */
async function regress(ctx: JobContext, parts: UpgradeCheckParts, document: GoldenDocument, both: Versions) {
  const agreements = await agreementsOf(ctx, document);
  const { from, to, granted, grantedBefore } = both;
  const before = await playAll(ctx, { document, parts, ask: askedOf(from, grantedBefore, parts) }, { from: 0, to: 50 });
  const now = await playAll(ctx, { document, parts, ask: askedOf(to, granted, parts) }, { from: 50, to: 100 });
  const report = runReportOf(
    document,
    now.map(({ row }) => row),
    { before: before.map(({ row }) => ({ ...row, verdict: 'same' })), seed: ctx.jobId, agreements },
  );
  const { verdict, detail, moreCases: more_cases, scorers, cases } = report;
  const all = [...before, ...now];
  return {
    ...{ verdict, detail, more_cases, margin: document.margin, repeats: document.repeats },
    ...{ passed: cases.filter(({ passed }) => passed).length, cost: costOf(all) },
    tokens: all.reduce((sum, { row }) => sum + row.tokens, 0),
    ...{ scorers: [...scorers], cases: [...cases] },
  };
}

/** Returns the job that checks an upgrade. */
export const capsuleUpgradeCheck = (
  files: JobFiles,
  parts: UpgradeCheckParts,
): Job<typeof upgradeInput, typeof output> =>
  job({
    ...{ name: CAPSULE_UPGRADE_CHECK, version: 1, title: 'Check an upgrade of a capsule before it is made' },
    ...{ input: upgradeInput, output },
    async run(ctx, { install, plan: named }) {
      const { tenantId, jobId: checkId } = ctx;
      if (!install.id.startsWith(`${tenantId}/`)) throw refused(`there is no install ${install.id}`);
      const plan = upgradePlan.parse(JSON.parse(await contentText(files, tenantId, named)));
      const [from, to] = [versionOf(plan.from), versionOf(plan.to)];
      const { granted, granted_before: grantedBefore } = plan;
      const document = regressionOf({ ...plan, from: from.manifest, to: to.manifest });
      if (document.cases.length === 0) throw refused('neither version has a golden case, and no golden set is named');
      if (document.cases.length > CAPSULE_CHECK_CASES_MAX)
        throw refused(`${document.cases.length} cases of at most ${CAPSULE_CHECK_CASES_MAX}`);
      const until = ctx.now();
      const since = new Date(until.getTime() - CAPSULE_PAST_DAYS * DAY_MS);
      const past = await ctx.step(
        'past',
        async () => {
          const runs = await parts.pastRuns(tenantId, install.id, since, CAPSULE_PAST_RUNS_MAX);
          return whatIfUpgraded({ from: from.manifest, to: to.manifest, granted }, runs);
        },
        READ_STEP,
      );
      const regression = await regress(ctx, parts, document, { from, to, granted, grantedBefore });
      const report = {
        ...{ check_id: checkId, install: installName(install.id) },
        ...{ from: { capsule: idOf(from.manifest), digest: from.digest }, granted, regression },
        to: { capsule: idOf(to.manifest), digest: to.digest },
        what_if: { from: since.toISOString(), until: until.toISOString(), ...past },
        ended_at: ctx.now().toISOString(),
      } satisfies UpgradeReportShape;
      const found = {
        ...{ verdict: regression.verdict, detail: regression.detail, cases: regression.cases.length },
        ...{ passed: regression.passed },
      };
      const content = await ctx.step(
        'keep',
        async () => {
          async function* bytes() {
            yield Buffer.from(JSON.stringify(report));
          }
          const kept = await files.keep(tenantId, bytes);
          await parts.keepCheck(tenantId, install.place, install.id, {
            ...{ checkId, fromDigest: from.digest, capsuleId: report.to.capsule, digest: to.digest, granted, ...found },
            ...{ moreCases: regression.more_cases, pastRuns: past.runs, pastChanged: past.changed, report: kept },
          });
          return kept;
        },
        KEEP_STEP,
      );
      return {
        ...{ install: report.install, ...found, more_cases: regression.more_cases, report: content },
        ...{ past_runs: past.runs, past_changed: past.changed },
      };
    },
  });

/** A report whose lists are read-only here. */
type UpgradeReportShape = Omit<UpgradeReport, 'what_if' | 'granted'> & {
  readonly granted: readonly string[];
  readonly what_if: { readonly from: string; readonly until: string } & ReturnType<typeof whatIfUpgraded>;
};
