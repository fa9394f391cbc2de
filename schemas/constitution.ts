/**
 * The language of a constitution: the signed document, and the request that its Cedar rules see. The names are those of
 * the JSON that is signed. How a document is written: docs/reference/constitution.md.
 */

import type { AnyRecord, RecordOf } from './generated/records.ts';

/** The features that evaluators know, each from 0 (bad) to 1 (good). A document weighs some or all of them. */
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

/** `forbid` denies at once; `caution` lowers `prompt_safety`. */
export const severities = ['forbid', 'caution'] as const;
export type Severity = (typeof severities)[number];

export interface ModerationRule {
  readonly id: string;
  /** A pattern of the bounded subset of regular expressions that infra/governance/safe-pattern.ts describes. Case is ignored. */
  readonly pattern: string;
  /** Reason code of a finding, such as `MODERATION_WEAPONS`. */
  readonly code: string;
  readonly severity: Severity;
}

/** Text that the pattern matches brings the label. */
export interface LabelRule {
  readonly id: string;
  /** As that of a moderation rule. */
  readonly pattern: string;
  /** Such as `personal_data`. Several rules may bring one label. */
  readonly label: string;
}

/** Holds of a command when each list that is given has something of it. */
export interface SequenceStep {
  /** One of its labels. */
  readonly labels?: readonly string[] | undefined;
  readonly actions?: readonly GovernedAction[] | undefined;
  /** The model asked for; `default` when none was named. */
  readonly models?: readonly string[] | undefined;
  /** Any model but these. */
  readonly models_except?: readonly string[] | undefined;
}

/** The command that would take its last step, after the others in their order and in one session, is denied. */
export interface Sequence {
  readonly id: string;
  /** Reason code of the denial, such as `PERSONAL_DATA_LEAVES`. */
  readonly code: string;
  readonly steps: readonly SequenceStep[];
}

export interface CedarPolicy {
  readonly id: string;
  /** One policy in the Cedar language. */
  readonly text: string;
  /** Reason code when this policy forbids; `RULE_FORBIDS` when it has none. */
  readonly code?: string | undefined;
}

/** What is left out takes a harmless value: see streams/policy/self-test.ts. */
export interface TestCommand {
  readonly type: GovernedAction;
  readonly prompt?: string | undefined;
  readonly persona?: string | undefined;
  readonly model?: string | undefined;
  readonly capabilities?: readonly string[] | undefined;
  readonly max_tokens?: number | undefined;
  /** Declared by the caller. */
  readonly labels?: readonly string[] | undefined;
}

/** One case of the document's own tests. */
export interface ConstitutionTest {
  readonly name: string;
  /** Commands of the same session before, the first one first. Each must be allowed. */
  readonly before?: readonly TestCommand[] | undefined;
  readonly command: TestCommand;
  /** `reason` is the deciding reason code, the first one of the decision. */
  readonly expect: { readonly outcome: 'allow' | 'deny'; readonly reason: string };
}

export interface ConstitutionDocument {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  /** A weighted score below it denies. From 0 to 1. */
  readonly threshold: number;
  /** The weights sum to 1, within 1e-9. */
  readonly features: readonly { readonly name: FeatureName; readonly weight: number }[];
  readonly moderation: readonly ModerationRule[];
  readonly labels?: readonly LabelRule[] | undefined;
  readonly sequences?: readonly Sequence[] | undefined;
  readonly policies: readonly CedarPolicy[];
  readonly personas: readonly string[];
  /** Names of models, or `*` for any. */
  readonly models: readonly string[];
  readonly limits: {
    readonly prompt_chars_max: number;
    /** All texts of one request for embeddings together. */
    readonly embedding_chars_max: number;
    readonly max_tokens_max: number;
  };
  readonly tests: readonly ConstitutionTest[];
}

/** Commands that stand under governance: the actions of the Cedar rules. */
export const governedActions = ['StartSession', 'SubmitTurn', 'InferText', 'EmbedText'] as const;
export type GovernedAction = (typeof governedActions)[number];
export type GovernedCommand = RecordOf<GovernedAction>;

export const isGoverned = (record: AnyRecord): record is GovernedCommand =>
  (governedActions as readonly string[]).includes(record.type);

/** What a Cedar rule sees of a command: `principal` (in its `Tenant`), `action`, `resource` (the model) and `context`. */
export interface RuleRequest {
  readonly principal: string;
  readonly tenant: string;
  readonly action: GovernedAction;
  /** Model asked for; `default` when none was named. */
  readonly model: string;
  /** Rules do not see the text: what is said is the matter of moderation, whose findings they see. */
  readonly context: {
    readonly tenant: string;
    /** Empty outside of sessions. */
    readonly persona: string;
    readonly prompt_chars: number;
    /** 0 when none was asked for. */
    readonly max_tokens: number;
    readonly capabilities: readonly string[];
    /** Codes of the moderation findings. */
    readonly moderation: readonly string[];
    /** Of this command: declared by its caller, and found in its text. */
    readonly labels: readonly string[];
    /** Of what was let into its session before; empty outside of sessions. */
    readonly session_labels: readonly string[];
  };
}

export interface RuleVerdict {
  /** `error`: a rule could not be evaluated. A forbid that fails must not turn into a permit, so it denies. */
  readonly outcome: 'permit' | 'forbid' | 'no-permit' | 'error';
  /** Ids of the policies that decided, sorted. */
  readonly clauses: readonly string[];
}

export interface VerifiedConstitution {
  readonly status: 'verified';
  readonly version: string;
  /** sha256 of the canonical JSON of the document, hex. */
  readonly digest: string;
  readonly document: ConstitutionDocument;
}

/** Nothing may be decided by it: whoever holds it refuses. */
export interface UnverifiedConstitution {
  readonly status: 'unverified';
  /** Stable code of why. */
  readonly code: string;
  readonly detail: string;
}

export type ConstitutionStatus = VerifiedConstitution | UnverifiedConstitution;
