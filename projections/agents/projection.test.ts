import { describe, expect, it } from 'vitest';
import * as make from '../../schemas/generated/records.ts';
import { allowed, denied } from '../../streams/testing.ts';
import { AT, rowsOf } from '../testing/apply.ts';
import { agentCallsTable, agentStepsTable, agents } from './projection.ts';

const runId = 'run-1';
const used = { steps: 1, tokens: { prompt: 5, completion: 7 }, cost: '0.000000010' };
const limits = { steps: 20, tokens: null, cost: null, wallMs: 60_000, identicalCalls: 3 };
const tool = { name: 'weather', modelName: 'weather', digest: 'd1', description: '', parameters: '{}' };
const started = make.agentRunStarted({
  ...{ runId, tenantId: 'acme', principal: 'key-1', capabilities: [], credential: null, agent: 'guide', limits },
  ...{ instructions: 'Be brief.', prompt: 'Weather?', model: null, maxTokens: null, outputSchema: null, parent: null },
  ...{ program: null, fork: null },
  ...{
    tools: [{ ...tool, costMax: '0.000000000', effect: 'read' }],
    depth: 0,
    labels: [],
    deadline: 60_000,
    startedAt: 0,
  },
  decisionId: 'd',
  capsule: null,
});
const stepStarted = make.agentStepStarted({ runId, step: 1, requestId: 'run-1/1', labels: ['pii'], decisionId: 'd2' });
const callId = 'call-1';
const call = { callId, modelCallId: 'c', modelName: 'weather', tool: 'weather', arguments: '{}' };
const stepCompleted = make.agentStepCompleted({
  ...{ runId, step: 1, requestId: 'run-1/1', text: '', calls: [call], callsLeftOut: 0, modelId: 'm', latencyMs: 3 },
  ...{ finishReason: 'tool_calls', tokensConsumed: used.tokens, cost: used.cost, snapshot: null, moderation: null },
});
const callEnded = make.agentCallEnded({
  ...{ runId, step: 1, callId, outcome: 'refused', code: 'POLICY_DENIED', detail: 'no', result: '{}', resultBytes: 2 },
  ...{ labels: [], tokensConsumed: { prompt: 0, completion: 0 }, cost: '0.000000000' },
});
const refusal = { runId, principal: 'key-1', code: 'C', detail: 'no', shortfall: null };

describe('a run', () => {
  it('is running, counts its steps, and ends as its events say', () => {
    expect(rowsOf(agents, [started, stepStarted])).toMatchObject([
      { run_id: runId, status: 'running', agent: 'guide', steps: 1, created_at: AT, limits: { wall_ms: 60_000 } },
    ]);
    const ends = [
      [make.agentRunCompleted({ runId, output: 'sunny', ...used, labels: [] }), 'completed'],
      [make.agentRunFailed({ runId, code: 'AGENT_DEADLINE', detail: '', ...used, labels: [] }), 'failed'],
      [make.agentRunCancelled({ runId, cancelledBy: 'ana', reason: 'late', ...used }), 'cancelled'],
    ] as const;
    for (const [end, status] of ends)
      expect(rowsOf(agents, [started, end])).toMatchObject([
        { status, ended_at: expect.any(String), result: { steps: 1 } },
      ]);
  });

  it('has a row when its start was refused, and no change when a command to it was', () => {
    const start = make.agentRunRefused({ ...refusal, decision: denied });
    expect(rowsOf(agents, [start])).toMatchObject([{ status: 'refused', principal: 'key-1', result: { code: 'C' } }]);
    expect(rowsOf(agents, [started, make.agentRunRefused({ ...refusal, decision: null })])).toMatchObject([
      { status: 'running' },
    ]);
    expect(allowed.outcome).toBe('allow');
  });
});

describe('its steps and calls', () => {
  it('have the answer, the decision and the result', () => {
    const all = [started, stepStarted, stepCompleted, callEnded];
    expect(rowsOf(agents, all, agentStepsTable.name)).toMatchObject([
      { step_id: 'run-1/1', status: 'answered', decision_id: 'd2', labels: ['pii'], answer: { model_id: 'm' } },
    ]);
    expect(rowsOf(agents, all, agentCallsTable.name)).toMatchObject([
      { call_id: callId, run_id: runId, status: 'refused', tool: 'weather', result: { code: 'POLICY_DENIED' } },
    ]);
    const rejected = make.agentAnswerRejected({ runId, step: 1, repair: 1, detail: 'not JSON' });
    expect(rowsOf(agents, [stepStarted, rejected], agentStepsTable.name)).toMatchObject([{ rejected: 'not JSON' }]);
    expect(rowsOf(agents, [started, make.agentFormatDropped({ runId, step: 1 })])).toHaveLength(1);
  });
});
