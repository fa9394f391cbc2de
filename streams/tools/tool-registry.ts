import { refusalOf } from '../../schemas/contexts/policy/denial.ts';
import { type ManifestReader, toolIdOf, toolName } from '../../schemas/contexts/tools.ts';
import {
  type PolicyDecided,
  type QuarantineTool,
  tool,
  toolQuarantined,
  toolRefused,
  toolRegistered,
  toolRemoved,
  toolUpdated,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { assertNever, type Meta, type Processor, processor, type RecordOf } from '../kernel.ts';

type Command = RecordOf<'RegisterTool' | 'UpdateTool' | 'RemoveTool'>;
type ToolEvent = RecordOf<'ToolRegistered' | 'ToolUpdated' | 'ToolRemoved' | 'ToolQuarantined' | 'ToolRefused'>;
type Input = RecordOf<'PolicyDecided' | 'QuarantineTool'>;
type Output = ToolEvent | RecordOf<'Tool'>;

/** The latest manifest, so that the record of a removed tool names it. */
interface Definition {
  readonly tenantId: string;
  readonly version: number;
  readonly digest: string;
  /** Version that the manifest names itself. */
  readonly named: string;
  readonly manifest: string;
  readonly envelope: string;
}

/**
 * absent ──ToolRegistered──▶ active ──ToolRemoved──▶ removed ──ToolRegistered──▶ active
 *                             ├─ToolUpdated─▶ active
 *                             └─ToolQuarantined─▶ quarantined ──ToolUpdated─▶ active
 *
 * A removed tool keeps its state, so that its versions go on. At most 160 KB, typically 6 KB as JSON.
 */
export type RegistryState =
  | { readonly status: 'absent' }
  | ({ readonly status: 'active' | 'quarantined' | 'removed' } & Definition);

type At = Pick<Meta, 'tenantId' | 'timeMs' | 'place'>;

const UNKNOWN = 'No tool of this name exists.';

/**
 * Decides on a decision of policy, or on what a call found. A command to a tool of another tenant is refused like one to a tool
 * that does not exist.
 */
const decideBy =
  (read: ManifestReader) =>
  (state: RegistryState, input: Input, at: At): readonly Output[] => {
    const event = input.type === 'PolicyDecided' ? decided(read, state, input.data, at) : found(state, input.data, at);
    if (event === null) return [];
    const after = recordAfter(state, event, at);
    return after === null ? [event] : [event, after];
  };

function decided(read: ManifestReader, state: RegistryState, decision: PolicyDecided, at: At): ToolEvent | null {
  const command = commandOf(decision);
  return command === null ? null : eventOf(read, state, command, decision, at);
}

/** Quarantines the tool under the manifest that the call had; a newer one is not touched. */
function found(state: RegistryState, finding: QuarantineTool, { tenantId }: At): ToolEvent | null {
  const { toolId, digest, code, callId, detail } = finding;
  if (state.status !== 'active' || state.tenantId !== tenantId || state.digest !== digest) return null;
  const { version } = state;
  return toolQuarantined({ toolId, tenantId, version, digest, code, detail, callId });
}

function eventOf(
  read: ManifestReader,
  state: RegistryState,
  command: Command,
  decided: PolicyDecided,
  at: At,
): ToolEvent {
  const { decision } = decided;
  const { toolId, principal } = command.data;
  const refuse = (refusal: Omit<ReturnType<typeof refusalOf>, 'decision'>): ToolEvent =>
    toolRefused({ toolId, principal, ...refusal, decision, version: versionOf(state, at) });
  const no = (code: string, detail: string): ToolEvent => refuse({ code, detail, shortfall: null });
  if (decision.outcome === 'deny') return refuse(refusalOf(decided));
  const { tenantId } = at;
  if (toolId !== toolIdOf(tenantId, toolName(toolId))) return no('TOOL_UNKNOWN', UNKNOWN);
  const { decisionId } = decision;
  const before = versionOf(state, at);
  if (command.type === 'RegisterTool') {
    if (before > 0) return no('ALREADY_EXISTS', 'A tool of this name exists: replace it by its ETag.');
  } else {
    const { expectedVersion } = command.data;
    if (before === 0) return no('TOOL_UNKNOWN', UNKNOWN);
    if (expectedVersion !== null && expectedVersion !== before)
      return no('PRECONDITION_FAILED', `The tool has version ${before}, not ${expectedVersion}.`);
  }
  const version = (state.status === 'absent' ? 0 : state.version) + 1;
  if (command.type === 'RemoveTool') return toolRemoved({ toolId, tenantId, version, principal, decisionId });
  const { envelope, digest } = command.data;
  const found = read(envelope);
  if (found.status === 'refused') return no(found.code, found.detail);
  if (found.digest !== digest)
    return no('TOOL_DIGEST_MISMATCH', `The manifest has sha256 ${found.digest}, not ${digest}.`);
  if (found.facts.name !== toolName(toolId))
    return no('TOOL_INVALID', `The manifest is of ${found.facts.name}, not of ${toolName(toolId)}.`);
  const defined = { toolId, tenantId, version, digest, manifest: found.manifest, envelope, principal, decisionId };
  if (command.type === 'RegisterTool') return toolRegistered(defined);
  if (state.status === 'quarantined' && state.digest === digest)
    return no('TOOL_QUARANTINED', 'The tool is quarantined under this manifest: approve a new version of it.');
  if (state.status !== 'absent' && state.digest !== digest && state.named === found.facts.version)
    return no('TOOL_INVALID', `Version ${found.facts.version} has another manifest: a change takes a new version.`);
  return toolUpdated(defined);
}

/** Returns the version of the tool of the tenant; 0 when it has none. */
const versionOf = (state: RegistryState, { tenantId }: At): number =>
  (state.status === 'active' || state.status === 'quarantined') && state.tenantId === tenantId ? state.version : 0;

/** Returns the definition for readers that hold all tools; null where nothing changed. */
function recordAfter(
  before: RegistryState,
  event: ToolEvent,
  { timeMs: changedAt, place }: At,
): RecordOf<'Tool'> | null {
  const state = evolve(before, event);
  if (event.type === 'ToolRefused' || state.status === 'absent') return null;
  const { tenantId, version, digest, manifest, envelope, status } = state;
  return tool({ toolId: event.data.toolId, tenantId, status, version, digest, manifest, envelope, changedAt, place });
}

/** Returns the version that a manifest names; '' for a text that is none. The reader has checked it before. */
function namedIn(manifest: string): string {
  try {
    const { version } = JSON.parse(manifest) as { version?: unknown };
    return typeof version === 'string' ? version : '';
  } catch {
    return '';
  }
}

/** Folds one output into the state of its tool. */
export function evolve(state: RegistryState, event: Output): RegistryState {
  switch (event.type) {
    case 'ToolRegistered':
    case 'ToolUpdated': {
      const { tenantId, version, digest, manifest, envelope } = event.data;
      return { status: 'active', tenantId, version, digest, named: namedIn(manifest), manifest, envelope };
    }
    case 'ToolQuarantined':
      return state.status === 'absent' ? state : { ...state, status: 'quarantined' };
    case 'ToolRemoved':
      return state.status === 'absent' ? state : { ...state, status: 'removed', version: event.data.version };
    case 'ToolRefused':
    case 'Tool':
      return state;
    default:
      return assertNever(event);
  }
}

function commandOf({ command }: PolicyDecided): Command | null {
  switch (command.type) {
    case 'RegisterTool':
    case 'UpdateTool':
    case 'RemoveTool':
      return command;
    default:
      return null;
  }
}

/** Keeps the manifests of tools, each with its history. */
export const toolRegistry = (read: ManifestReader): Processor =>
  processor({
    name: 'tool-registry',
    inputs: [topics.policyDecisions, topics.toolsQuarantines],
    outputs: [topics.toolsEvents, topics.toolsCurrent],
    state: topics.toolRegistryState,
    initial: { status: 'absent' } as RegistryState,
    finished: ({ status }) => status === 'absent',
    key: (input) => (input.type === 'PolicyDecided' ? commandOf(input.data)?.data.toolId : input.data.toolId) ?? null,
    decide: decideBy(read),
    evolve,
  });
