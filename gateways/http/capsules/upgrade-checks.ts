import type { UpgradeInput, UpgradePlan } from '../../../infra/capsules/upgrade/plan.ts';
import { inputText } from '../../../infra/capsules/upgrade/prompt.ts';
import { upgradeReport } from '../../../infra/capsules/upgrade/report.ts';
import type { GoldenDocument } from '../../../infra/evaluations/golden-set.ts';
import { statusOf } from '../../../projections/jobs/queries/rows.ts';
import { anyCovers } from '../../../schemas/capabilities.ts';
import { CAPSULE_UPGRADE_CHECK, grantAfter, INSTALL_CAPSULES } from '../../../schemas/contexts/capsules/upgrades.ts';
import { capsuleNameOf, installIdOf, installName, READ_CAPSULES } from '../../../schemas/contexts/capsules.ts';
import { RUN_EVALUATIONS } from '../../../schemas/contexts/evaluations.ts';
import type { ContentRef } from '../../../schemas/contexts/files.ts';
import { policyRefusals } from '../../../schemas/contexts/policy/refusals.ts';
import { type JobRefused, startJob } from '../../../schemas/generated/records.ts';
import { askerOf, type Caller } from '../../shared/auth/caller.ts';
import { TAKE_EFFECT_MS } from '../../shared/command/defaults.ts';
import { contentTextOf, keptContent } from '../../shared/contents.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { commandProblem } from '../../shared/problems/shortfall.ts';
import { declare } from '../../shared/route/declare.ts';
import { requireCapability } from '../../shared/route/request.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { documentOf, setOrUnknown } from '../evaluations/find.ts';
import { findJob } from '../jobs/find.ts';
import { typeOf } from '../jobs/input.ts';
import { isOver, parsed } from '../jobs/views.ts';
import { capsuleOrUnknown, installOrUnknown } from './find.ts';
import { toolsOfManifest } from './installs.ts';
import {
  checkUpgradeBody,
  installFields,
  pendingCheck,
  upgradeCheckBody,
  upgradeCheckFields,
  upgradeCheckStarted,
} from './schemas.ts';
import { manifestOf, upgradeCheckUrl } from './views.ts';

type Needs = Pick<GatewayServices, 'tables' | 'readModel' | 'filePieces' | 'models' | 'jobs'>;
const { command, endpoint } = declare<Needs>();

/** Time after its end for which a check waits to be shown at its install, in ms. */
const SHOWN_MS = 10_000;

const tagOf = (install: string): string => `install:${install}`;

/** Returns whether a prompt is an input as JSON. */
function isInput(prompt: string): boolean {
  try {
    const input: unknown = JSON.parse(prompt);
    return typeof input === 'object' && input !== null && !Array.isArray(input);
  } catch {
    return false;
  }
}

/**
 * Resolves with a golden set of the tenant whose prompts are inputs, in their canonical form. Rejects with Problem RESOURCE_UNKNOWN,
 * CAPABILITY_MISSING, GOLDEN_SET_INVALID, and READ_MODEL_BEHIND.
 */
async function goldenOf(services: Needs, { tenantId, capabilities }: Caller, name: string): Promise<GoldenDocument> {
  requireCapability(anyCovers(capabilities, RUN_EVALUATIONS), RUN_EVALUATIONS);
  const document = await documentOf(services, tenantId, setOrUnknown(services, tenantId, name).content);
  const other = document.cases.find(({ prompt, earlier }) => earlier.length > 0 || !isInput(prompt));
  if (other !== undefined)
    throw new Problem(
      'GOLDEN_SET_INVALID',
      `The case ${other.case_id} is no case of a capsule: its prompt must be an input as a JSON object, without earlier messages`,
    );
  const cases = document.cases.map((each) => ({ ...each, prompt: inputText(JSON.parse(each.prompt)) }));
  return { ...document, cases };
}

interface Asked {
  readonly capsule: string;
  readonly digest: string;
  readonly granted?: readonly string[] | undefined;
}

/** Returns both versions and what runs may use. Throws Problem with the code that the upgrade would have. */
function versionsOf({ tables }: Needs, caller: Caller, install: string, { capsule, digest, granted }: Asked) {
  const { pin, installId, place } = installOrUnknown(tables, caller.tenantId, install);
  const next = capsuleOrUnknown(tables, caller, capsule);
  const [from, to] = [capsuleNameOf(pin.capsuleId), capsuleNameOf(next.capsuleId)];
  if (from?.tenant !== to?.tenant || from?.name !== to?.name || pin.digest === next.digest)
    throw new Problem('CAPSULE_STATE_INVALID', 'An upgrade is to another version of the same capsule');
  if (next.status !== 'listed')
    throw new Problem('CAPSULE_STATE_INVALID', `The capsule ${next.capsuleId} is ${next.status}`);
  if (next.digest !== digest)
    throw new Problem('CAPSULE_DIGEST_MISMATCH', `The capsule has sha256 ${next.digest}, not ${digest}`);
  const beyond = granted?.find((each) => !anyCovers(next.asks, each));
  if (beyond !== undefined) throw new Problem('CAPSULE_GRANT_INVALID', `The capsule does not ask for ${beyond}`);
  const current = tables.capsules.value.get(pin.capsuleId);
  if (current?.digest !== pin.digest)
    throw new Problem('CAPSULE_UNKNOWN', `There is no capsule ${pin.capsuleId} with sha256 ${pin.digest}`);
  const [before, after] = [manifestOf(current), manifestOf(next)];
  toolsOfManifest(tables, caller.tenantId, after);
  return { installId, place, before, after, pin, granted: grantAfter(granted ?? null, pin, next.asks) };
}

/** Route that checks an upgrade. */
export const startUpgradeCheckRoute = command({
  operationId: 'startUpgradeCheck',
  tag: 'capsules',
  summary: 'Check an upgrade before it is made',
  description:
    'Requires `jobs:start:capsule.upgrade-check` besides, and what the runs of both versions need. The check is a job. It runs both versions over the golden cases of both, and those of a golden set of the tenant, and compares them case by case; and it says what the next version would have refused, ended earlier and charged in the runs of the last 28 days, at most 2,000. Cases with tools call them.',
  method: 'POST',
  url: '/v1/marketplace/installs/:install/upgrade-checks',
  params: installFields,
  takes: INSTALL_CAPSULES,
  body: checkUpgradeBody,
  appends: ['StartJob'],
  subject: ({ identity }) => identity.subjectId,
  location: ({ params, identity }) => upgradeCheckUrl(params.install, identity.subjectId),
  pending: { ...pendingCheck, of: ({ identity }) => ({ check_id: identity.subjectId }) },
  command: async ({ body, caller, params, tenantId, identity, services }) => {
    const { golden_set: set, margin, repeats, labels = [] } = body;
    typeOf(services.tables, CAPSULE_UPGRADE_CHECK);
    const { installId: id, place, before, after, pin, granted } = versionsOf(services, caller, params.install, body);
    const plan: UpgradePlan = {
      ...{ from: before, to: after, granted_before: [...pin.granted], granted: [...granted], margin, repeats },
      golden: set === undefined ? null : await goldenOf(services, caller, set),
    };
    if (plan.golden === null && before.golden.length + after.golden.length === 0)
      throw new Problem('GOLDEN_SET_INVALID', 'Neither version has a golden case: name a golden set');
    const content = await keptContent(services, tenantId, Buffer.from(JSON.stringify(plan)));
    return startJob({
      ...{ ...askerOf(caller), jobId: identity.subjectId, type: CAPSULE_UPGRADE_CHECK, lane: 'standard', runAt: null },
      ...{ deadline: null, concurrencyKey: null, retry: null, tags: ['capsule-upgrade', tagOf(params.install)] },
      ...{ labels, input: JSON.stringify({ install: { id, place }, plan: content } satisfies UpgradeInput) },
    });
  },
  problems: [
    ...(['CAPSULE_INSTALL_UNKNOWN', 'CAPSULE_UNKNOWN', 'CAPSULE_STATE_INVALID', 'CAPSULE_DIGEST_MISMATCH'] as const),
    ...(['CAPSULE_GRANT_INVALID', 'CAPSULE_TOOL_MISSING', 'TOOL_UNKNOWN', 'AGENT_TOOLS_TOO_LARGE'] as const),
    ...(['RESOURCE_UNKNOWN', 'CAPABILITY_MISSING', 'GOLDEN_SET_INVALID', 'JOB_TYPE_UNKNOWN'] as const),
    ...(['LOG_UNAVAILABLE', 'READ_MODEL_BEHIND', 'READ_MODEL_UNAVAILABLE'] as const),
  ],
  outcomes: {
    JobRefused: {
      kind: 'refusal',
      problems: [...policyRefusals, 'JOB_TYPE_UNKNOWN', 'JOB_INPUT_TOO_LARGE'],
      problem: ({ jobId: check_id, code, detail, decision, shortfall }: JobRefused) =>
        commandProblem({ code, detail, decision, shortfall }, { check_id }),
    },
    JobAccepted: {
      status: 201,
      schema: upgradeCheckStarted,
      answer: ({ jobId: check_id, input }) => {
        const { install } = JSON.parse(input) as UpgradeInput;
        const name = installName(install.id);
        return { check_id, install: name, status: 'running' as const, url: upgradeCheckUrl(name, check_id) };
      },
    },
  },
});

/** Resolves when this gateway shows a check at its install, or the install runs another version. */
async function shownAtInstall(
  { tables: { capsuleInstalls } }: Needs,
  installId: string,
  { checkId, from }: { readonly checkId: string; readonly from: string },
): Promise<void> {
  await capsuleInstalls.holds((known) => {
    const install = known.get(installId);
    return install?.status !== 'installed' || install.pin.digest !== from || install.check?.checkId === checkId;
  }, TAKE_EFFECT_MS);
}

/** Route that shows a check. */
export const getUpgradeCheckRoute = endpoint({
  operationId: 'getUpgradeCheck',
  tag: 'capsules',
  summary: 'Get a check of an upgrade with its regression and its what-if',
  description: 'A check is a job: `GET /v1/jobs/{job_id}` has its steps and what it costs.',
  url: '/v1/marketplace/installs/:install/upgrade-checks/:check_id',
  takes: READ_CAPSULES,
  params: upgradeCheckFields,
  views: ['jobs', 'files'],
  response: upgradeCheckBody,
  problems: ['RESOURCE_UNKNOWN', 'READ_MODEL_BEHIND'],
  answer: async ({ caller: { tenantId }, params: { install, check_id: checkId }, services }) => {
    const job = await findJob(services, tenantId, checkId);
    if (job?.type !== CAPSULE_UPGRADE_CHECK || job.tags?.includes(tagOf(install)) !== true)
      throw new Problem('RESOURCE_UNKNOWN', `There is no check ${checkId} of the install ${install}`);
    const status = statusOf(job);
    const found = { check_id: checkId, install, detail: null, report: null };
    if (!isOver(status)) return { ...found, status: 'running' as const };
    const { detail = null } = (job.fault ?? {}) as { readonly detail?: string };
    if (status !== 'completed') return { ...found, status: 'failed' as const, detail };
    const { report: content } = parsed(job.result) as { readonly report: ContentRef };
    const report = upgradeReport.parse(JSON.parse(await contentTextOf(services, tenantId, content)));
    if (Date.now() - Date.parse(report.ended_at) < SHOWN_MS)
      await shownAtInstall(services, installIdOf(tenantId, install), { checkId, from: report.from.digest });
    return { ...found, status: 'ended' as const, report };
  },
});
