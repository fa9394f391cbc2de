import { z } from 'zod';
import type { RunPrices } from '../../../infra/jobs/workflows/budget.ts';
import type { ReadWorkflow } from '../../../infra/jobs/workflows/document.ts';
import { planOf } from '../../../infra/jobs/workflows/plan.ts';
import { highestPrice, type ModelRegistry } from '../../../infra/models/registry/model-registry.ts';
import { templateRows } from '../../../projections/workflows/queries.ts';
import { anyCovers } from '../../../schemas/capabilities.ts';
import { policyRefusals } from '../../../schemas/contexts/policy/refusals.ts';
import {
  IMPORT_TEMPLATES,
  TEMPLATE_NAME_CHARS_MAX,
  templateIdOf,
  templateName,
  templateNameOf,
  templateTag,
  WORKFLOW_RUN,
} from '../../../schemas/contexts/workflows.ts';
import {
  importTemplate,
  type JobRefused,
  removeTemplate,
  startJob,
  type TemplateRefused,
} from '../../../schemas/generated/records.ts';
import { askerOf } from '../../shared/auth/caller.ts';
import type { ProblemCode } from '../../shared/problems/catalogue.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { commandProblem } from '../../shared/problems/shortfall.ts';
import { declare } from '../../shared/route/declare.ts';
import type { GatewayServices } from '../../shared/services.ts';
import { installOrUnknown } from '../capsules/find.ts';
import { manifestOf } from '../capsules/views.ts';
import { keptInputOf, typeOf } from '../jobs/input.ts';
import { bundledOf, supportedOf, versionOrUnknown } from './find.ts';
import {
  importedBody,
  importTemplateBody,
  pendingRun,
  pendingTemplate,
  runStartedBody,
  startRunBody,
  templateFields,
} from './schemas.ts';
import { importedOf, runUrl, templateUrl } from './views.ts';

type Needs = Pick<GatewayServices, 'tables' | 'readModel' | 'jobs' | 'filePieces' | 'models'>;
const { command } = declare<Needs>();

/** Returns a refusal as a problem, with the decision where there is one. */
const refused = (...codes: readonly ProblemCode[]) => ({
  kind: 'refusal' as const,
  problems: [...policyRefusals, ...codes],
  problem: ({ templateId, code, detail, decision, shortfall }: TemplateRefused): Problem =>
    commandProblem({ code, detail, decision, shortfall }, { template: templateNameOf(templateId) }),
});

interface Asked {
  readonly tenantId: string;
  readonly services: Pick<Needs, 'tables' | 'readModel'>;
  readonly body: z.output<typeof importTemplateBody>;
}

interface Named extends ReadWorkflow {
  readonly name: string;
}
/** Documents by the body of their request: each is checked once. */
const named = new WeakMap<object, Named>();

/** Returns the document of an import, with its name. Throws Problem as `supportedOf`; CAPSULE_INSTALL_UNKNOWN, CAPSULE_WORKFLOW_MISSING. */
function documentOf({ tenantId, services: { tables }, body }: Asked): Named {
  const known = named.get(body);
  if (known !== undefined) return known;
  const { document, install } = body;
  const read = supportedOf(install === undefined ? document : workflowOf(tables, tenantId, install));
  const { namespace, name: own } = read.document.document;
  const name = templateName(namespace, own);
  if (name.length > TEMPLATE_NAME_CHARS_MAX)
    throw new Problem('WORKFLOW_INVALID', `The name ${name} has more than ${TEMPLATE_NAME_CHARS_MAX} characters`);
  const found = { ...read, name };
  named.set(body, found);
  return found;
}

function workflowOf(tables: Needs['tables'], tenantId: string, install: string): unknown {
  const { pin } = installOrUnknown(tables, tenantId, install);
  const found = tables.capsules.value.get(pin.capsuleId);
  if (found === undefined || found.digest !== pin.digest)
    throw new Problem('CAPSULE_UNKNOWN', `There is no capsule ${pin.capsuleId} with sha256 ${pin.digest}`);
  const { workflow } = manifestOf(found);
  if (workflow === undefined)
    throw new Problem('CAPSULE_WORKFLOW_MISSING', `The capsule ${pin.capsuleId} has no workflow`);
  return workflow;
}

/** Resolves with the place of a template; null for a new one. */
const placeOf = async ({ readModel }: Pick<Needs, 'readModel'>, tenantId: string, name: string) =>
  (await readModel.row(tenantId, templateRows, name))?.place ?? null;

/** Route that imports a template. */
export const importTemplateRoute = command({
  operationId: 'importTemplate',
  tag: 'workflows',
  summary: 'Import a version of a template',
  description:
    'A document, or that of an installed capsule. It is checked whole: what runs do not support is refused with its JSON pointer. Runs start from the version that was imported last; a version never changes, so another document needs another `document.version`.',
  method: 'POST',
  url: '/v1/templates/import',
  takes: IMPORT_TEMPLATES,
  body: importTemplateBody,
  appends: ['ImportTemplate'],
  subject: (request) => templateIdOf(request.tenantId, documentOf(request).name),
  place: async (request) => placeOf(request.services, request.tenantId, documentOf(request).name),
  location: (request) => templateUrl(documentOf(request).name),
  pending: { ...pendingTemplate, of: (request) => ({ template: documentOf(request).name }) },
  command: (request) => {
    const { canonical: workflow, digest, name } = documentOf(request);
    const { install, labels = [] } = request.body;
    return importTemplate({
      ...{ ...askerOf(request.caller), templateId: templateIdOf(request.tenantId, name), workflow, digest, labels },
      installId: install === undefined ? null : templateIdOf(request.tenantId, install),
    });
  },
  problems: [
    ...(['WORKFLOW_INVALID', 'WORKFLOW_UNSUPPORTED', 'WORKFLOW_TOO_LARGE', 'LOG_UNAVAILABLE'] as const),
    ...(['CAPSULE_INSTALL_UNKNOWN', 'CAPSULE_UNKNOWN', 'CAPSULE_WORKFLOW_MISSING', 'READ_MODEL_UNAVAILABLE'] as const),
  ],
  outcomes: {
    TemplateRefused: refused('ALREADY_EXISTS', 'DIRECTORY_FULL', 'TEMPLATE_UNKNOWN', 'WORKFLOW_INVALID'),
    TemplateImported: { status: 201, schema: importedBody, answer: importedOf },
  },
});

/** Route that removes a template. */
export const removeTemplateRoute = command({
  operationId: 'removeTemplate',
  tag: 'workflows',
  summary: 'Remove a template with all its versions; its runs go on',
  method: 'DELETE',
  url: '/v1/templates/:template',
  takes: IMPORT_TEMPLATES,
  params: templateFields,
  appends: ['RemoveTemplate'],
  subject: ({ tenantId, params }) => templateIdOf(tenantId, params.template),
  place: ({ tenantId, params, services }) => placeOf(services, tenantId, params.template),
  location: ({ params }) => templateUrl(params.template),
  pending: { ...pendingTemplate, of: ({ params }) => params },
  command: ({ caller, tenantId, params }) =>
    removeTemplate({ ...askerOf(caller), templateId: templateIdOf(tenantId, params.template), labels: [] }),
  problems: ['READ_MODEL_UNAVAILABLE'],
  outcomes: {
    TemplateRefused: refused('TEMPLATE_UNKNOWN'),
    TemplateRemoved: { status: 204, schema: z.undefined().describe('Removed'), answer: () => undefined },
  },
});

/** Returns the capabilities of a run: those of the caller, and of a document of a capsule what was granted to its install. */
function capabilitiesOf(
  tables: Needs['tables'],
  tenantId: string,
  caller: { readonly capabilities: readonly string[] },
  { install, needs }: { readonly install: string | null; readonly needs: readonly string[] },
): readonly string[] {
  if (install === null) return caller.capabilities;
  const { granted } = installOrUnknown(tables, tenantId, install).pin;
  // The start itself, `jobs:start:workflow.run`, is of the caller alone.
  const [own = [], others = []] = [needs.slice(0, 1), needs.slice(1)];
  return [
    ...own.filter((each) => anyCovers(caller.capabilities, each)),
    ...others.filter((each) => anyCovers(granted, each) && anyCovers(caller.capabilities, each)),
  ];
}

/** Returns the prices of a million tokens by model, as a run counts with them until its end. */
export function pricesOf({ models }: Pick<ModelRegistry, 'models'>): RunPrices {
  const all = models.map(({ name, providers }) => [name, highestPrice(providers)] as const);
  const [first] = all;
  const prices = all.map(([, price]) => price);
  return {
    models: { ...Object.fromEntries(all), ...(first !== undefined && { default: first[1] }) },
    otherwise: prices.reduce((highest, price) => (Number(price) > Number(highest) ? price : highest), '0'),
  };
}

/** Route that starts a run of a template. */
export const startRunRoute = command({
  operationId: 'startWorkflowRun',
  tag: 'workflows',
  summary: 'Start a run of a template',
  description:
    'The run is a job of the type `workflow.run`, with the document of the version in its input: a later import does not change it. Documents that `run: workflow` names are the templates of the tenant. A document of a capsule runs with the capabilities that were granted to its install, and that the caller has.',
  method: 'POST',
  url: '/v1/templates/:template/runs',
  auth: 'any',
  params: templateFields,
  body: startRunBody,
  appends: ['StartJob'],
  subject: ({ identity }) => identity.subjectId,
  location: ({ identity }) => runUrl(identity.subjectId),
  pending: { ...pendingRun, of: ({ identity }) => ({ run_id: identity.subjectId }) },
  command: async ({ caller, tenantId, params, body, identity, services }) => {
    const { input, sha256, budget, lane, tags, labels = [] } = body;
    const row = await versionOrUnknown(services, tenantId, params.template, sha256);
    const { document, workflows } = await bundledOf(services, tenantId, row);
    const plan = planOf(document, row.digest ?? '');
    const needs = [
      `jobs:start:${WORKFLOW_RUN}`,
      ...plan.capabilities.filter((each) => each !== `jobs:start:${WORKFLOW_RUN}`),
    ];
    const capabilities = capabilitiesOf(services.tables, tenantId, caller, { install: row.install, needs });
    const type = typeOf(services.tables, WORKFLOW_RUN);
    return startJob({
      ...{ ...askerOf(caller), capabilities, labels, jobId: identity.subjectId, type: WORKFLOW_RUN, lane },
      input: await keptInputOf({ tenantId, caller, services }, type, {
        ...{ workflow: document, workflows, input, prices: pricesOf(services.models) },
        ...(budget !== undefined && { budget }),
      }),
      ...{ runAt: null, deadline: null, concurrencyKey: null, retry: null },
      tags: [templateTag(params.template), ...tags],
    });
  },
  problems: [
    ...(['TEMPLATE_UNKNOWN', 'CAPSULE_INSTALL_UNKNOWN', 'WORKFLOW_TOO_LARGE', 'READ_MODEL_UNAVAILABLE'] as const),
    ...([
      'CAPABILITY_MISSING',
      'JOB_INPUT_INVALID',
      'JOB_INPUT_TOO_LARGE',
      'JOB_TYPE_UNKNOWN',
      'LOG_UNAVAILABLE',
    ] as const),
  ],
  outcomes: {
    JobRefused: {
      kind: 'refusal',
      problems: [...policyRefusals, 'JOB_TYPE_UNKNOWN', 'JOB_INPUT_TOO_LARGE'],
      problem: ({ jobId: run_id, code, detail, decision, shortfall }: JobRefused) =>
        commandProblem({ code, detail, decision, shortfall }, { run_id }),
    },
    JobAccepted: {
      status: 201,
      schema: runStartedBody,
      answer: ({ jobId: run_id, decisionId: decision_id }) => ({
        ...{ run_id, status: 'queued' as const, url: runUrl(run_id), decision_id },
      }),
    },
  },
});
