/** The input and output of the Cedar rules of a constitution. */
import type { GovernedAction } from '../../governed.ts';
import type { NamedResource } from '../../governed-command.ts';

/** The facts of conditions, with their Cedar types. Rules do not see the text; they see the findings of moderation. */
export const ruleFacts = {
  tenant: 'String',
  /** Persona; empty outside sessions. */
  persona: 'String',
  /** Length of the text, in UTF-16 units. */
  prompt_chars: 'Long',
  /** Longest requested answer, in tokens; 0 when none was requested. */
  max_tokens: 'Long',
  /** Maximum number of calls of the command; 0 when it is not estimated in calls. */
  calls: 'Long',
  capabilities: 'Set<String>',
  /** Codes of the moderation findings. */
  moderation: 'Set<String>',
  /** Labels of this command: declared by its caller, or found in its text. */
  labels: 'Set<String>',
  /** Labels of earlier allowed commands of its session; empty outside sessions. */
  session_labels: 'Set<String>',
  /** Both together: what the command may carry. */
  flow_labels: 'Set<String>',
  /** trusted, or untrusted where one of the labels that flow says so. */
  integrity: 'String',
  /** The narrowest of public, internal, personal and secret among the labels that flow. */
  confidentiality: 'String',
  /** What the call of a tool does outside: read, write or irreversible; empty for every other command. */
  effect: 'String',
} as const;

interface FactTypes {
  readonly String: string;
  readonly Long: number;
  readonly 'Set<String>': readonly string[];
}
export type RuleFacts = { readonly [Name in keyof typeof ruleFacts]: FactTypes[(typeof ruleFacts)[Name]] };

/** A command as a Cedar rule sees it: `principal` (in its `Tenant`), `action`, `resource` and `context`. */
export interface RuleRequest {
  readonly principal: string;
  readonly tenant: string;
  readonly action: GovernedAction;
  readonly resource: NamedResource;
  readonly context: RuleFacts;
}

export interface RuleVerdict {
  /**
   * Result of the rules. `error`: a rule could not be evaluated; it denies, because a failed forbid must not become a
   * permit.
   */
  readonly outcome: 'permit' | 'forbid' | 'no-permit' | 'error';
  /** Ids of the deciding policies, sorted. */
  readonly clauses: readonly string[];
}
