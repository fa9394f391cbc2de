import { z } from 'zod';
import { goldenDocument } from '../../../infra/evaluations/golden-set.ts';
import { personaOfRun, runInputOf } from '../../../infra/evaluations/start.ts';
import { evaluationRunRows } from '../../../projections/evaluations/queries.ts';
import {
  CAPTURE_EVALUATIONS,
  GOLDEN_CASES_MAX,
  GOLDEN_SETS_MAX,
  goldenSetIdOf,
  goldenSetName,
  MANAGE_EVALUATIONS,
  PERSONA_CHECK,
  RUN_EVALUATIONS,
} from '../../../schemas/contexts/evaluations.ts';
import { personaOf } from '../../../schemas/contexts/personas/library.ts';
import { DECLARED_LABELS_MAX } from '../../../schemas/contexts/policy/labels.ts';
import { policyRefusals } from '../../../schemas/contexts/policy/refusals.ts';
import {
  addGoldenCase,
  type GoldenSetRefused,
  type JobRefused,
  putGoldenSet,
  removeGoldenSet,
  setBaseline,
  startJob,
} from '../../../schemas/generated/records.ts';
import { askerOf } from '../../shared/auth/caller.ts';
import { TAKE_EFFECT_MS } from '../../shared/command/defaults.ts';
import { requireModel } from '../../shared/models.ts';
import { personaUnknown } from '../../shared/personas.ts';
import type { ProblemCode } from '../../shared/problems/catalogue.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { commandProblem } from '../../shared/problems/shortfall.ts';
import { versionedProblem } from '../../shared/problems/versioned.ts';
import { declare } from '../../shared/route/declare.ts';
import { typeOf } from '../jobs/input.ts';
import { documentOf, keptDocument, type Needs, setOrUnknown } from './find.ts';
import {
  addGoldenCaseBody,
  goldenSetFields,
  goldenSetSummary,
  pendingGoldenSet,
  pendingRun,
  putGoldenSetBody,
  runStartedBody,
  setBaselineBody,
  startRunBody,
} from './schemas.ts';
import { caseOfTurn } from './turn-case.ts';
import { contentOfRow, goldenSetOf, goldenSetUrl, runUrl } from './views.ts';

const { command } = declare<Needs>();

interface SetRequest {
  readonly params: { readonly golden_set: string };
  readonly tenantId: string;
  readonly services: Needs;
}

/** Largest body: a document, and the names of its fields in another form. */
const BODY_BYTES_MAX = 2.5 * 1024 * 1024;

/** Returns a refusal as a problem, with the decision where there is one. */
const refused = (...codes: readonly ProblemCode[]) => ({
  kind: 'refusal' as const,
  problems: codes,
  problem: ({ goldenSetId, code, detail, decision, shortfall, version }: GoldenSetRefused): Problem =>
    code === 'PRECONDITION_FAILED' || code === 'PRECONDITION_REQUIRED'
      ? versionedProblem({ code, detail, version })
      : commandProblem({ code, detail, decision, shortfall }, { golden_set: goldenSetName(goldenSetId) }),
});

const idOf = ({ params, tenantId }: SetRequest): string => goldenSetIdOf(tenantId, params.golden_set);

/** What all commands to a golden set have in common. */
const toSet = {
  tag: 'evaluations',
  params: goldenSetFields,
  subject: idOf,
  // A golden set stays in its place when the number of partitions grows.
  place: async (request: SetRequest) => request.services.tables.goldenSets.value.get(idOf(request))?.place ?? null,
  location: ({ params }: SetRequest) => goldenSetUrl(params.golden_set),
  pending: { ...pendingGoldenSet, of: ({ params }: SetRequest) => ({ golden_set: params.golden_set }) },
} as const;

interface OfSet {
  readonly goldenSetId: string;
}

const shown = ({ goldenSetId }: OfSet, { services }: { readonly services: Needs }) => {
  const found = services.tables.goldenSets.value.get(goldenSetId);
  return found === undefined || found.status !== 'kept' ? null : goldenSetOf(found);
};

const reached = (
  { goldenSetId, version }: OfSet & { readonly version: number },
  { services }: { readonly services: Needs },
) => services.tables.goldenSets.holds((known) => (known.get(goldenSetId)?.version ?? 0) >= version, TAKE_EFFECT_MS);

/** Resolves with a run of a golden set that has a verdict. Rejects with Problem RESOURCE_UNKNOWN. */
async function runOrUnknown({ readModel }: Needs, tenantId: string, name: string, runId: string) {
  const run = await readModel.row(tenantId, evaluationRunRows, runId);
  if (run !== undefined && run.golden_set === name) return run;
  throw new Problem('RESOURCE_UNKNOWN', `There is no run ${runId} of ${name} with a verdict`);
}

/** Route that creates or replaces a golden set. */
export const putGoldenSetRoute = command({
  ...toSet,
  operationId: 'putGoldenSet',
  summary: 'Create or replace a golden set',
  description:
    'A version is named by the sha256 of its document. Without `If-Match` it creates the golden set: 201, or 428 when there is one. With `If-Match` it replaces that version: 200, or 412. The baseline stays: cases that are equal in both are compared. Runs of its triggers have the capabilities that the caller has now.',
  method: 'PUT',
  ifMatch: 'optional',
  url: '/v1/evaluations/golden-sets/:golden_set',
  takes: MANAGE_EVALUATIONS,
  body: putGoldenSetBody,
  bodyBytesMax: BODY_BYTES_MAX,
  appends: ['PutGoldenSet'],
  command: async (request) => {
    const { body, caller, tenantId, services, isConditional } = request;
    const { labels = [], triggers, ...given } = body;
    const document = goldenDocument.safeParse(given);
    if (!document.success) throw new Problem('GOLDEN_SET_INVALID', z.prettifyError(document.error));
    const { persona, description, cases, tools } = document.data;
    if (tools.length > 0 && cases.some(({ earlier }) => earlier.length > 0))
      throw new Problem(
        'GOLDEN_SET_INVALID',
        'A case with tools is a run of an agent, which takes no earlier messages',
      );
    const known = services.tables.personas.value;
    if (personaOf(known, tenantId, persona) === undefined) throw personaUnknown(known, tenantId, persona);
    const own = [...services.tables.goldenSets.value.values()].filter(
      (each) => each.tenantId === tenantId && each.status === 'kept',
    );
    if (!isConditional && own.length >= GOLDEN_SETS_MAX)
      throw new Problem('DIRECTORY_FULL', `There are ${GOLDEN_SETS_MAX} golden sets`);
    return putGoldenSet({
      ...{ ...askerOf(caller), goldenSetId: idOf(request), labels, description, persona, tools },
      expectedVersion: isConditional ? request.expectedVersion : 0,
      ...{ content: await keptDocument(services, tenantId, document.data), cases: cases.length, triggers },
    });
  },
  problems: ['GOLDEN_SET_INVALID', 'PERSONA_UNKNOWN', 'DIRECTORY_FULL', 'LOG_UNAVAILABLE'],
  outcomes: {
    GoldenSetRefused: refused(...policyRefusals, 'PRECONDITION_REQUIRED', 'RESOURCE_UNKNOWN'),
    GoldenSetDefined: {
      status: 200,
      schema: goldenSetSummary,
      inEffect: reached,
      version: ({ version }) => version,
      created: ({ isConditional }) => !isConditional,
      answer: shown,
    },
  },
});

/** Route that makes a turn of production a case. */
export const addGoldenCaseRoute = command({
  ...toSet,
  operationId: 'addGoldenCase',
  summary: 'Make a turn of production a case of a golden set',
  description:
    'The prompt, the answer and the turns before it lose the personal data that the detectors of moderation find; the labels of the session stay with the case. 422 `GOLDEN_CASE_SECRET` for a session with the label `secret`. The case expects the answer of the turn, unless the request says what it expects.',
  method: 'POST',
  url: '/v1/evaluations/golden-sets/:golden_set/cases',
  takes: CAPTURE_EVALUATIONS,
  body: addGoldenCaseBody,
  appends: ['AddGoldenCase'],
  command: async (request) => {
    const { body, caller, params, tenantId, services } = request;
    const set = setOrUnknown(services, tenantId, params.golden_set);
    const { labels: declared = [], session_id: sessionId, turn_id: turnId, ...wanted } = body;
    const made = await caseOfTurn(services.readModel, tenantId, { session_id: sessionId, turn_id: turnId, ...wanted });
    const before = await documentOf(services, tenantId, set.content);
    const given = before.tools.length > 0 ? { ...made.given, earlier: [] } : made.given;
    if (before.cases.some(({ case_id }) => case_id === given.case_id))
      throw new Problem('ALREADY_EXISTS', `The golden set has a case ${given.case_id}`);
    if (before.cases.length >= GOLDEN_CASES_MAX)
      throw new Problem('GOLDEN_SET_FULL', `A golden set has at most ${GOLDEN_CASES_MAX} cases`);
    const document = { ...before, cases: [...before.cases, given] };
    return addGoldenCase({
      ...{ ...askerOf(caller), goldenSetId: set.goldenSetId, expectedVersion: set.version },
      ...{ content: await keptDocument(services, tenantId, document), cases: document.cases.length },
      ...{ caseId: given.case_id, sessionId, turnId, redactions: made.redactions, text: given.prompt },
      labels: [...new Set([...declared, ...made.labels])].slice(0, DECLARED_LABELS_MAX),
    });
  },
  problems: [
    ...(['RESOURCE_UNKNOWN', 'SESSION_UNKNOWN', 'TURN_RUNNING', 'GOLDEN_CASE_SECRET', 'ALREADY_EXISTS'] as const),
    ...(['GOLDEN_SET_FULL', 'GOLDEN_SET_INVALID', 'LOG_UNAVAILABLE', 'READ_MODEL_BEHIND'] as const),
    ...(['READ_MODEL_UNAVAILABLE', 'PRECONDITION_FAILED'] as const),
  ],
  outcomes: {
    GoldenSetRefused: refused(...policyRefusals, 'RESOURCE_UNKNOWN', 'PRECONDITION_FAILED', 'GOLDEN_SET_FULL'),
    GoldenCaseAdded: {
      status: 201,
      schema: goldenSetSummary,
      inEffect: reached,
      version: ({ version }) => version,
      answer: shown,
    },
  },
});

/** Route that removes a golden set. */
export const removeGoldenSetRoute = command({
  ...toSet,
  operationId: 'removeGoldenSet',
  summary: 'Remove a golden set; its runs stay',
  method: 'DELETE',
  ifMatch: 'required',
  url: '/v1/evaluations/golden-sets/:golden_set',
  takes: MANAGE_EVALUATIONS,
  appends: ['RemoveGoldenSet'],
  command: (request) =>
    removeGoldenSet({
      ...{ ...askerOf(request.caller), goldenSetId: idOf(request), labels: [] },
      expectedVersion: request.expectedVersion,
    }),
  outcomes: {
    GoldenSetRefused: refused(...policyRefusals, 'RESOURCE_UNKNOWN'),
    GoldenSetRemoved: {
      status: 204,
      schema: z.undefined().describe('Removed'),
      inEffect: reached,
      answer: () => undefined,
    },
  },
});

/** Route that sets the run that others are compared with. */
export const setBaselineRoute = command({
  ...toSet,
  operationId: 'setEvaluationBaseline',
  summary: 'Set the run that others are compared with',
  description: 'The baseline is the result of that run by its digest: it does not change with the golden set.',
  method: 'PUT',
  url: '/v1/evaluations/golden-sets/:golden_set/baseline',
  takes: MANAGE_EVALUATIONS,
  body: setBaselineBody,
  appends: ['SetBaseline'],
  command: async (request) => {
    const { body, caller, params, tenantId, services } = request;
    const set = setOrUnknown(services, tenantId, params.golden_set);
    const run = await runOrUnknown(services, tenantId, params.golden_set, body.evaluation_id);
    return setBaseline({
      ...{ ...askerOf(caller), goldenSetId: set.goldenSetId, labels: body.labels ?? [] },
      ...{ runId: run.run_id, result: contentOfRow(run), setDigest: run.set_digest ?? '' },
    });
  },
  problems: ['RESOURCE_UNKNOWN', 'LOG_UNAVAILABLE', 'READ_MODEL_UNAVAILABLE'],
  outcomes: {
    GoldenSetRefused: refused(...policyRefusals, 'RESOURCE_UNKNOWN'),
    BaselineSet: {
      status: 200,
      schema: goldenSetSummary,
      inEffect: ({ goldenSetId, runId }, { services }) =>
        services.tables.goldenSets.holds((known) => known.get(goldenSetId)?.baseline?.runId === runId, TAKE_EFFECT_MS),
      answer: shown,
    },
  },
});

/** Route that starts a run. */
export const startRunRoute = command({
  operationId: 'startEvaluation',
  tag: 'evaluations',
  summary: 'Run a golden set',
  description:
    'Requires `jobs:start:persona.check` besides. The run is a job: every prompt is decided and metered with the capabilities of the caller. With a `candidate` a persona is tried before anyone answers with it.',
  method: 'POST',
  url: '/v1/evaluations/runs',
  takes: RUN_EVALUATIONS,
  body: startRunBody,
  appends: ['StartJob'],
  subject: ({ identity }) => identity.subjectId,
  location: ({ identity }) => runUrl(identity.subjectId),
  pending: { ...pendingRun, of: ({ identity }) => ({ evaluation_id: identity.subjectId }) },
  command: async ({ body, caller, tenantId, identity, services }) => {
    const { golden_set: name, candidate, labels = [] } = body;
    const { tables, models } = services;
    const set = setOrUnknown(services, tenantId, name);
    typeOf(tables, PERSONA_CHECK);
    const known = tables.personas.value;
    const current = personaOf(known, tenantId, set.persona);
    if (current === undefined && candidate === undefined) throw personaUnknown(known, tenantId, set.persona);
    if (candidate?.model != null) requireModel(models, candidate.model);
    const persona =
      candidate !== undefined || current === undefined
        ? { name: set.persona, version: 0, ...(candidate as NonNullable<typeof candidate>) }
        : personaOfRun(current);
    const input = runInputOf({ set, persona, models, cause: 'manual', principal: caller.principal });
    const other = body.baseline === undefined ? null : await runOrUnknown(services, tenantId, name, body.baseline);
    const baseline = other === null ? null : { run_id: other.run_id, result: contentOfRow(other) };
    return startJob({
      ...{ ...askerOf(caller), jobId: identity.subjectId, type: PERSONA_CHECK, lane: 'standard', runAt: null },
      ...{ deadline: null, concurrencyKey: null, retry: null, tags: ['evaluation', `golden-set:${name}`] },
      labels: [...new Set([...labels, ...set.labels])].slice(0, DECLARED_LABELS_MAX),
      input: JSON.stringify(body.baseline === undefined ? input : { ...input, baseline }),
    });
  },
  problems: ['RESOURCE_UNKNOWN', 'PERSONA_UNKNOWN', 'JOB_TYPE_UNKNOWN', 'LOG_UNAVAILABLE', 'READ_MODEL_UNAVAILABLE'],
  outcomes: {
    JobRefused: {
      kind: 'refusal',
      problems: [...policyRefusals, 'JOB_TYPE_UNKNOWN', 'JOB_INPUT_TOO_LARGE'],
      problem: ({ jobId: evaluation_id, code, detail, decision, shortfall }: JobRefused) =>
        commandProblem({ code, detail, decision, shortfall }, { evaluation_id }),
    },
    JobAccepted: {
      status: 201,
      schema: runStartedBody,
      answer: ({ jobId: evaluation_id, input }) => {
        const { golden_set: set } = JSON.parse(input) as { readonly golden_set: { id: string; version: number } };
        return {
          ...{ evaluation_id, golden_set: goldenSetName(set.id), set_version: set.version, status: 'running' as const },
          url: runUrl(evaluation_id),
        };
      },
    },
  },
});
