import { z } from 'zod';
import { anyCovers } from '../../schemas/capabilities.ts';
import {
  AGENT_IDENTICAL_CALLS_DEFAULT,
  AGENT_IDENTICAL_CALLS_MAX,
  AGENT_NAME,
  AGENT_STEPS_DEFAULT,
  AGENT_STEPS_MAX,
  AGENT_TEXT_CHARS_MAX,
  AGENT_TOKENS_DEFAULT,
  AGENT_TOKENS_MAX,
  AGENT_TOOLS_MAX,
  AGENT_WALL_MS_DEFAULT,
  AGENT_WALL_MS_MAX,
} from '../../schemas/contexts/agents.ts';
import { neededBy } from '../../schemas/contexts/capsules/needs.ts';
import { CAPSULE_ASKS_MAX, CAPSULE_NAME, CAPSULE_VERSION, capsuleMeters } from '../../schemas/contexts/capsules.ts';
import { startCapability } from '../../schemas/contexts/jobs.ts';
import { TOOL_NAME } from '../../schemas/contexts/tools.ts';
import { WORKFLOW_RUN } from '../../schemas/contexts/workflows.ts';
import { governingPrefixes } from '../../schemas/contexts.ts';
import { expectation } from '../evaluations/golden-set.ts';
import { checkedWorkflow } from '../jobs/workflows/document.ts';
import { WorkflowProblem } from '../jobs/workflows/errors.ts';
import { planOf } from '../jobs/workflows/plan.ts';
import { checkOf, schemaProblem } from '../tools/manifest/json-schema.ts';

/** The `api_version` of manifests. */
export const CAPSULE_API_VERSION = 'khipu.dev/v1';

const jsonSchema = z.record(z.string(), z.unknown()).superRefine((schema, context) => {
  const problem = schemaProblem(schema);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});

const digest = z.string().regex(/^[0-9a-f]{64}$/, 'Expected sha256, hex');

/** A capability: segments of letters, digits and marks, the last one may be *. */
const capability = z
  .string()
  .max(200)
  .regex(/^[a-z][a-z-]*(?::[\w./@-]+)*(?::\*)?$/, 'Expected a capability, such as tool:execute:weather');

const limits = z.strictObject({
  steps: z.int().min(1).max(AGENT_STEPS_MAX).default(AGENT_STEPS_DEFAULT).describe('Most answers of the model'),
  tokens: z.int().min(1).max(AGENT_TOKENS_MAX).default(AGENT_TOKENS_DEFAULT).describe('Most tokens of a run'),
  cost: z
    .string()
    .regex(/^\d{1,9}(\.\d{1,9})?$/)
    .nullable()
    .default(null)
    .describe('Most cost of a run, in the currency of the platform; null for no limit'),
  wall_ms: z.int().min(1_000).max(AGENT_WALL_MS_MAX).default(AGENT_WALL_MS_DEFAULT).describe('Longest time of a run'),
  identical_calls: z.int().min(2).max(AGENT_IDENTICAL_CALLS_MAX).default(AGENT_IDENTICAL_CALLS_DEFAULT),
});

const agent = z.strictObject({
  name: z.string().regex(AGENT_NAME).describe('Name of the agent, for rules and kill switches'),
  instructions: z.string().min(1).max(AGENT_TEXT_CHARS_MAX).describe('Role and rules, as the first message'),
  prompt: z.string().min(1).max(AGENT_TEXT_CHARS_MAX).describe('The task; the input of a run follows it as JSON'),
  model: z.string().min(1).max(200).nullable().default(null).describe('Model; null for the default'),
  max_tokens: z.int().min(1).max(2_048).nullable().default(null).describe('Bound on each answer, in tokens'),
  limits: limits.prefault({}),
});

const tool = z.strictObject({
  name: z.string().regex(TOOL_NAME).describe('Name of the tool in the installing tenant'),
  digest: digest
    .nullable()
    .default(null)
    .describe('sha256 of its manifest; null for the manifest of the tenant, such as one with its own hosts'),
});

const price = z.strictObject({
  amount: z
    .string()
    .regex(/^\d{1,9}(\.\d{1,9})?$/)
    .describe('A decimal'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .describe('ISO 4217'),
  meter: z.enum(capsuleMeters).describe('Unit of the price'),
});

const golden = z.strictObject({
  name: z.string().min(1).max(100),
  input: z.record(z.string(), z.unknown()).describe('An input that the schema accepts'),
  expects: z.string().max(2_000).nullable().default(null).describe('What a good result has, for people'),
  expect: expectation.optional().describe('What a good result has, for the regression before an upgrade'),
});

/** Reports a workflow that runs do not support, and capabilities that its nodes take and the capsule does not ask for. */
function requireWorkflow(
  workflow: unknown,
  asked: readonly string[],
  wrong: (path: readonly (string | number)[], message: string) => void,
): void {
  try {
    const { document, digest: sha } = checkedWorkflow(workflow);
    for (const needed of planOf(document, sha).capabilities)
      if (needed !== startCapability(WORKFLOW_RUN) && !anyCovers(asked, needed))
        wrong(['capabilities'], `${needed} is needed by the workflow and not asked for`);
  } catch (error) {
    if (!(error instanceof WorkflowProblem)) throw error;
    wrong(['workflow'], `${error.pointer}: ${error.message}`);
  }
}

/** The manifest. Unknown fields are rejected: a limit that nothing enforces must not appear to hold. */
export const capsuleManifestSchema = z
  .strictObject({
    api_version: z.literal(CAPSULE_API_VERSION),
    kind: z.literal('Capsule'),
    name: z.string().regex(CAPSULE_NAME).describe('Name in the publishing tenant'),
    version: z.string().regex(CAPSULE_VERSION).describe('Semantic version; a version never changes'),
    publisher: z.string().min(1).max(64).describe('Publishing tenant'),
    description: z.string().min(1).max(2_000),
    license: z.string().min(1).max(100).describe('SPDX id'),
    keywords: z
      .array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/))
      .max(16)
      .default([]),
    agent: agent.describe('What runs'),
    tools: z.array(tool).max(AGENT_TOOLS_MAX).default([]),
    input: jsonSchema.describe('JSON Schema 2020-12 of the input of a run'),
    output: jsonSchema.nullable().default(null).describe('JSON Schema 2020-12 of the result; null for text'),
    capabilities: z.array(capability).max(CAPSULE_ASKS_MAX).describe('Capabilities that it asks for'),
    workflow: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('A workflow, Serverless Workflow 1.0.3, which an installing tenant may import as a template'),
    price: price.prefault({ amount: '0', currency: 'EUR', meter: 'install' }),
    golden: z.array(golden).max(32).default([]).describe('Inputs with what is expected of their results'),
  })
  .superRefine((manifest, context) => {
    const wrong = (path: readonly (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path: [...path], message });
    for (const [nth, asked] of manifest.capabilities.entries())
      if (governingPrefixes.includes(asked.split(':')[0] ?? ''))
        wrong(['capabilities', nth], `${asked} governs the platform: no capsule has it`);
    for (const needed of neededBy(manifest))
      if (!anyCovers(manifest.capabilities, needed)) wrong(['capabilities'], `${needed} is needed and not asked for`);
    if (new Set(manifest.tools.map(({ name }) => name)).size < manifest.tools.length)
      wrong(['tools'], 'two tools have one name');
    if (manifest.workflow !== undefined) requireWorkflow(manifest.workflow, manifest.capabilities, wrong);
    if (schemaProblem(manifest.input) !== null) return;
    const check = checkOf(manifest.input);
    for (const [nth, { input, name }] of manifest.golden.entries()) {
      const [problem] = check(input);
      if (problem !== undefined)
        wrong(['golden', nth, 'input'], `${name}: ${problem.instancePath} ${problem.message ?? 'does not fit'}`);
    }
  })
  .meta({ id: 'CapsuleManifest' });

/** The manifest of a capsule. */
export type CapsuleManifest = z.infer<typeof capsuleManifestSchema>;
