/** Limits and vocabularies of tools, their manifests, and what governance has to know of their commands. */

import type { ApprovalRequirement, CallTool, Credential, ReviseToolCall } from '../generated/records.ts';
import { type Description, type Descriptors, EXAMPLE_ID, EXAMPLE_TEXT, type Example } from '../governed-command.ts';
import type { RecordsIn, topics } from '../topics.ts';
import { textIn } from './jobs.ts';

/** Name of a tool in its tenant. */
export const TOOL_NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
/** The DSSE payload type of a manifest. */
export const MANIFEST_PAYLOAD_TYPE = 'application/vnd.khipu.tool+json';
/** Longest canonical manifest, in bytes of JSON. */
export const TOOL_MANIFEST_BYTES_MAX = 64 * 1024;
/** Longest arguments of a call, in bytes of JSON. */
export const TOOL_ARGUMENTS_BYTES_MAX = 64 * 1024;
/** Longest output in the record of a call, in bytes of JSON. A longer one is on `files.pieces`, and the record names it. */
export const TOOL_OUTPUT_INLINE_BYTES_MAX = 64 * 1024;
/** Longest output of a call, in bytes of JSON, that a manifest can allow, and what one allows that says nothing. */
export const TOOL_OUTPUT_BYTES_MAX = 4 * 1024 * 1024;
export const TOOL_OUTPUT_BYTES_DEFAULT = 256 * 1024;
/** Longest beginning of an output that is only named, in bytes. It is what a model is shown of it. */
export const TOOL_PREVIEW_BYTES_MAX = 8 * 1024;
/** Longest time of one run of a call, in ms. */
export const TOOL_TIMEOUT_MS_MAX = 60_000;
export const TOOL_TIMEOUT_MS_DEFAULT = 10_000;
/** Tools of a tenant, including removed ones. Every gateway and the tools processor keep each in memory. */
export const TOOLS_MAX = 500;

/** Least isolation of a tool; an open vocabulary on the wire. */
export const toolTiers = ['declared', 'wasm', 'process', 'kernel'] as const;
export type ToolTier = (typeof toolTiers)[number];
/** What a call does outside; an open vocabulary on the wire. */
export const toolEffects = ['read', 'write', 'irreversible'] as const;
export type ToolEffect = (typeof toolEffects)[number];
/** Returns true when an effect is at most another one; an effect that this version does not know is more than any. */
export const isWithinEffect = (effect: string, claimed: string): boolean => rankOf(effect) <= rankOf(claimed);
const rankOf = (effect: string): number => {
  const rank = (toolEffects as readonly string[]).indexOf(effect);
  return rank < 0 ? toolEffects.length : rank;
};
/** Ends of calls; an open vocabulary on the wire. */
export const toolOutcomes = ['succeeded', 'failed', 'unknown'] as const;
export type ToolOutcome = (typeof toolOutcomes)[number];

/**
 * What a `CallTool` asks for; an open vocabulary on the wire. `check`: compare the tool with what its server says now.
 * `connect`: ask a server for what it offers.
 */
export const toolPurposes = ['call', 'check', 'connect'] as const;
export type ToolPurpose = (typeof toolPurposes)[number];

/** Code of a call whose server describes the tool otherwise than the signed manifest; it quarantines the tool. */
export const DEFINITION_CHANGED = 'TOOL_DEFINITION_CHANGED';

/** Resource of the commands that change tools, for rules and the kill switch `tool:tool-registry`. */
export const TOOL_REGISTRY = 'tool-registry';

/** Capabilities of tools: to read their manifests and calls, to change them, and to call one. */
export const READ_TOOLS = 'tool:read';
export const ADMIN_TOOLS = 'tool:admin';
export const executeCapability = (tool: string): string => `tool:execute:${tool}`;

/** Returns the id of a tool in the log: names are those of a tenant. */
export const toolIdOf = (tenantId: string, name: string): string => `${tenantId}/${name}`;

/** Returns the name of a tool. Never throws. */
export const toolName = (toolId: string): string => toolId.slice(toolId.indexOf('/') + 1);

/** Returns the name of a manifest as kill switches know it: `tool:sha256.<digest>` stops what runs under it. */
export const digestName = (digest: string): string => `sha256.${digest}`;

/** Returns the beginning of a text, at most `bytesMax` bytes of UTF-8, without a character that is cut in two. */
export function headOf(text: string, bytesMax: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= bytesMax) return text;
  let end = bytesMax;
  // A byte 10xxxxxx goes on with the character before it.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.subarray(0, end).toString();
}

/** The facts of a manifest that decisions need. */
export interface ToolFacts {
  readonly name: string;
  /** Version that the manifest names itself. */
  readonly version: string;
  readonly tier: ToolTier | (string & {});
  readonly effect: ToolEffect | (string & {});
  /** Cost of one call: a decimal with nine fraction digits. */
  readonly cost: string;
  /** Labels that the data of a call may have; null for any. */
  readonly labelsIn: readonly string[] | null;
  /** Approvals that a call needs; null when the manifest asks for none. */
  readonly approval: ApprovalRequirement | null;
}

/** A signed manifest whose signature and content were checked, or the reason why it is not used. */
export type ReadManifest =
  | {
      readonly status: 'valid';
      readonly facts: ToolFacts;
      /** sha256 of `manifest`, hex. */
      readonly digest: string;
      /** Canonical JSON. */
      readonly manifest: string;
    }
  | { readonly status: 'refused'; readonly code: string; readonly detail: string };

/** Reads signed manifests. Total and deterministic. Bound where a process is composed, because it needs keys. */
export type ManifestReader = (envelope: string) => ReadManifest;

interface ToolCommand {
  readonly principal: string;
  readonly capabilities: readonly string[];
  readonly credential: Credential | null;
  readonly labels: readonly string[];
}

const common = ({ principal, capabilities, credential, labels }: ToolCommand) =>
  ({
    ...{ principal, capabilities, credential, labels, session: credential?.sessionId ?? null },
    ...{ delegates: false, persona: null, textLimit: 'embedding_chars_max', maxTokens: null },
  }) satisfies Partial<Description>;

/**
 * Nothing runs because of a definition: each call is decided on its own. The resource is the registry, so that a tool which
 * a kill switch stops can be mended and removed.
 */
const definition = (command: ToolCommand): Description => ({
  ...common(command),
  ...{
    resourceId: TOOL_REGISTRY,
    needs: ADMIN_TOOLS,
    text: null,
    estimate: { unit: 'none' },
    requestId: null,
  },
});

/**
 * Rules see the texts of the arguments. A tool without a price is counted in calls, which no budget limits. Who may change
 * tools may compare one with its server, and ask a server for what it offers.
 */
const call = (command: CallTool | ReviseToolCall): Description => {
  const { callId, toolId, digest, costMax, effect } = command;
  const purpose = 'purpose' in command ? command.purpose : 'call';
  const name = toolName(toolId);
  const isPriced = /[1-9]/.test(costMax);
  return {
    ...common(command),
    ...{ resourceId: name, otherNames: digest === '' ? [] : [digestName(digest)], requestId: callId },
    needs: purpose === 'call' ? executeCapability(name) : ADMIN_TOOLS,
    text: textIn(command.arguments),
    toolCall: { effect, costMax },
    estimate: isPriced ? { unit: 'money', costMax } : { unit: 'calls', callsMax: 1 },
  };
};

const EXAMPLE_DIGEST = '0'.repeat(64);

const example = ({ capabilities, labels, resourceId }: Example) => ({
  ...{ toolId: `demo/${resourceId ?? 'example'}`, principal: 'constitution-tests', capabilities, labels },
  credential: { sessionId: EXAMPLE_ID, issuedAt: 0 },
});

const exampleCall = (given: Example) => ({
  ...{ ...example(given), callId: EXAMPLE_ID, digest: EXAMPLE_DIGEST, costMax: '0.000000000' },
  arguments: JSON.stringify(given.text ?? EXAMPLE_TEXT),
  effect: given.effect ?? 'read',
});

export const toolsCommands: Descriptors<RecordsIn<typeof topics.toolsCommands | typeof topics.toolsRevisions>> = {
  RegisterTool: {
    resource: 'Tool',
    describe: definition,
    example: (given) => ({ ...example(given), envelope: '{}', digest: EXAMPLE_DIGEST }),
  },
  UpdateTool: {
    resource: 'Tool',
    describe: definition,
    example: (given) => ({ ...example(given), envelope: '{}', digest: EXAMPLE_DIGEST, expectedVersion: null }),
  },
  RemoveTool: {
    resource: 'Tool',
    describe: definition,
    example: (given) => ({ ...example(given), expectedVersion: null }),
  },
  CallTool: {
    resource: 'Tool',
    describe: call,
    example: (given) => ({ ...exampleCall(given), purpose: 'call', runId: null, capsuleId: null }),
  },
  // Its budget is reserved since the call was decided first.
  ReviseToolCall: {
    resource: 'Tool',
    ruledAs: 'CallTool',
    describe: (command) => ({ ...call(command), estimate: { unit: 'none' }, requestId: null }),
    example: (given) => ({ ...exampleCall(given), revision: 2 }),
  },
};
