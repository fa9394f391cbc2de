import type { ToolTier } from '../../../schemas/contexts/tools.ts';
import type { EgressRequest, RecordOf } from '../../../schemas/generated/records.ts';
import type { EffectKnown } from '../errors.ts';
import type { Manifest } from '../manifest/manifest.ts';

/** Most requests of a call that are recorded. */
export const REQUESTS_MAX = 32;

/** What a call writes to the log with its end, in one transaction: it takes effect exactly once. */
export type ToolRecord = RecordOf<
  'KeepMemory' | 'DropMemory' | 'FilePiece' | 'KeepWorkspaceFile' | 'DropWorkspaceFile'
>;

/** One run of a call. */
export interface ToolRun {
  readonly callId: string;
  readonly tenantId: string;
  readonly principal: string;
  /** Decision that allowed the call. */
  readonly decisionId: string;
  /** Session of the token that asked; null outside sessions. */
  readonly sessionId: string | null;
  /** Place of the caller; null outside of sessions and requests. */
  readonly place: string | null;
  /** Labels of the data of the call. */
  readonly labels: readonly string[];
  readonly arguments: Readonly<Record<string, unknown>>;
  /** The same for every run of a call; the outside deduplicates on it. */
  readonly idempotencyKey: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The answer of a run. */
export interface ToolAnswer {
  /** A JSON value; null for an answer without a body. */
  readonly output: unknown;
  /** Labels of the output beside those of the manifest; none when omitted. */
  readonly labels?: readonly string[];
  /** Written with the end of the call; none when omitted. */
  readonly records?: readonly ToolRecord[];
}

/** The walls around the calls of a tool, for the record. */
export interface ToolAudit {
  readonly tier: ToolTier;
  /** Such as `egress-broker`. */
  readonly walls: readonly string[];
}

/** A tool that is ready to be called. */
export interface ConnectedTool {
  /** Runs a call. Rejects with ToolError, which says what is known of the effect. */
  execute(run: ToolRun): Promise<ToolAnswer>;
  /** Compares the tool with what its server says now. Rejects with ToolError TOOL_DEFINITION_CHANGED. Absent where a manifest says all. */
  readonly check?: (run: ToolRun) => Promise<void>;
  /** Asks the server of the tool for what it offers. Rejects with ToolError. Absent for a tool without a server. */
  readonly offers?: (run: ToolRun) => Promise<unknown>;
  /** Finds whether the effect of a call took place, by a read alone. Rejects with ToolError. Null when the manifest has no check. */
  readonly verify: ((run: ToolRun) => Promise<EffectKnown>) | null;
  /** Returns the requests of all runs of a call in this process, in order; at most REQUESTS_MAX. */
  requests(callId: string): readonly EgressRequest[];
  /** Forgets a call that has ended. */
  forget(callId: string): void;
  close(): Promise<void>;
}

/** A way to call tools. Each manifest names one. */
export interface ToolAdapter {
  readonly name: string;
  /**
   * Resolves with the walls that stand around a call of this tool here. Rejects with ToolError SANDBOX_UNAVAILABLE when they are
   * fewer than the manifest asks for: a call never runs weaker.
   */
  audit(manifest: Manifest): Promise<ToolAudit>;
  /** Makes a tool ready. Throws ToolError TOOL_INVALID for a manifest that the adapter cannot use. */
  connect(manifest: Manifest, tenantId: string): ConnectedTool;
  /** Reports whether the adapter can work in this process. */
  health(): Promise<{ readonly ok: boolean; readonly detail: string }>;
}

/** Adapters by the name that manifests have. */
export type ToolAdapters = ReadonlyMap<string, ToolAdapter>;

/** Returns adapters by their names. Throws for a name that is there twice: a bug. */
export function adaptersOf(...adapters: readonly ToolAdapter[]): ToolAdapters {
  const byName = new Map(adapters.map((each) => [each.name, each]));
  if (byName.size !== adapters.length) throw new Error('two adapters have one name');
  return byName;
}
