/**
 * Descriptors of governed commands. Each context describes its own commands (schemas/contexts/), schemas/governed.ts
 * collects them, and policy, budgets, histories, labels, self-tests and Cedar's schema derive from the descriptors:
 * none of them names a command.
 */
import type { Credential, LabelSource, RecordName, Records } from './generated/records.ts';

/** Types of resources of governed commands: the entity types of Cedar's resources. */
export const resourceTypes = ['Model', 'Tool', 'Job', 'Capsule', 'Workflow', 'Memory', 'Agent'] as const;
export type ResourceType = (typeof resourceTypes)[number];

/** A resource by name, as seen by rules, kill switches and the external policy engine. */
export interface NamedResource {
  readonly type: ResourceType;
  readonly id: string;
}

/** A requested resource. */
export interface Resource {
  readonly type: ResourceType;
  /** Name; null when the command named none and gets the default of the type. */
  readonly id: string | null;
}

/** Resource name of commands that name none. */
export const DEFAULT_RESOURCE = 'default';

/** Returns a resource by name: `default` when the command named none. */
export const namedResource = ({ type, id }: Resource): NamedResource => ({ type, id: id ?? DEFAULT_RESOURCE });

/**
 * Upper bound on the use of a command. Tokens are priced, and reserved with their price in the budgets of the tenant,
 * like money; calls are only a fact for rules, since no budget limits them; none reserves nothing.
 */
export type Estimate =
  | { readonly unit: 'tokens'; readonly tokensMax: number }
  /** In the currency of the platform: a decimal with nine fraction digits. */
  | { readonly unit: 'money'; readonly costMax: string }
  | { readonly unit: 'calls'; readonly callsMax: number }
  | { readonly unit: 'none' };

/** The limit of a constitution that bounds the text of a command. */
export type TextLimit = 'prompt_chars_max' | 'embedding_chars_max';

/** What rules see of the call of a tool. */
export interface ToolCallFacts {
  /** Effect that the caller claims of the manifest: read, write or irreversible. The call is refused where it says less. */
  readonly effect: string;
  /** Most that it may cost: a decimal with nine fraction digits. */
  readonly costMax: string;
}

/** The fields of a governed command by their meaning. */
export interface Description {
  /** Requesting principal: service account, API key or user id. */
  readonly principal: string;
  /** Capabilities of the credential. */
  readonly capabilities: readonly string[];
  /** The session token of the request; null for an API key, and when no token can send the command. */
  readonly credential: Credential | null;
  /** Name of the resource; null for the default of its type. */
  readonly resourceId: string | null;
  /** Further names of the resource, which kill switches know as well; none when omitted. */
  readonly otherNames?: readonly string[];
  /** Further resources whose kill switches stop it, such as the agent that asks a model; none when omitted. */
  readonly stoppedWith?: readonly NamedResource[];
  /**
   * Needed capability, such as `slm:invoke:<model>`. If it contains the resource, then at its end. Null when no work
   * would run.
   */
  readonly needs: string | null;
  /** Capabilities that it needs as well, such as `jobs:lane:interactive`; none when omitted. */
  readonly alsoNeeds?: readonly string[];
  /** True when it passes its capabilities on to what it starts: none of them may govern the platform then. */
  readonly delegates: boolean;
  /** Session of the command: its own, or that of the requesting token; null outside sessions. */
  readonly session: string | null;
  /** Persona; null outside sessions. */
  readonly persona: string | null;
  /** The text for moderation and label rules; null without one. */
  readonly text: string | null;
  /**
   * Texts that moderation classifies instead of deciding on them; none when omitted. The longest one counts as the text
   * of the command for limits and features of length.
   */
  readonly classified?: readonly string[];
  readonly textLimit: TextLimit;
  /** Longest requested answer, in tokens; null when none was requested. */
  readonly maxTokens: number | null;
  /** Labels of its data, declared by the caller. */
  readonly labels: readonly string[];
  /** Labels among them that the caller did not declare, with where they came from; none when omitted. */
  readonly brought?: readonly LabelSource[];
  /** The call of a tool that it asks for; absent for every other command. Rules on effects and approvals see it. */
  readonly toolCall?: ToolCallFacts;
  readonly estimate: Estimate;
  /** Id of the request for which the estimate is reserved. Null when no work would run. */
  readonly requestId: string | null;
}

/** The fields of a command in a test of a constitution; missing ones have harmless values. */
export interface Example {
  /** Text; null when the test has none. */
  readonly text: string | null;
  readonly persona: string;
  /** Name of the resource; null for the default. */
  readonly resourceId: string | null;
  readonly capabilities: readonly string[];
  readonly maxTokens: number | null;
  readonly labels: readonly string[];
  /** Effect of a call of a tool; `read` when absent. */
  readonly effect?: string;
}

/** Default text and id of examples. */
export const EXAMPLE_TEXT = 'Good morning.';
export const EXAMPLE_ID = '00000000-0000-0000-0000-000000000000';

/** The description of one kind of governed command. */
export interface Descriptor<Action extends RecordName> {
  /** Resource type of all its commands; rules are checked against it. */
  readonly resource: ResourceType;
  /** Describes a command. Total and pure: its result is part of the decision, which a replay recomputes. */
  readonly describe: (command: Records[Action]) => Description;
  /** Action that rules see, where the command repeats another one: a rule on that one holds for it as well. */
  readonly ruledAs?: RecordName;
  /** Makes the command of a constitution's test. Total and pure. */
  readonly example: (example: Example) => Records[Action];
}

/** A descriptor for each command of a governed topic: a missing one does not compile. */
export type Descriptors<Actions extends RecordName> = { readonly [Action in Actions]: Descriptor<Action> };
