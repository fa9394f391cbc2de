import { z } from 'zod';
import { APPROVAL_MS_MAX, APPROVAL_MS_MIN, APPROVALS_REQUIRED_MAX } from '../../../schemas/contexts/approvals.ts';
import {
  type ConstitutionDocument,
  featureNames,
  type ModerationRule,
  severities,
  type TextRule,
} from '../../../schemas/contexts/constitution/document.ts';
import {
  CATEGORY,
  detectorNames,
  moderationPlaces,
  scoreDetectors,
} from '../../../schemas/contexts/moderation/vocabulary.ts';
import { DECLARED_LABELS_MAX, LABEL } from '../../../schemas/contexts/policy/labels.ts';
import { TOOL_NAME, toolEffects } from '../../../schemas/contexts/tools.ts';
import { governedActions } from '../../../schemas/governed.ts';
import { policyProblems } from '../cedar/policies.ts';
import { GovernanceError } from './errors.ts';
import { patternProblem } from './safe-pattern.ts';

const id = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'lower-case letters, digits, . _ -; at most 64');
const code = z.string().regex(/^[A-Z][A-Z0-9_]{2,63}$/, 'capital letters, digits and _');
const name = z.string().min(1).max(128);

/** Tolerance of the sum of a constitution's weights, which must be 1. */
const WEIGHT_TOLERANCE = 1e-9;

const pattern = z
  .string()
  .min(1)
  .max(2_000)
  .superRefine((text, context) => {
    const problem = patternProblem(text);
    if (problem !== null) context.addIssue({ code: 'custom', message: `pattern not allowed: ${problem}` });
  });

/** What a rule looks for, and where: the fields of a TextRule. */
const textRule = {
  id,
  pattern: pattern.optional(),
  detector: z.enum(detectorNames).optional(),
  category: z.string().regex(CATEGORY, 'a category: lower-case letters, digits, / . _ -; at most 64').optional(),
  score_min: z.number().min(0.001).max(1).optional(),
  applies_to: z.array(z.enum(moderationPlaces)).min(1).max(moderationPlaces.length).optional(),
};

const isScored = (detector: string | undefined): boolean => scoreDetectors.some((name) => name === detector);

/** Reports a rule that names no or several things to look for, or that cannot work where it applies. */
function checkTextRule(
  { pattern, detector, category, score_min, applies_to = [] }: TextRule,
  context: z.RefinementCtx,
) {
  const report = (message: string): void => void context.addIssue({ code: 'custom', message });
  const named = [pattern, detector, category].filter((each) => each !== undefined);
  if (named.length !== 1) report('a rule has exactly one of pattern, detector and category');
  if (score_min !== undefined && category === undefined && !isScored(detector))
    report('score_min is for a category or a detector with a score');
  if (applies_to.includes('output') && isScored(detector))
    report('a rule of outputs has a pattern, a detector of forms or a category: answers are checked as they flow');
  if (category !== undefined && applies_to.includes('tool'))
    report('the outside classifier is asked about inputs and answers only');
}

/** Reports a rule that would redact what cannot be: only a part of an answer is replaced. */
function checkRedaction({ severity, category, applies_to = [] }: ModerationRule, context: z.RefinementCtx) {
  if (
    severity !== 'redact' ||
    (category !== undefined && applies_to.every((place) => place === 'output') && applies_to.length > 0)
  )
    return;
  const message = 'redact is for a category of the outside classifier that applies to output alone';
  context.addIssue({ code: 'custom', message });
}

const label = z.string().regex(LABEL, 'a label: lower-case letters, digits, . _ -; at most 64');

const step = z
  .strictObject({
    labels: z.array(label).min(1).max(32).optional(),
    actions: z.array(z.enum(governedActions)).min(1).optional(),
    models: z.array(name).min(1).max(256).optional(),
    models_except: z.array(name).min(1).max(256).optional(),
  })
  .refine((conditions) => Object.values(conditions).some((each) => each !== undefined), 'a step without conditions');

const waitMs = z.number().int().min(APPROVAL_MS_MIN).max(APPROVAL_MS_MAX);

const approvalRule = z.strictObject({
  id,
  when: z
    .strictObject({
      effects: z.array(z.enum(toolEffects)).min(1).optional(),
      tools: z.array(z.string().regex(TOOL_NAME)).min(1).max(256).optional(),
      labels: z.array(label).min(1).max(32).optional(),
      cost_over: z
        .string()
        .regex(/^\d{1,8}(?:\.\d{1,9})?$/)
        .optional(),
    })
    .refine((conditions) => Object.values(conditions).some((each) => each !== undefined), 'a rule without conditions'),
  required: z.number().int().min(1).max(APPROVALS_REQUIRED_MAX).optional(),
  capability: z
    .string()
    .regex(/^approval:[a-z0-9:._-]{1,100}$/, 'a capability such as approval:finance')
    .optional(),
  expires_ms: waitMs.optional(),
  escalate: z
    .strictObject({ after_ms: waitMs, capability: z.string().regex(/^approval:[a-z0-9:._-]{1,100}$/) })
    .optional(),
});

const testCommand = z.strictObject({
  type: z.enum(governedActions),
  prompt: z.string().optional(),
  persona: z.string().optional(),
  model: z.string().optional(),
  resource: z.string().optional(),
  capabilities: z.array(z.string()).optional(),
  max_tokens: z.number().int().optional(),
  labels: z.array(label).max(DECLARED_LABELS_MAX).optional(),
  effect: z.enum(toolEffects).optional(),
});

const unique = <T>(items: readonly T[], keyOf: (item: T) => string): boolean =>
  new Set(items.map(keyOf)).size === items.length;

/** The signed document. Unknown fields are rejected: a rule without an evaluator must not appear to be in force. */
const documentSchema = z.strictObject({
  id,
  version: id,
  title: z.string().min(1).max(200),
  threshold: z.number().min(0).max(1),
  features: z
    .array(z.strictObject({ name: z.enum(featureNames), weight: z.number().min(0).max(1) }))
    .min(1)
    .refine((all) => unique(all, (feature) => feature.name), 'a feature is weighed twice')
    .refine(
      (all) => Math.abs(all.reduce((sum, { weight }) => sum + weight, 0) - 1) <= WEIGHT_TOLERANCE,
      'the weights must sum to 1',
    ),
  moderation: z
    .array(
      z
        .strictObject({ ...textRule, code, severity: z.enum(severities) })
        .superRefine(checkTextRule)
        .superRefine(checkRedaction),
    )
    .max(128)
    .refine((all) => unique(all, (rule) => rule.id), 'two moderation rules have one id'),
  labels: z
    .array(
      z
        .strictObject({ ...textRule, label })
        .superRefine(checkTextRule)
        .refine(({ applies_to = [] }) => !applies_to.includes('output'), 'answers of models have no labels'),
    )
    .max(64)
    .refine((all) => unique(all, (rule) => rule.id), 'two label rules have one id')
    .optional(),
  // A sequence of one step is a forbid, which Cedar expresses.
  sequences: z
    .array(z.strictObject({ id, code, steps: z.array(step).min(2).max(8) }))
    .max(32)
    .refine((all) => unique(all, (sequence) => sequence.id), 'two sequences have one id')
    .optional(),
  approvals: z
    .array(approvalRule)
    .max(64)
    .refine((all) => unique(all, (rule) => rule.id), 'two rules of approvals have one id')
    .optional(),
  policies: z
    .array(z.strictObject({ id, text: z.string().min(1).max(8_000), code: code.optional() }))
    .min(1)
    .max(1_000)
    .refine((all) => unique(all, (policy) => policy.id), 'two policies have one id'),
  personas: z.array(name).min(1).max(256),
  models: z.array(name).min(1).max(256),
  limits: z.strictObject({
    prompt_chars_max: z.number().int().min(1).max(100_000),
    embedding_chars_max: z.number().int().min(1).max(200_000),
    max_tokens_max: z.number().int().min(1).max(8_192),
  }),
  tests: z
    .array(
      z.strictObject({
        name,
        before: z.array(testCommand).max(16).optional(),
        command: testCommand,
        expect: z.strictObject({
          outcome: z.enum(['allow', 'deny']),
          reason: code,
          approvals: z.number().int().min(0).max(APPROVALS_REQUIRED_MAX).optional(),
        }),
      }),
    )
    .min(2)
    .max(1_000)
    .refine(
      (all) => ['allow', 'deny'].every((outcome) => all.some(({ expect }) => expect.outcome === outcome)),
      'the tests need at least one case that is allowed and one that is denied',
    ),
});

/**
 * Parses a document: shape, weights, patterns, and Cedar rules against the schema. Throws GovernanceError
 * `CONSTITUTION_INVALID`.
 */
export function parseConstitution(value: unknown): ConstitutionDocument {
  const parsed = documentSchema.safeParse(value);
  if (!parsed.success) throw new GovernanceError('CONSTITUTION_INVALID', z.prettifyError(parsed.error));
  const problems = policyProblems(parsed.data.policies);
  if (problems.length > 0) throw new GovernanceError('CONSTITUTION_INVALID', problems.join('\n'));
  return parsed.data;
}
