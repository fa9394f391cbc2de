/** Calls as policy decided them: refused, requested at once, or held for an approval. */
import { covers, nothing } from '../../schemas/amount.ts';
import { approvalDigest, scopeOf, strictest } from '../../schemas/contexts/approvals.ts';
import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import { carriedLabels, keptIn } from '../../schemas/contexts/policy/flow.ts';
import {
  isWithinEffect,
  type ManifestReader,
  TOOL_REGISTRY,
  type ToolFacts,
  toolIdOf,
  toolName,
} from '../../schemas/contexts/tools.ts';
import {
  type CallTool,
  type CommandChain,
  type PolicyDecided,
  type ReviseToolCall,
  runToolCall,
  type Tool,
  type ToolCallHeld,
  toolCallHeld,
  toolCallRefused,
  toolCallRequested,
  toolCallRevisionRefused,
} from '../../schemas/generated/records.ts';
import type { Tools } from '../tables/tools.ts';
import type { Output } from './call.ts';

/** What a call is checked against. */
export interface About {
  readonly read: ManifestReader;
  readonly tenantId: string;
  readonly tools: Tools;
  /** Chain of the record that is decided on. */
  readonly chain: CommandChain;
}

interface Refusal {
  readonly code: string;
  readonly detail: string;
}
type Found = { readonly tool: Tool; readonly facts: ToolFacts };

/** Returns the tool under the manifest of a call; a refusal where it has another one, or none. */
export function toolUnder(
  { toolId, digest, purpose = 'call' }: { readonly toolId: string; readonly digest: string; readonly purpose?: string },
  { read, tenantId, tools }: About,
): Found | Refusal {
  const tool = tools.get(toolId);
  if (toolId !== toolIdOf(tenantId, toolName(toolId)) || tool === undefined || tool.status === 'removed')
    return { code: 'TOOL_UNKNOWN', detail: 'No tool of this name exists.' };
  if (tool.status !== 'active' && purpose === 'call')
    return {
      code: 'TOOL_QUARANTINED',
      detail: 'The server of the tool changed its definition: a new version waits for approval.',
    };
  if (tool.digest !== digest)
    return { code: 'TOOL_CHANGED', detail: `The tool has another manifest now: sha256 ${tool.digest}.` };
  const found = read(tool.envelope);
  return found.status === 'refused' ? found : { tool, facts: found.facts };
}

/** Returns the tool of a call that its manifest allows; a refusal otherwise. */
function allowedTool(
  command: CallTool | ReviseToolCall,
  { labels, flow }: PolicyDecided,
  about: About,
): Found | Refusal {
  const found = toolUnder(command, about);
  if ('code' in found) return found;
  const { effect, cost, labelsIn } = found.facts;
  const carried = flow.map(({ label }) => label).filter((label) => keptIn.includes(label));
  const label = [...labels, ...carried].find((each) => labelsIn !== null && !labelsIn.includes(each));
  if (label !== undefined)
    return { code: 'TOOL_LABEL_REFUSED', detail: `The tool takes no data with the label ${label}.` };
  // Policy has reserved what the command says, and decided on the effect that it says.
  if (!covers({ ...nothing, cost: command.costMax }, { ...nothing, cost }))
    return { code: 'TOOL_CHANGED', detail: `A call costs ${cost}, more than the ${command.costMax} of the command.` };
  if (!isWithinEffect(effect, command.effect))
    return { code: 'TOOL_CHANGED', detail: `The effect is ${effect}, more than the ${command.effect} of the command.` };
  return found;
}

/** Requests the call under the manifest that its caller chose, or holds it where an approval is needed; or refuses it. */
export function called(command: CallTool, decided: PolicyDecided, about: About): readonly Output[] {
  const { callId, toolId, principal, labels, costMax, runId, capsuleId, purpose } = command;
  const { decision } = decided;
  const refuse = ({ code, detail }: Refusal, shortfall: ReturnType<typeof refusalOf>['shortfall'] = null) => [
    toolCallRefused({ callId, toolId, principal, code, detail, decision, shortfall, chain: null, runId }),
  ];
  if (decision.outcome === 'deny') {
    const refusal = refusalOf(decided);
    return refuse(refusal, refusal.shortfall);
  }
  if (isOfServer(command, about)) return connecting(command, decided, about);
  const found = allowedTool(command, decided, about);
  if ('code' in found) return refuse(found);
  const held = purpose === 'call' ? heldOf(command, decided, found, about, { revision: 1, runId, capsuleId }) : null;
  if (held !== null) return [toolCallHeld(held)];
  const { tier } = found.facts;
  // A check and a question to a server change nothing outside.
  const effect = purpose === 'call' ? found.facts.effect : 'read';
  const { digest, version: toolVersion, envelope } = found.tool;
  const call = {
    callId,
    toolId,
    digest,
    principal,
    arguments: command.arguments,
    decisionId: decision.decisionId,
    purpose,
  };
  const sessionId = command.credential?.sessionId ?? null;
  const { tenantId } = about;
  return [
    toolCallRequested({ ...call, tenantId, toolVersion, sessionId, effect, tier, labels, costMax, chain: null, runId }),
    runToolCall({ ...call, envelope, chain: null, sessionId, labels: [...carriedLabels(labels, decided)] }),
  ];
}

/** Returns whether a command asks a server that no tool names. */
const isOfServer = ({ purpose, toolId, digest }: CallTool, { tenantId }: About): boolean =>
  purpose === 'connect' && digest === '' && toolId === toolIdOf(tenantId, TOOL_REGISTRY);

/** Requests a question to a server; the arguments name it, and no manifest does. */
function connecting(command: CallTool, { decision }: PolicyDecided, { tenantId }: About): readonly Output[] {
  const { callId, toolId, digest, principal, credential, labels, costMax, purpose, runId } = command;
  const { decisionId } = decision;
  const call = { callId, toolId, digest, principal, arguments: command.arguments, decisionId, purpose, chain: null };
  const sessionId = credential?.sessionId ?? null;
  const asked = { toolVersion: 0, effect: 'read', tier: 'process', labels, costMax, sessionId, tenantId, runId };
  return [toolCallRequested({ ...call, ...asked }), runToolCall({ ...call, envelope: '', sessionId, labels })];
}

/** Holds a call again with the edited arguments that policy allows; else it waits on with those that it had. */
export function revised(
  held: ToolCallHeld,
  command: ReviseToolCall,
  decided: PolicyDecided,
  about: About,
): readonly Output[] {
  const { callId, revision } = command;
  if (revision !== held.revision + 1) return [];
  const scopeId = scopeOf(held.credential?.sessionId ?? null, callId);
  const { decision } = decided;
  const refuse = ({ code, detail }: Refusal) => [
    toolCallRevisionRefused({ callId, scopeId, revision, code, detail, decision }),
  ];
  if (decision.outcome === 'deny') return refuse(refusalOf(decided));
  const found = allowedTool(command, decided, about);
  if ('code' in found) return refuse(found);
  const { runId, capsuleId } = held;
  const again = heldOf(command, decided, found, about, { revision, runId, capsuleId });
  // An edit never makes an approval needless: what was asked for first stands.
  const requirement = strictest([held.requirement, ...(again === null ? [] : [again.requirement])]) ?? held.requirement;
  const base = again ?? { ...held, ...boundTo(command, decided), revision };
  return [toolCallHeld({ ...base, requirement, labels: held.labels, commandChain: held.commandChain })];
}

const boundTo = (command: CallTool | ReviseToolCall, { decision, flow }: PolicyDecided) => ({
  arguments: command.arguments,
  decision,
  flow,
  approvalDigest: approvalDigest({
    ...{ toolDigest: command.digest, arguments: command.arguments, decisionId: decision.decisionId },
  }),
});

/** Returns the call as it is held; null when neither the constitution nor the manifest asks for an approval. */
function heldOf(
  command: CallTool | ReviseToolCall,
  decided: PolicyDecided,
  { tool, facts }: Found,
  { tenantId, chain: commandChain }: About,
  { revision, runId, capsuleId }: Pick<ToolCallHeld, 'revision' | 'runId' | 'capsuleId'>,
): ToolCallHeld | null {
  const requirement = strictest([decided.approval, facts.approval].filter((each) => each !== null));
  if (requirement === null) return null;
  const { callId, toolId, principal, capabilities, credential, labels, costMax, digest } = command;
  return {
    ...{ callId, tenantId, toolId, toolVersion: tool.version, digest, principal, capabilities, credential },
    ...{ effect: facts.effect, tier: facts.tier, labels, costMax, requirement, revision, runId, commandChain },
    capsuleId,
    ...boundTo(command, decided),
    flow: labelled(decided),
  };
}

/** Returns the labels of a decision with their sources, also where its constitution asks for none. */
const labelled = ({ flow, labels }: PolicyDecided) => [
  ...flow,
  ...labels
    .filter((label) => !flow.some((each) => each.label === label))
    .map((label) => ({ label, source: 'command', origin: null })),
];
