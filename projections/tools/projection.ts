import { toolName } from '../../schemas/contexts/tools.ts';
import { topics } from '../../schemas/topics.ts';
import {
  appendTable,
  assertNever,
  first,
  foldTable,
  instant,
  key,
  last,
  max,
  projection,
  type RowChange,
  row,
} from '../kernel.ts';
import type { RowView } from '../rows.ts';
import { wireData } from '../wire.ts';

/** One row per version of a tool: each registration, update and removal. */
export const toolVersionsTable = appendTable('tool_versions', {
  tenant_id: key('text'),
  /** `<name>/<version>`. */
  version_id: key('text'),
  tool: first('text'),
  version: first('integer'),
  place: first('text'),
  /** registered, updated, quarantined or removed. */
  status: first('text'),
  digest: first('text'),
  manifest: first('text'),
  principal: first('text'),
  decision_id: first('text'),
  created_at: first('timestamptz'),
});

/** One row per call. */
export const toolCallsTable = foldTable('tool_calls', {
  tenant_id: key('text'),
  call_id: key('text'),
  tool: first('text'),
  tool_version: first('integer'),
  digest: first('text'),
  /** waiting for an approval, requested, started, refused, or how it ended: succeeded, failed, unknown. */
  status: last('text'),
  principal: first('text'),
  session_id: first('text'),
  effect: first('text'),
  tier: first('text'),
  arguments: last('text'),
  labels: first('jsonb'),
  /** The ToolCallCompleted or the ToolCallRefused with the names of the wire. */
  result: last('jsonb'),
  decision_id: last('text'),
  created_at: first('timestamptz'),
  started_at: first('timestamptz'),
  ended_at: last('timestamptz'),
  updated_at: max('timestamptz'),
});

/** A version of a tool as it is read. */
export type ToolVersionRow = RowView<typeof toolVersionsTable.columns>;
/** A call as it is read. */
export type ToolCallRow = RowView<typeof toolCallsTable.columns>;

type CallValues = Partial<Omit<ToolCallRow, 'tenant_id' | 'call_id' | 'updated_at'>>;

/** The versions of the tools of a tenant, and the calls of them. A refused definition changes no row. */
export const tools = projection({
  name: 'tools',
  version: 2,
  inputs: [topics.toolsEvents, topics.toolsCalls],
  tables: [toolVersionsTable, toolCallsTable],
  apply(record, { tenantId: tenant_id, place, timeMs }) {
    const at = instant(timeMs);
    const versionOf = (
      status: string,
      { toolId, version, principal, decisionId: decision_id }: VersionData,
      content: { readonly digest: string | null; readonly manifest: string | null },
    ): RowChange => {
      const tool = toolName(toolId);
      const named = { tenant_id, version_id: `${tool}/${version}`, tool, version, place };
      return row(toolVersionsTable, { ...named, status, ...content, principal, decision_id, created_at: at });
    };
    const call = (call_id: string, values: CallValues): RowChange =>
      row(toolCallsTable, { tenant_id, call_id, updated_at: at, ...values });
    switch (record.type) {
      case 'ToolRegistered':
      case 'ToolUpdated': {
        const { digest, manifest } = record.data;
        return [
          versionOf(record.type === 'ToolRegistered' ? 'registered' : 'updated', record.data, { digest, manifest }),
        ];
      }
      case 'ToolRemoved':
        return [versionOf('removed', record.data, { digest: null, manifest: null })];
      case 'ToolQuarantined': {
        const { toolId, version, digest, code } = record.data;
        const tool = toolName(toolId);
        const named = { tenant_id, version_id: `${tool}/${version}/quarantined`, tool, version, place };
        // What its principal is: the code of the finding, and what its decision is: the call that found it.
        const of = { principal: code, decision_id: record.data.callId };
        return [
          row(toolVersionsTable, { ...named, ...of, status: 'quarantined', digest, manifest: null, created_at: at }),
        ];
      }
      case 'ToolRefused':
        return [];
      case 'ToolCallHeld': {
        const { callId, toolId, toolVersion, digest, principal, credential, effect, tier, labels, decision } =
          record.data;
        const named = { tool: toolName(toolId), tool_version: toolVersion, digest, principal, effect, tier, labels };
        return [
          call(callId, {
            ...{ ...named, status: 'waiting', session_id: credential?.sessionId ?? null, created_at: at },
            ...{ arguments: record.data.arguments, decision_id: decision.decisionId },
          }),
        ];
      }
      case 'ToolCallWaiting':
      case 'ToolCallRevisionRefused':
        return [];
      case 'ToolCallRequested': {
        const { callId, toolId, toolVersion, digest, principal, sessionId, effect, tier, labels, decisionId } =
          record.data;
        return [
          call(callId, {
            ...{
              tool: toolName(toolId),
              tool_version: toolVersion,
              digest,
              status: 'requested',
              principal,
              effect,
              tier,
            },
            ...{
              session_id: sessionId,
              arguments: record.data.arguments,
              labels,
              decision_id: decisionId,
              created_at: at,
            },
          }),
        ];
      }
      case 'ToolCallStarted':
        return [call(record.data.callId, { status: 'started', started_at: at })];
      case 'ToolCallCompleted': {
        const { callId, outcome } = record.data;
        return [call(callId, { status: outcome, result: wireData(record), ended_at: at })];
      }
      case 'ToolCallRefused': {
        const { callId, toolId, principal, decision } = record.data;
        return [
          call(callId, {
            ...{ tool: toolName(toolId), status: 'refused', principal, decision_id: decision.decisionId },
            ...{ result: wireData(record), created_at: at, ended_at: at },
          }),
        ];
      }
      default:
        return assertNever(record);
    }
  },
});

interface VersionData {
  readonly toolId: string;
  readonly version: number;
  readonly principal: string;
  readonly decisionId: string;
}
