import { describe, expect, it } from 'vitest';
import * as make from '../../schemas/generated/records.ts';
import { allowed } from '../../streams/testing.ts';
import { AT, rowsOf } from '../testing/apply.ts';
import { toolCallsTable, tools } from './projection.ts';

const toolId = 'acme/weather';
const of = { toolId, tenantId: 'acme', principal: 'key-1', decisionId: 'd' };
const content = { digest: 'd1', manifest: '{}', envelope: '{}' };
const registered = make.toolRegistered({ ...of, ...content, version: 1 });
const updated = make.toolUpdated({ ...of, ...content, version: 2, digest: 'd2' });
const removed = make.toolRemoved({ ...of, version: 3 });
const refusal = { principal: 'key-1', code: 'C', detail: 'no', decision: allowed, shortfall: null, chain: null };

const callId = 'call-1';
const requested = make.toolCallRequested({
  ...{ callId, toolId, tenantId: 'acme', toolVersion: 2, digest: 'd2', principal: 'key-1', sessionId: null },
  ...{ effect: 'read', tier: 'declared', arguments: '{"city":"Cusco"}', labels: [], costMax: '0.000000000' },
  decisionId: 'd',
  chain: null,
  runId: null,
  purpose: 'call',
});
const started = make.toolCallStarted({ callId, attempt: 1, tier: 'declared', walls: [] });
const completed = make.toolCallCompleted({
  ...{ callId, toolId, attempt: 1, outcome: 'unknown', code: 'TOOL_TIMEOUT', detail: 'late', output: null },
  ...{ verified: false, tier: 'declared', walls: [], latencyMs: 9, requests: [], labels: [] },
  cost: '0.500000000',
  findings: [],
  preview: null,
  refusal: null,
  rate: null,
  sessionId: null,
  runId: null,
});
const callsOf = (...records: readonly make.AnyRecord[]) => rowsOf(tools, records, toolCallsTable.name);

describe('the tools of a tenant', () => {
  it('have a row for each version, and none for a refusal', () => {
    const refused = make.toolRefused({ ...refusal, toolId, version: 0 });
    expect(rowsOf(tools, [registered, updated, removed, refused])).toMatchObject([
      { version_id: 'weather/1', tool: 'weather', status: 'registered', digest: 'd1', place: 'acme/0', created_at: AT },
      { version_id: 'weather/2', status: 'updated', digest: 'd2' },
      { version_id: 'weather/3', status: 'removed', digest: null, manifest: null },
    ]);
  });
});

describe('a call', () => {
  it('is requested, started and ended as its events say', () => {
    expect(callsOf(requested)).toMatchObject([
      { call_id: callId, tool: 'weather', tool_version: 2, status: 'requested', effect: 'read', created_at: AT },
    ]);
    expect(callsOf(requested, started)[0]).toMatchObject({ status: 'started' });
    expect(callsOf(requested, started, completed)[0]).toMatchObject({
      ...{ status: 'unknown', result: { code: 'TOOL_TIMEOUT', cost: '0.500000000', latency_ms: 9 } },
    });
  });

  it('that was refused has a row as well', () => {
    expect(callsOf(make.toolCallRefused({ ...refusal, callId, toolId, runId: null }))).toMatchObject([
      { status: 'refused', tool: 'weather', principal: 'key-1', result: { code: 'C', detail: 'no' } },
    ]);
  });
});
