import type { z } from 'zod';
import type { Manifest } from '../../../infra/tools/manifest/manifest.ts';
import type { ToolCallRow, ToolVersionRow } from '../../../projections/tools/queries.ts';
import { namedIn, PAYLOAD_MEDIA_TYPE } from '../../../schemas/contexts/jobs/payload.ts';
import { toolName } from '../../../schemas/contexts/tools.ts';
import type { EgressRequest, Tool, ToolCallCompleted } from '../../../schemas/generated/records.ts';
import { isoOf } from '../../../schemas/instant.ts';
import { type toolBody, toolCallBody, type toolCallEndedBody, toolSummary, type toolVersionBody } from './schemas.ts';

/** Returns the manifest of a tool, which was checked when it was registered. */
export const manifestOf = ({ manifest }: Pick<Tool, 'manifest'>): Manifest => JSON.parse(manifest) as Manifest;

/** A tool as it is shown. */
export type ShownTool = Pick<Tool, 'toolId' | 'status' | 'version' | 'digest' | 'manifest' | 'envelope' | 'changedAt'>;

/** Returns the body of a tool in a list. */
export function toolSummaryOf(tool: ShownTool): z.infer<typeof toolSummary> {
  const { version: manifest_version, description, adapter, tier, effect } = manifestOf(tool);
  const { toolId, version, digest, changedAt } = tool;
  const status = toolSummary.shape.status.parse(tool.status);
  const named = { name: toolName(toolId), version, digest, manifest_version, status };
  return { ...named, description, adapter, tier, effect, changed_at: isoOf(changedAt) };
}

/** Returns the body of a tool. */
export const toolOf = (tool: ShownTool): z.infer<typeof toolBody> => ({
  ...toolSummaryOf(tool),
  manifest: manifestOf(tool),
  envelope: tool.envelope,
});

/** Returns the body of a version. */
export const versionBodyOf = (row: ToolVersionRow): z.infer<typeof toolVersionBody> => ({
  ...{ version: row.version ?? 0, status: row.status ?? '', digest: row.digest, principal: row.principal ?? '' },
  manifest: row.manifest === null ? null : (JSON.parse(row.manifest) as unknown),
  ...{ decision_id: row.decision_id ?? '', created_at: row.created_at },
});

type Shown = Pick<z.infer<typeof toolCallBody>, 'output' | 'output_content' | 'output_preview'>;

/** Returns an output as it is shown: as it is, or by where the whole of it is read. */
function shownOutput(call_id: string, output: string | null = null, preview: string | null = null): Shown {
  const content = namedIn(output);
  if (content === null)
    return {
      output: output === null ? null : (JSON.parse(output) as unknown),
      output_content: null,
      output_preview: null,
    };
  const { digest, bytes } = content;
  return {
    output: null,
    output_content: { digest, bytes, media_type: PAYLOAD_MEDIA_TYPE, url: `/v1/tool-calls/${call_id}/output` },
    output_preview: preview,
  };
}

type RequestBody = z.infer<typeof toolCallBody>['requests'][number];

const requestBodyOf = ({
  pathDigest,
  requestBytes,
  responseBytes,
  durationMs,
  ...request
}: EgressRequest): RequestBody => ({
  ...{ ...request, path_digest: pathDigest, request_bytes: requestBytes, response_bytes: responseBytes },
  duration_ms: durationMs,
});

/** The end of a call with the names of the wire. */
interface WireEnd {
  readonly code?: string | null;
  readonly detail?: string;
  readonly output?: string | null;
  readonly preview?: string | null;
  readonly verified?: boolean;
  readonly tier?: string;
  readonly walls?: string[];
  readonly attempt?: number;
  readonly latency_ms?: number;
  readonly requests?: RequestBody[];
  readonly cost?: string;
  readonly labels?: string[];
}

/** Returns the body of a call. Throws on a status that this version does not know. */
export function callOf(row: ToolCallRow): z.infer<typeof toolCallBody> {
  const end = (row.result ?? {}) as WireEnd;
  return {
    ...{ call_id: row.call_id, tool: row.tool ?? '', tool_version: row.tool_version, digest: row.digest },
    status: toolCallBody.shape.status.parse(row.status),
    ...{ principal: row.principal ?? '', effect: row.effect, code: end.code ?? null, detail: end.detail ?? null },
    ...{
      ...shownOutput(row.call_id, end.output, end.preview),
      verified: end.verified ?? false,
      tier: end.tier ?? row.tier,
    },
    ...{ walls: end.walls ?? [], attempt: end.attempt ?? null, latency_ms: end.latency_ms ?? null },
    ...{ requests: end.requests ?? [], cost: end.cost ?? null },
    ...{ labels: end.labels ?? [], decision_id: row.decision_id },
    ...{ created_at: row.created_at, started_at: row.started_at, ended_at: row.ended_at },
  };
}

/** Returns the body of a call that has ended this moment. */
export const endedOf = (end: ToolCallCompleted, timeMs: number): z.infer<typeof toolCallEndedBody> => ({
  ...{ call_id: end.callId, tool: toolName(end.toolId), status: toolCallBody.shape.status.parse(end.outcome) },
  ...{ code: end.code, detail: end.detail, ...shownOutput(end.callId, end.output, end.preview) },
  ...{ verified: end.verified, tier: end.tier },
  ...{ walls: [...end.walls], attempt: end.attempt, latency_ms: end.latencyMs },
  ...{ requests: end.requests.map(requestBodyOf), cost: end.cost, labels: [...end.labels], ended_at: isoOf(timeMs) },
});

/** Returns the URL of a tool. */
export const toolUrl = (name: string): string => `/v1/tools/${name}`;
