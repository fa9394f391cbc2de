import { z } from 'zod';
import { JOB_TAGS_MAX, jobLanes } from '../../../schemas/contexts/jobs.ts';
import { taskKinds } from '../../../schemas/contexts/workflows/document.ts';
import { TEMPLATE_NAME, TEMPLATE_NAME_CHARS_MAX } from '../../../schemas/contexts/workflows.ts';
import { page } from '../../shared/paging.ts';
import { labels } from '../../shared/schemas.ts';
import { installFields } from '../capsules/schemas.ts';
import { JOB_ID, jobStatus, jobTag } from '../jobs/schemas.ts';

export const DIGEST = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const EXAMPLE = {
  document: { dsl: '1.0.3', namespace: 'examples', name: 'greeting', version: '0.1.0' },
  do: [{ greet: { set: { text: 'Hello' } } }],
};

/** Path parameter of a template. */
export const templateFields = {
  template: z
    .string()
    .max(TEMPLATE_NAME_CHARS_MAX)
    .regex(TEMPLATE_NAME, 'Expected <namespace>.<name> of a document, such as examples.greeting')
    .meta({ description: 'Name of the template: `<namespace>.<name>` of its document', example: 'examples.greeting' }),
};

const digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'Expected a sha256 in hex')
  .meta({ description: 'sha256 of the canonical document, hex' });
export const digestFilter = digest
  .optional()
  .meta({ description: 'Version by its sha256; the current one when omitted' });

/** Body of an import: a document, or the one of an installed capsule. */
export const importTemplateBody = z
  .strictObject({
    document: z
      .union([z.string().min(1), z.record(z.string(), z.unknown())])
      .optional()
      .meta({
        description: 'Serverless Workflow 1.0.3: an object, or its YAML or JSON as a text; at most 48 KiB',
        examples: [EXAMPLE],
      }),
    install: installFields.install.optional().meta({
      description: 'Install of a capsule whose manifest has a workflow, instead of `document`',
    }),
    labels,
  })
  .refine(
    ({ document, install }) => (document === undefined) !== (install === undefined),
    'Expected document or install, and not both',
  )
  .meta({ id: 'ImportTemplate', examples: [{ document: EXAMPLE }] });

const name = z
  .string()
  .meta({ description: 'Name: `<namespace>.<name>` of the document', examples: ['examples.greeting'] });
const version = z.string().meta({ description: 'Version of the document', examples: ['1.0.0'] });
const time = (description: string) =>
  z.string().meta({ description: `${description}, RFC 3339`, examples: ['2026-02-01T09:00:00.000Z'] });

const versionFields = {
  template: name,
  version,
  digest,
  install: z
    .string()
    .nullable()
    .meta({
      description: 'Install of the capsule that it came from; null for a document of the caller',
      examples: [null],
    }),
  imported_by: z.string().meta({ description: 'Who imported it', examples: ['user:ana'] }),
  imported_at: time('Time of the first import'),
};

export const templateSummary = z
  .object({
    ...{ template: name, version, digest },
    imported_by: versionFields.imported_by,
    changed_at: time('Time of the latest import'),
  })
  .meta({ id: 'TemplateSummary' });
export const templatePage = page(templateSummary, 'TemplatePage');

export const templateVersion = z.object(versionFields).meta({ id: 'TemplateVersion' });
export const templateVersionPage = page(templateVersion, 'TemplateVersionPage');

/** Schema of a version with its document. */
export const templateBody = z
  .object({ ...versionFields, document: z.unknown().meta({ description: 'The document', examples: [EXAMPLE] }) })
  .meta({ id: 'Template' });

/** Schema of the answer to an import. */
export const importedBody = z
  .object({ ...{ template: name, version, digest }, install: versionFields.install })
  .meta({ id: 'TemplateImported' });

export const pendingTemplate = { id: 'TemplatePending', shape: { template: name } };
export const pendingRun = {
  id: 'WorkflowRunPending',
  shape: { run_id: z.string().meta({ description: 'Id of the run', examples: [JOB_ID] }) },
};

/** Path parameter of a run. */
export const runFields = { workflow_run_id: z.uuid().meta({ description: 'Id of the run, which is that of its job' }) };
const runId = pendingRun.shape.run_id;

const budget = z
  .strictObject({
    calls: z.int().min(0).optional().meta({ description: 'Most calls of tools, models, agents and jobs' }),
    tokens: z.int().min(0).optional().meta({ description: 'Most tokens of models and agents' }),
    cost: z
      .string()
      .regex(/^\d{1,9}(?:\.\d{1,9})?$/, 'Expected a decimal, such as 0.50')
      .optional()
      .meta({ description: 'Most cost of models and agents, in the currency of the platform' }),
  })
  .meta({
    id: 'WorkflowBudget',
    description: 'Most that a run may use: a call whose worst case does not fit is refused',
    examples: [{ calls: 50, tokens: 20_000, cost: '0.50' }],
  });

/** Body of a start from a template. */
export const startRunBody = z
  .strictObject({
    input: z
      .unknown()
      .default(null)
      .meta({ description: 'Input of the workflow', examples: [{ name: 'Ana' }] }),
    sha256: digestFilter,
    budget: budget.optional(),
    lane: z.enum(jobLanes).default('standard').meta({ description: 'Lane of the job' }),
    tags: z
      .array(jobTag)
      .max(JOB_TAGS_MAX - 1)
      .default([])
      .meta({ description: `Tags to find it by, at most ${JOB_TAGS_MAX - 1}; \`template:<name>\` is added` }),
    labels,
  })
  .meta({ id: 'StartWorkflowRun', examples: [{ input: { name: 'Ana' } }] });

/** Schema of the answer to a start. */
export const runStartedBody = z
  .object({
    ...{ run_id: runId, status: jobStatus },
    url: z.string().meta({ description: 'URL of the run', examples: [`/v1/runs/${JOB_ID}`] }),
    decision_id: z.string().meta({ description: 'Decision that allowed the start' }),
  })
  .meta({ id: 'WorkflowRunStarted' });

const template = z
  .string()
  .nullable()
  .meta({
    description: 'Template that it started from; null for a run of a document',
    examples: ['examples.greeting'],
  });

export const runSummary = z
  .object({
    ...{ run_id: runId, template, status: jobStatus },
    code: z
      .string()
      .nullable()
      .meta({ description: 'Stable code of its failure', examples: [null] }),
    created_at: z.string().nullable().meta({ description: 'Time of the start, RFC 3339' }),
    ended_at: z.string().nullable().meta({ description: 'Time of the end, RFC 3339' }),
  })
  .meta({ id: 'WorkflowRunSummary' });
export const runPage = page(runSummary, 'WorkflowRunPage');

const instant = z.string().nullable();
const node = z
  .object({
    at: z.string().meta({ description: 'JSON pointer of the task in the document', examples: ['/do/0/greet'] }),
    name: z.string().meta({ description: 'Name of the task', examples: ['greet'] }),
    kind: z.enum(taskKinds).meta({ description: 'Kind of the task', examples: ['call'] }),
    depth: z.int().meta({ description: 'Tasks around it', examples: [0] }),
    state: z.enum(['none', 'in_review', 'running', 'completed', 'failed']).meta({
      description:
        '`none`: no step of it is known, as of a task that asks for nothing. `in_review`: a person is to approve its input',
      examples: ['completed'],
    }),
    steps: z.int().meta({ description: 'Steps of it, such as the iterations of a loop', examples: [1] }),
    completed: z.int().meta({ description: 'Steps that have completed', examples: [1] }),
    attempts: z.int().meta({ description: 'Attempts of all steps', examples: [1] }),
    code: z
      .string()
      .nullable()
      .meta({ description: 'Code of its latest failure', examples: [null] }),
    used: z.object({ calls: z.int(), tokens: z.int(), cost: z.string() }).meta({
      description: 'What it has used, with what is in it: calls, tokens of models and agents, and their cost',
      examples: [{ calls: 1, tokens: 40, cost: '0.000008000' }],
    }),
    budget: budget.nullable().meta({ description: 'Most that it may use, with what is in it', examples: [null] }),
    reviews: z
      .array(z.object({ review_id: z.string(), input: z.unknown() }))
      .meta({ description: 'Reviews that it waits for, with what is to be approved', examples: [[]] }),
    started_at: instant.meta({ description: 'Time at which its first step began, RFC 3339' }),
    ended_at: instant.meta({ description: 'Time at which its last step ended, RFC 3339' }),
  })
  .meta({ id: 'WorkflowNode' });

const worst = z
  .object({
    calls: z
      .int()
      .nullable()
      .meta({ description: 'Most calls', examples: [3] }),
    tokens: z
      .int()
      .nullable()
      .meta({ description: 'Most tokens of models and agents', examples: [6_000] }),
    cost: z
      .string()
      .nullable()
      .meta({ description: 'Most cost, a decimal', examples: ['0.006000000'] }),
  })
  .meta({ id: 'WorkflowWorstCase', description: 'A worst case; null where nothing bounds it' });

const pointer = z.string().meta({ description: 'JSON pointer of a task', examples: ['/do/0/ask'] });

/** Schema of a plan. */
export const planBody = z
  .object({
    ...{ template: name, version, digest },
    nodes: z.array(
      z
        .object({
          ...{ at: pointer, name: z.string(), kind: z.enum(taskKinds) },
          target: z
            .string()
            .nullable()
            .meta({ description: 'Tool, agent, model or type of jobs', examples: ['weather'] }),
          needs: z
            .string()
            .nullable()
            .meta({ description: 'Capability that it takes', examples: ['tool:execute:weather'] }),
          times_max: z.int().nullable().meta({ description: 'Most times that it runs; null where nothing bounds it' }),
          worst: worst.nullable().meta({ description: 'Worst case of all of them; null for what calls nothing' }),
        })
        .meta({ id: 'PlannedNode' }),
    ),
    critical_path: z.array(pointer).meta({ description: 'The longest chain of nodes that wait for each other' }),
    loops: z.boolean().meta({ description: 'True when a task leads back: the path is that of one pass' }),
    open: z.array(pointer).meta({ description: 'Nodes whose target an expression gives' }),
    capabilities: z
      .array(z.string())
      .meta({ description: 'Every capability that a run takes', examples: [['jobs:start:workflow.run']] }),
    worst: worst.meta({ description: 'Worst case of the run' }),
    refusals: z
      .array(z.object({ at: pointer, code: z.string(), detail: z.string() }))
      .meta({ description: 'What would be refused now; the start itself has an empty pointer', examples: [[]] }),
  })
  .meta({ id: 'WorkflowPlan' });

/** Path parameters and body of a decision on a review. */
export const reviewFields = {
  ...runFields,
  review_id: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'Expected the id of a review, as the run has it')
    .meta({
      description: 'Id of the review: that of a node with its input',
      example: '9f86d081884c7d659a2feaa0c55ad015',
    }),
};
export const decideReviewBody = z
  .strictObject({
    outcome: z
      .enum(['approve', 'reject'])
      .meta({ description: 'A rejection is an error of the task', examples: ['approve'] }),
    note: z
      .string()
      .max(500)
      .default('')
      .meta({ description: 'Why, for the run and the audit', examples: ['Read'] }),
    labels,
  })
  .meta({ id: 'DecideWorkflowReview', examples: [{ outcome: 'approve' }] });
export const reviewDecidedBody = z
  .object({ run_id: runId, review_id: z.string(), outcome: z.enum(['approve', 'reject']) })
  .meta({ id: 'WorkflowReviewDecided' });

/** Schema of a run as a graph. */
export const runBody = z
  .object({
    ...runSummary.shape,
    document: z.unknown().meta({ description: 'The document', examples: [EXAMPLE] }),
    nodes: z.array(node).meta({ description: 'Tasks in the order of the document' }),
    edges: z.array(z.object({ from: z.string(), to: z.string() })).meta({
      description: 'Which task leads to which, among the tasks of a list; by their pointers',
      examples: [[{ from: '/do/0/a', to: '/do/1/b' }]],
    }),
    used: node.shape.used.meta({ description: 'What the whole run has used' }),
    steps_shown: z.int().meta({ description: 'Steps that the states are of: at most 5,000', examples: [3] }),
  })
  .meta({ id: 'WorkflowRun' });
