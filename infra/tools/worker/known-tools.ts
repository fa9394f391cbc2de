import type { KeyObject } from 'node:crypto';
import type { RunToolCall } from '../../../schemas/generated/records.ts';
import type { ConnectedTool, ToolAdapters, ToolAudit } from '../adapters/port.ts';
import { ToolError } from '../errors.ts';
import { type Check, checkOf } from '../manifest/json-schema.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { verifyManifest } from '../manifest/signing.ts';

/** The keys and the adapters of a process. */
export interface KnownToolsParts {
  /** Keys that may sign manifests. */
  readonly trusted: ReadonlyMap<string, KeyObject>;
  readonly adapters: ToolAdapters;
}

/** A tool whose manifest was verified, with its connection. */
export interface ReadyTool {
  readonly manifest: Manifest;
  readonly audit: ToolAudit;
  readonly connected: ConnectedTool;
  readonly checkOutput: Check;
}

/** Connections that are kept. The oldest one is forgotten, not closed: calls may use it, and its idle connections end. */
const KEPT_MAX = 256;

/** The tools that this process has called, by tenant and manifest. */
export class KnownTools {
  readonly #parts: KnownToolsParts;
  readonly #kept = new Map<string, ReadyTool>();

  constructor(parts: KnownToolsParts) {
    this.#parts = parts;
  }

  /**
   * Resolves with the tool of a call. Rejects with GovernanceError and ToolError TOOL_INVALID for a manifest that is not to be used,
   * TOOL_ADAPTER_UNAVAILABLE and SANDBOX_UNAVAILABLE where it cannot run here.
   */
  async of({ envelope, digest }: Pick<RunToolCall, 'envelope' | 'digest'>, tenantId: string): Promise<ReadyTool> {
    const key = `${tenantId}/${digest}`;
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const prepared = verifyManifest(envelope, this.#parts.trusted);
    if (prepared.digest !== digest)
      throw new ToolError('TOOL_INVALID', `The manifest has sha256 ${prepared.digest}, not ${digest}`, {
        effect: 'none',
      });
    const made = await this.#ready(prepared.manifest, tenantId);
    const meanwhile = this.#kept.get(key);
    if (meanwhile !== undefined) return meanwhile;
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= KEPT_MAX && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(key, made);
    return made;
  }

  /**
   * Resolves with a server that no manifest names, to be asked for what it offers and for nothing else. It is not kept. Rejects
   * with ToolError as `of` does.
   */
  server(manifest: Manifest, tenantId: string): Promise<ReadyTool> {
    return this.#ready(manifest, tenantId);
  }

  async #ready(manifest: Manifest, tenantId: string): Promise<ReadyTool> {
    const adapter = this.#parts.adapters.get(manifest.adapter);
    if (adapter === undefined)
      throw new ToolError('TOOL_ADAPTER_UNAVAILABLE', `This worker has no adapter ${manifest.adapter}`, {
        effect: 'none',
      });
    const audit = await adapter.audit(manifest);
    const connected = adapter.connect(manifest, tenantId);
    return { manifest, audit, connected, checkOutput: checkOf(manifest.output_schema) };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#kept.values()].map(({ connected }) => connected.close()));
  }
}
