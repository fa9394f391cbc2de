/**
 * The signed document of a constitution, with the names of its JSON. How to write one: docs/reference/constitution.md;
 * the facts of its Cedar rules: rules.ts.
 */

import type { GovernedAction } from '../../governed.ts';
import type { DetectorName, ModerationPlace } from '../moderation/vocabulary.ts';

/** The features of the evaluator, each from 0 (bad) to 1 (good). A document weighs some or all of them. */
export const featureNames = [
  'prompt_safety',
  'prompt_length',
  'prompt_legibility',
  'token_budget',
  'capability_fit',
  'persona_known',
  'model_known',
] as const;
export type FeatureName = (typeof featureNames)[number];

/** `forbid` denies or cuts at once; `redact` replaces a part of an answer; `caution` lowers `prompt_safety`, and is recorded of an answer. */
export const severities = ['forbid', 'redact', 'caution'] as const;
export type Severity = (typeof severities)[number];

/**
 * What a rule looks for in a text, and where. Exactly one of `pattern`, `detector` and `category` is given. Rules of
 * `output` have a pattern, a detector of forms or a category, because they check answers as they flow; label rules have no
 * `output`.
 */
export interface TextRule {
  readonly id: string;
  /**
   * A pattern in the bounded subset of regular expressions described in infra/governance/constitution/safe-pattern.ts.
   * Case is ignored.
   */
  readonly pattern?: string | undefined;
  /** A detector of this project: schemas/contexts/moderation/vocabulary.ts. */
  readonly detector?: DetectorName | undefined;
  /** A category of the outside classifier: the rule finds nothing where none is configured. Of `input` and `output`. */
  readonly category?: string | undefined;
  /** Least score of a finding of the detector `prompt-injection` and of categories, from 0 to 1; 0.5 when omitted. */
  readonly score_min?: number | undefined;
  /** Places where it applies; only `input` when omitted. */
  readonly applies_to?: readonly ModerationPlace[] | undefined;
}

export interface ModerationRule extends TextRule {
  /** Reason code of a finding, such as `MODERATION_WEAPONS`. */
  readonly code: string;
  readonly severity: Severity;
}

/** A rule that labels matching text. */
export interface LabelRule extends TextRule {
  /** The label, such as `personal_data`. Several rules may give the same label. */
  readonly label: string;
}

/** A step matches a command when each given list contains a value of it. */
export interface SequenceStep {
  /** Labels of the command. */
  readonly labels?: readonly string[] | undefined;
  readonly actions?: readonly GovernedAction[] | undefined;
  /** Requested models; `default` is a request without a model. */
  readonly models?: readonly string[] | undefined;
  /** Any model except these. */
  readonly models_except?: readonly string[] | undefined;
}

/**
 * A sequence of commands in one session. The command that would take the last step, after the others in order, is
 * denied.
 */
export interface Sequence {
  readonly id: string;
  /** Reason code of the denial, such as `PERSONAL_DATA_LEAVES`. */
  readonly code: string;
  readonly steps: readonly SequenceStep[];
}

/** Calls of tools that a rule of approvals is about: each given condition must hold. */
export interface ApprovalCondition {
  readonly effects?: readonly string[] | undefined;
  /** Names of tools. */
  readonly tools?: readonly string[] | undefined;
  /** One of these labels, of the call or of its session. */
  readonly labels?: readonly string[] | undefined;
  /** A decimal: the call may cost more. */
  readonly cost_over?: string | undefined;
}

/** A rule of approvals. The principal of a call, and every session, never approves. */
export interface ApprovalRule {
  readonly id: string;
  readonly when: ApprovalCondition;
  /** Number of principals that must approve; default: 1. */
  readonly required?: number | undefined;
  /** Capability that each of them must have besides `approval:decide`. Roles give capabilities. */
  readonly capability?: string | undefined;
  /** Time to the expiry, in ms; default: one hour. */
  readonly expires_ms?: number | undefined;
  /** Holders of this capability may decide as well, after this time in ms. */
  readonly escalate?: { readonly after_ms: number; readonly capability: string } | undefined;
}

export interface CedarPolicy {
  readonly id: string;
  /** One policy in the Cedar language. */
  readonly text: string;
  /** Reason code when this policy forbids; `RULE_FORBIDS` when it has none. */
  readonly code?: string | undefined;
}

/** A command of a test. Missing fields get harmless values: see streams/policy/self-test.ts. */
export interface TestCommand {
  readonly type: GovernedAction;
  readonly prompt?: string | undefined;
  readonly persona?: string | undefined;
  /** Name of the model. */
  readonly model?: string | undefined;
  /** Name of the resource of a command without a model, such as a tool. */
  readonly resource?: string | undefined;
  readonly capabilities?: readonly string[] | undefined;
  readonly max_tokens?: number | undefined;
  /** Labels declared by the caller. */
  readonly labels?: readonly string[] | undefined;
  /** Effect of a call of a tool. */
  readonly effect?: string | undefined;
}

/** One test of the document. */
export interface ConstitutionTest {
  readonly name: string;
  /** Earlier commands of the same session, in order. Each must be allowed. */
  readonly before?: readonly TestCommand[] | undefined;
  readonly command: TestCommand;
  /** Expected decision; `reason` is the deciding reason code, the first one. */
  readonly expect: {
    readonly outcome: 'allow' | 'deny';
    readonly reason: string;
    /** Number of approvals that an allowed call needs; not checked when absent. */
    readonly approvals?: number | undefined;
  };
}

export interface ConstitutionDocument {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  /** A weighted score below this denies. From 0 to 1. */
  readonly threshold: number;
  /** The weights sum to 1, within 1e-9. */
  readonly features: readonly { readonly name: FeatureName; readonly weight: number }[];
  readonly moderation: readonly ModerationRule[];
  readonly labels?: readonly LabelRule[] | undefined;
  readonly sequences?: readonly Sequence[] | undefined;
  readonly approvals?: readonly ApprovalRule[] | undefined;
  readonly policies: readonly CedarPolicy[];
  readonly personas: readonly string[];
  /** Allowed models, or `*` for any. */
  readonly models: readonly string[];
  readonly limits: {
    readonly prompt_chars_max: number;
    /** Bound on all texts of one embedding request together. */
    readonly embedding_chars_max: number;
    readonly max_tokens_max: number;
  };
  readonly tests: readonly ConstitutionTest[];
}

export interface VerifiedConstitution {
  readonly status: 'verified';
  readonly version: string;
  /** sha256 of the canonical JSON of the document, hex. */
  readonly digest: string;
  readonly document: ConstitutionDocument;
}

/** A constitution that cannot be used: policy refuses every command. */
export interface UnverifiedConstitution {
  readonly status: 'unverified';
  /** Stable code of the cause. */
  readonly code: string;
  readonly detail: string;
}

export type ConstitutionStatus = VerifiedConstitution | UnverifiedConstitution;
