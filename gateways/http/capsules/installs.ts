import { inputText, promptWith } from '../../../infra/capsules/upgrade/prompt.ts';
import { checkOf } from '../../../infra/tools/manifest/json-schema.ts';
import { nothing, plus } from '../../../schemas/amount.ts';
import { anyCovers } from '../../../schemas/capabilities.ts';
import { AGENT_TEXT_CHARS_MAX, boundedLimits } from '../../../schemas/contexts/agents.ts';
import { neededBy } from '../../../schemas/contexts/capsules/needs.ts';
import { INSTALL_CAPSULES } from '../../../schemas/contexts/capsules/upgrades.ts';
import {
  CAPSULE_INSTALLS_MAX,
  capsuleNameOf,
  installIdOf,
  installName,
  RUN_CAPSULES,
} from '../../../schemas/contexts/capsules.ts';
import { policyRefusals } from '../../../schemas/contexts/policy/refusals.ts';
import {
  type AgentRunRefused,
  type CapsuleInstallRefused,
  installCapsule,
  rollbackCapsule,
  startAgentRun,
  uninstallCapsule,
  upgradeCapsule,
} from '../../../schemas/generated/records.ts';
import { askerOf, type Caller } from '../../shared/auth/caller.ts';
import { TAKE_EFFECT_MS } from '../../shared/command/defaults.ts';
import type { ProblemCode } from '../../shared/problems/catalogue.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { commandProblem } from '../../shared/problems/shortfall.ts';
import { declare } from '../../shared/route/declare.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { agentRunStartedBody, pendingRun } from '../agents/schemas.ts';
import { outputSchemaOf, toolsOf } from '../agents/tools.ts';
import { runUrl, startedOf } from '../agents/views.ts';
import { fieldError } from '../jobs/input.ts';
import { capsuleOrUnknown, installOrUnknown } from './find.ts';
import {
  installBody,
  installCapsuleBody,
  installFields,
  pendingInstall,
  rollbackCapsuleBody,
  runCapsuleBody,
  upgradeCapsuleBody,
} from './schemas.ts';
import { installOf, installUrl, manifestOf } from './views.ts';

type Needs = Pick<GatewayServices, 'tables' | 'readModel'>;
const { command } = declare<Needs>();

/** Invalid fields that an answer names. */
const ERRORS_MAX = 20;

/** Returns a refusal as a problem, with the decision where there is one. */
const refused = (...codes: readonly ProblemCode[]) => ({
  kind: 'refusal' as const,
  problems: codes,
  problem: ({ installId, code, detail, decision, shortfall }: CapsuleInstallRefused): Problem =>
    commandProblem({ code, detail, decision, shortfall }, { install: installName(installId) }),
});

interface Pinned {
  readonly installId: string;
  readonly pin: { readonly digest: string };
}
type With = { readonly services: Needs };

const shown = ({ installId }: { readonly installId: string }, { services }: With) => {
  const found = services.tables.capsuleInstalls.value.get(installId);
  return found === undefined ? null : installOf(found);
};

const pinned = {
  status: 200,
  schema: installBody,
  inEffect: ({ installId, pin }: Pinned, { services }: With) =>
    services.tables.capsuleInstalls.holds((known) => {
      const found = known.get(installId);
      return found?.status === 'installed' && found.pin.digest === pin.digest;
    }, TAKE_EFFECT_MS),
  answer: shown,
} as const;

const capsuleRefusals = [
  ...(['CAPSULE_UNKNOWN', 'CAPSULE_STATE_INVALID', 'CAPSULE_REVOKED'] as const),
  ...(['CAPSULE_DIGEST_MISMATCH', 'CAPSULE_GRANT_INVALID'] as const),
] as const satisfies readonly ProblemCode[];

/** Returns the default name of an install. Throws Problem CAPSULE_UNKNOWN. */
function nameOf(capsuleId: string): string {
  const found = capsuleNameOf(capsuleId);
  if (found === null) throw new Problem('CAPSULE_UNKNOWN', `There is no capsule ${capsuleId}`);
  return found.name;
}

/** Route that installs a capsule. */
export const installCapsuleRoute = command({
  operationId: 'installCapsule',
  tag: 'capsules',
  summary: 'Install a capsule',
  description:
    'The install pins the capsule by its digest. Its runs may use what is granted here, and no capability more; a run that needs more is refused.',
  method: 'POST',
  url: '/v1/marketplace/installs',
  takes: INSTALL_CAPSULES,
  body: installCapsuleBody,
  appends: ['InstallCapsule'],
  subject: ({ tenantId, body }) => installIdOf(tenantId, body.name ?? nameOf(body.capsule)),
  // An install that was removed and is made again stays in its place.
  place: async ({ tenantId, body, services }) =>
    services.tables.capsuleInstalls.value.get(installIdOf(tenantId, body.name ?? nameOf(body.capsule)))?.place ?? null,
  location: ({ body }) => installUrl(body.name ?? nameOf(body.capsule)),
  pending: { ...pendingInstall, of: ({ body }) => ({ install: body.name ?? nameOf(body.capsule) }) },
  command: ({ caller, tenantId, body, services: { tables } }) => {
    const { capsule, digest, granted, labels = [] } = body;
    const { capsuleId } = capsuleOrUnknown(tables, caller, capsule);
    const own = [...tables.capsuleInstalls.value.values()].filter((each) => each.tenantId === tenantId);
    if (own.length >= CAPSULE_INSTALLS_MAX)
      throw new Problem('DIRECTORY_FULL', `There are ${CAPSULE_INSTALLS_MAX} installs, including removed ones`);
    const installId = installIdOf(tenantId, body.name ?? nameOf(capsule));
    return installCapsule({ ...askerOf(caller), installId, capsuleId, digest, granted, labels });
  },
  problems: ['DIRECTORY_FULL', 'CAPSULE_UNKNOWN', 'LOG_UNAVAILABLE'],
  outcomes: {
    CapsuleInstallRefused: refused(...policyRefusals, 'ALREADY_EXISTS', ...capsuleRefusals),
    CapsuleInstalled: { ...pinned, status: 201 },
  },
});

interface InstallRequest {
  readonly params: { readonly install: string };
  readonly tenantId: string;
  readonly services: Needs;
}

const ofInstall = {
  tag: 'capsules',
  params: installFields,
  takes: INSTALL_CAPSULES,
  subject: ({ tenantId, params }: InstallRequest) => installIdOf(tenantId, params.install),
  location: ({ params }: InstallRequest) => installUrl(params.install),
  pending: { ...pendingInstall, of: ({ params }: InstallRequest) => ({ install: params.install }) },
  place: async ({ tenantId, params, services }: InstallRequest) =>
    services.tables.capsuleInstalls.value.get(installIdOf(tenantId, params.install))?.place ?? null,
  problems: ['CAPSULE_INSTALL_UNKNOWN', 'LOG_UNAVAILABLE'],
} as const;

/** Route that upgrades an install. */
export const upgradeCapsuleRoute = command({
  ...ofInstall,
  operationId: 'upgradeCapsule',
  summary: 'Upgrade an install to another version',
  description:
    'Takes a check of this upgrade that has passed, by its `check_id`: `POST /v1/marketplace/installs/{install}/upgrade-checks`. A version that asks for more than the one before needs a new grant.',
  method: 'POST',
  url: '/v1/marketplace/installs/:install/upgrade',
  body: upgradeCapsuleBody,
  appends: ['UpgradeCapsule'],
  command: ({ caller, tenantId, params, body, services: { tables } }) => {
    const { capsule, digest, granted = null, check_id: checkId = null, labels = [] } = body;
    const { installId } = installOrUnknown(tables, tenantId, params.install);
    const { capsuleId } = capsuleOrUnknown(tables, caller, capsule);
    return upgradeCapsule({ ...askerOf(caller), installId, capsuleId, digest, granted, checkId, labels });
  },
  problems: ['CAPSULE_INSTALL_UNKNOWN', 'CAPSULE_UNKNOWN', 'LOG_UNAVAILABLE'],
  outcomes: {
    CapsuleInstallRefused: refused(
      ...policyRefusals,
      ...capsuleRefusals,
      ...(['CAPSULE_INSTALL_UNKNOWN', 'CAPSULE_GRANT_REQUIRED'] as const),
      ...(['CAPSULE_CHECK_REQUIRED', 'CAPSULE_REGRESSION_FAILED'] as const),
    ),
    CapsuleUpgraded: pinned,
  },
});

/** Route that rolls an install back. */
export const rollbackCapsuleRoute = command({
  ...ofInstall,
  operationId: 'rollbackCapsule',
  summary: 'Return an install to what it ran before',
  description: 'With the digest and the grant of that time; at most ten times in a row.',
  method: 'POST',
  url: '/v1/marketplace/installs/:install/rollback',
  body: rollbackCapsuleBody,
  appends: ['RollbackCapsule'],
  command: ({ caller, tenantId, params, body: { labels = [] }, services: { tables } }) => {
    const { installId } = installOrUnknown(tables, tenantId, params.install);
    return rollbackCapsule({ ...askerOf(caller), installId, labels });
  },
  outcomes: {
    CapsuleInstallRefused: refused(
      ...policyRefusals,
      ...(['CAPSULE_INSTALL_UNKNOWN', 'CAPSULE_STATE_INVALID', 'CAPSULE_REVOKED'] as const),
    ),
    CapsuleRolledBack: pinned,
  },
});

/** Route that removes an install. */
export const uninstallCapsuleRoute = command({
  ...ofInstall,
  operationId: 'uninstallCapsule',
  summary: 'Remove an install',
  description: 'Runs that have begun end; its history stays.',
  method: 'DELETE',
  url: '/v1/marketplace/installs/:install',
  appends: ['UninstallCapsule'],
  command: ({ caller, tenantId, params, services: { tables } }) => {
    const { installId } = installOrUnknown(tables, tenantId, params.install);
    return uninstallCapsule({ ...askerOf(caller), installId, labels: [] });
  },
  outcomes: {
    CapsuleInstallRefused: refused(...policyRefusals, 'CAPSULE_INSTALL_UNKNOWN'),
    CapsuleUninstalled: {
      status: 200,
      schema: installBody,
      inEffect: ({ installId }, { services }) =>
        services.tables.capsuleInstalls.holds(
          (known) => known.get(installId)?.status === 'uninstalled',
          TAKE_EFFECT_MS,
        ),
      answer: shown,
    },
  },
});

/** Returns the prompt of a run: the task of the capsule, then the input as JSON. Throws Problem CAPSULE_INPUT_INVALID. */
function promptOf(manifest: ReturnType<typeof manifestOf>, input: Readonly<Record<string, unknown>>) {
  const errors = checkOf(manifest.input)(input).slice(0, ERRORS_MAX).map(fieldError('input'));
  if (errors.length > 0) {
    const named = errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; ');
    throw new Problem('CAPSULE_INPUT_INVALID', `The input does not fit the capsule: ${named}`, { errors });
  }
  const prompt = promptWith(manifest, inputText(input));
  if (prompt.length <= AGENT_TEXT_CHARS_MAX) return prompt;
  throw new Problem(
    'CAPSULE_INPUT_INVALID',
    `The input makes a prompt of more than ${AGENT_TEXT_CHARS_MAX} characters`,
  );
}

/** Returns the tools of a capsule as the tenant has them. Throws Problem CAPSULE_TOOL_MISSING, and those of tools. */
export function toolsOfManifest(
  tables: Needs['tables'],
  tenantId: string,
  manifest: Pick<ReturnType<typeof manifestOf>, 'tools'>,
) {
  const names = manifest.tools.map(({ name }) => name);
  const tools = toolsOf(tables, tenantId, names, { inPrograms: false });
  const other = manifest.tools.find(
    (used) => used.digest !== null && tools.find(({ name }) => name === used.name)?.digest !== used.digest,
  );
  if (other === undefined) return tools;
  const detail = `The tool ${other.name} has another manifest than sha256 ${other.digest}`;
  throw new Problem('CAPSULE_TOOL_MISSING', detail);
}

/** A run that a caller asks for. */
interface AskedRun {
  readonly caller: Caller;
  readonly tenantId: string;
  /** Name of the install. */
  readonly install: string;
  readonly runId: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly labels?: readonly string[] | undefined;
}

/**
 * Returns the command of a run, with the capabilities that it needs, the install was granted and the caller has. Throws Problem:
 * CAPSULE_INSTALL_UNKNOWN, CAPSULE_UNKNOWN, CAPSULE_REVOKED, CAPSULE_TOOL_MISSING, CAPSULE_INPUT_INVALID, and those of tools.
 */
export function runOfInstall(
  tables: Needs['tables'],
  { caller, tenantId, install, runId, input, labels = [] }: AskedRun,
): ReturnType<typeof startAgentRun> {
  const { installId, pin } = installOrUnknown(tables, tenantId, install);
  const { capsuleId, digest, granted, price } = pin;
  const found = tables.capsules.value.get(capsuleId);
  if (found === undefined || found.digest !== digest)
    throw new Problem('CAPSULE_UNKNOWN', `There is no capsule ${capsuleId} with sha256 ${digest}`);
  if (found.status === 'revoked') throw new Problem('CAPSULE_REVOKED', `The capsule ${capsuleId} was revoked`);
  const manifest = manifestOf(found);
  const { name: agent, instructions, model, max_tokens: maxTokens, limits } = manifest.agent;
  const { steps, tokens, cost, wall_ms: wallMs, identical_calls: identicalCalls } = limits;
  const tools = toolsOfManifest(tables, tenantId, manifest);
  // What a run needs, the tenant granted, and the caller has: each of them can take away, and none can add.
  const capabilities = neededBy(manifest).filter(
    (needed) => anyCovers(granted, needed) && anyCovers(caller.capabilities, needed),
  );
  return startAgentRun({
    ...{ ...askerOf(caller), capabilities, labels, runId },
    ...{ agent, instructions, prompt: promptOf(manifest, input), model, maxTokens, tools },
    limits: boundedLimits({
      ...{ steps, tokens, wallMs, identicalCalls },
      cost: cost === null ? null : plus(nothing, { tokens: 0, cost }).cost,
    }),
    outputSchema: outputSchemaOf(manifest.output),
    ...{ capsule: { installId, capsuleId, digest, price }, program: null, fork: null },
  });
}

/** Route that runs an installed capsule. */
export const runCapsuleRoute = command({
  operationId: 'runCapsule',
  tag: 'capsules',
  summary: 'Run an installed capsule',
  description:
    'Starts a run of its agent, with the capabilities that were granted to the install and that the caller has. The run names the install and the digest. A run that needs a capability which is not granted is refused.',
  method: 'POST',
  url: '/v1/marketplace/installs/:install/run',
  params: installFields,
  body: runCapsuleBody,
  takes: RUN_CAPSULES,
  appends: ['StartAgentRun'],
  subject: ({ identity }) => identity.subjectId,
  location: ({ identity }) => runUrl(identity.subjectId),
  pending: { ...pendingRun, of: ({ identity }) => ({ run_id: identity.subjectId }) },
  command: ({ caller, tenantId, params, body, identity, services: { tables } }) =>
    runOfInstall(tables, { caller, tenantId, install: params.install, runId: identity.subjectId, ...body }),
  problems: [
    ...(['CAPSULE_INSTALL_UNKNOWN', 'CAPSULE_UNKNOWN', 'CAPSULE_REVOKED', 'CAPSULE_TOOL_MISSING'] as const),
    ...(['CAPSULE_INPUT_INVALID', 'TOOL_UNKNOWN', 'LOG_UNAVAILABLE', 'AGENT_TOOLS_TOO_LARGE'] as const),
    'AGENT_SCHEMA_INVALID',
  ],
  outcomes: {
    AgentRunRefused: {
      kind: 'refusal',
      problems: [...policyRefusals, 'AGENT_TOOLS_TOO_LARGE'],
      problem: ({ runId: run_id, code, detail, decision, shortfall }: AgentRunRefused) =>
        commandProblem({ code, detail, decision, shortfall }, { run_id }),
    },
    AgentRunStarted: { status: 201, schema: agentRunStartedBody, answer: startedOf },
  },
});
