import type { Schemas } from '../../../infra/client/api.ts';

/** Answers about a run that waits for a person, its tools, and what it remembers. */

const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 10, 0, second)).toISOString();

/** Id of an approval, and of its call. */
export const approvalId = '3b1f1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11';
export const runId = '7f3a1c7e-6d5c-5c44-9d6b-0a5f0a3c2b11';
const childId = '0b8d2f6a-91c3-5d17-a4e2-7f5b3c6d8e90';
const sessionId = '5b0f4a52-77a0-5c19-9d7e-0c6a5f3c2b11';
const digest = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

const approvalSummary: Schemas['ApprovalSummary'] = {
  ...{ approval_id: approvalId, tool: 'pay', status: 'waiting', principal: 'user:bob', effect: 'irreversible' },
  ...{ digest, revision: 1, given: 1, required: 2, created_at: at(9), expires_at: at(59), ended_at: null },
};

export const approval: Schemas['Approval'] = {
  ...approvalSummary,
  ...{ session_id: sessionId, tool_digest: digest, arguments: { amount: 500, to: 'Inti S.A.' } },
  labels: ['untrusted', 'internal'],
  label_sources: [{ label: 'untrusted', source: 'output of weather', origin: approvalId }],
  ...{ cost_max: '0.250000000', editor: null, escalated_to: null, grant_id: null, code: null },
  decision: {
    ...{ decision_id: 'd7', outcome: 'allow', score: 0.91, threshold: 0.75, reasons: ['PERMITTED'] },
    ...{ clauses: ['permit-tools', 'score'], constitution_version: '1.2.0', constitution_digest: digest },
  },
  requirement: {
    ...{ rules: ['two-people-for-money'], required: 2, capabilities: ['approval:decide:pay'] },
    ...{ expires_ms: 3_600_000, escalate_after_ms: 600_000, escalate_capability: 'finance:head' },
  },
  change: 'Calls pay once; it cannot be undone.',
  steps: [
    {
      ...{ kind: 'approved', revision: 1, digest, principal: 'user:ana', detail: 'The invoice is right.' },
      ...{ grant_id: null, created_at: at(12) },
    },
    {
      ...{ kind: 'requested', revision: 1, digest, principal: 'user:bob', detail: null },
      ...{ grant_id: null, created_at: at(9) },
    },
  ],
};
export const approvalPage: Schemas['ApprovalPage'] = { items: [approvalSummary], next_cursor: null };

export const grant: Schemas['ApprovalGrant'] = {
  ...{ grant_id: '8c0a7f52-1d0e-5b3a-9f5e-2b6d0c4e7a19', status: 'active', tool: 'mail', tool_digest: digest },
  ...{ session_id: sessionId, initiator: 'user:bob', principal: 'user:ana', arguments_digest: null },
  shape: { properties: { to: { const: 'all@example.com' } }, required: ['to'] },
  ...{ uses: 2, uses_max: 5, code: null, ended_by: null, created_at: at(3), until: at(59), ended_at: null },
};
export const grantPage: Schemas['ApprovalGrantPage'] = { items: [grant], next_cursor: null };

type Call = Schemas['AgentCall'];

const call = (more: Partial<Call>): Call => ({
  ...{ call_id: '11111111-6d5c-5c44-9d6b-0a5f0a3c2b11', tool: 'weather', model_name: 'weather' },
  ...{ arguments: '{"city":"Cusco"}', status: 'succeeded', code: null, detail: 'The call succeeded.' },
  ...{ result: '{"celsius":14}', result_bytes: 14, labels: ['untrusted'], cost: '0.001', child_run_id: null },
  ...{ created_at: at(2), ended_at: at(4) },
  ...more,
});

const runSummary: Schemas['AgentRunSummary'] = {
  ...{ run_id: runId, agent: 'treasurer', status: 'running', principal: 'user:bob', parent_id: null, steps: 2 },
  ...{ code: null, detail: null, tokens: null, cost: null, created_at: at(0), ended_at: null },
};

/** A run whose second step asks for a payment that waits for an approval. */
export const agentRun: Schemas['AgentRun'] = {
  ...runSummary,
  ...{ instructions: 'Pay invoices that are right.', prompt: 'Pay the invoice of Inti S.A.', model: null },
  ...{ program: null, forked_from: null },
  tools: ['weather', 'pay', 'agent.handoff'].map((name) => ({ name, digest })),
  limits: { steps: 5, tokens: null, cost: '0.50', wall_ms: 3_600_000, identical_calls: 3 },
  ...{ output_schema: null, depth: 0, deadline: at(59), output: null, labels: [], decision_id: 'd5' },
  steps_taken: [
    {
      ...{ step: 1, status: 'answered', text: 'I look first.', model_id: 'khipu-deterministic-1' },
      ...{ finish_reason: 'tool_calls', tokens: { prompt: 120, completion: 14 }, cost: '0.0001', latency_ms: 420 },
      ...{
        labels: [],
        snapshot: null,
        moderation: null,
        rejected: null,
        decision_id: 'd6',
        created_at: at(0),
        ended_at: at(2),
      },
      calls: [
        call({}),
        call({
          ...{ call_id: childId, tool: 'agent.handoff', model_name: 'agent_handoff', child_run_id: childId },
          ...{ arguments: '{"prompt":"Is the invoice right?"}', result: 'It is right.', labels: [], cost: '0.002' },
        }),
      ],
    },
    {
      ...{ step: 2, status: 'answered', text: '', model_id: 'khipu-deterministic-1', finish_reason: 'tool_calls' },
      ...{ tokens: { prompt: 180, completion: 9 }, cost: '0.0001', latency_ms: 380, labels: ['untrusted'] },
      ...{ snapshot: null, moderation: null, rejected: null, decision_id: 'd7', created_at: at(5), ended_at: at(9) },
      calls: [
        call({
          ...{ call_id: approvalId, tool: 'pay', model_name: 'pay', arguments: '{"amount":500,"to":"Inti S.A."}' },
          ...{ status: 'asked', detail: null, result: null, result_bytes: null, labels: [], cost: null },
          ...{ created_at: at(9), ended_at: null },
        }),
      ],
    },
  ],
};

export const programRunId = '2c4e6a80-1b3d-5f57-9a9c-0e1f2a3b4c5d';
const programStep = {
  ...{ status: 'answered', text: '', model_id: null, finish_reason: 'tool_calls', labels: [], rejected: null },
  ...{ tokens: null, cost: '0.0001', latency_ms: 210, decision_id: 'd6', created_at: at(0), ended_at: at(2) },
};

/** A run of a program that has had one answer, and waits for the second: its payment waits for people. */
export const programRun: Schemas['AgentRun'] = {
  ...agentRun,
  ...{ run_id: programRunId, instructions: '', prompt: 'Cusco', forked_from: `${runId}/1` },
  program: 'degrees = weather(input)["celsius"]\npay(amount=degrees, to="Inti S.A.")',
  steps_taken: [
    {
      ...programStep,
      step: 1,
      snapshot: { digest, bytes: 2_048 },
      moderation: null,
      calls: [call({ call_id: childId })],
    },
    {
      ...{ ...programStep, step: 2, snapshot: { digest: digest.replaceAll('9', '7'), bytes: 2_100 }, moderation: null },
      calls: agentRun.steps_taken[1]?.calls ?? [],
    },
  ],
};

const childRun: Schemas['AgentRunSummary'] = {
  ...runSummary,
  ...{ run_id: childId, agent: 'auditor', status: 'completed', parent_id: runId, steps: 1, cost: '0.002' },
  ...{ tokens: { prompt: 60, completion: 4 }, created_at: at(2), ended_at: at(4) },
};
export const runPage: Schemas['AgentRunPage'] = { items: [runSummary, childRun], next_cursor: null };
export const childRunPage: Schemas['AgentRunPage'] = { items: [childRun], next_cursor: null };

const toolSummary: Schemas['ToolSummary'] = {
  ...{ name: 'pay', version: 3, digest, manifest_version: '1.2.0', status: 'active', description: 'Pays an invoice' },
  ...{ adapter: 'declared', tier: 'declared', effect: 'irreversible', changed_at: at(0) },
};
const mailSummary: Schemas['ToolSummary'] = {
  ...toolSummary,
  ...{ name: 'mail', version: 2, status: 'quarantined', description: 'Sends letters', adapter: 'mcp', effect: 'write' },
  tier: 'process',
};
export const toolPage: Schemas['ToolPage'] = { items: [mailSummary, toolSummary], next_cursor: null };

/** A tool whose server changed its definition. */
export const tool: Schemas['Tool'] = {
  ...mailSummary,
  manifest: {
    name: 'mail',
    version: '1.2.0',
    adapter: 'mcp',
    tier: 'process',
    effect: 'write',
    description: 'Sends letters',
    input_schema: { type: 'object', properties: { to: { type: 'string' } } },
    output_schema: { type: 'object' },
    config: { tool: 'send_mail', definition: digest },
  },
  envelope: '{}',
};

export const toolVersionPage: Schemas['ToolVersionPage'] = {
  items: [
    {
      ...{ version: 2, status: 'quarantined', digest, principal: 'TOOL_DEFINITION_CHANGED', decision_id: 'd8' },
      ...{ manifest: null, created_at: at(20) },
    },
    {
      ...{ version: 1, status: 'registered', digest, principal: 'user:ana', decision_id: 'd9', created_at: at(0) },
      manifest: { name: 'mail', description: 'Sends letters' },
    },
  ],
  next_cursor: null,
};

export const toolHealth: Schemas['ToolHealth'] = {
  ...{ tool: 'mail', status: 'quarantined', last_succeeded_at: at(10), last_failed_at: null },
  detail: 'Its server changed the definition: approve a new version.',
};

export const toolCallPage: Schemas['ToolCallPage'] = {
  items: [
    {
      ...{ call_id: approvalId, tool: 'mail', tool_version: 2, digest, status: 'refused', principal: 'user:bob' },
      ...{
        effect: 'write',
        code: 'TOOL_QUARANTINED',
        detail: 'Its server changed the definition',
        output_content: null,
        output_preview: null,
        output: null,
      },
      ...{ verified: false, tier: null, walls: [], attempt: null, latency_ms: null, requests: [], cost: null },
      ...{ labels: [], decision_id: 'd9', created_at: at(21), started_at: null, ended_at: at(21) },
    },
  ],
  next_cursor: null,
};

export const memoryId = '6f0a4c1e-2b7d-5e54-8a3f-1c9d0b7e2a44';

const memory: Schemas['Memory'] = {
  ...{ memory_id: memoryId, space: 'shared', status: 'kept', text: 'The office in Cusco closes at six.', digest },
  ...{ source: 'A notice at the door', tags: ['office'], metadata: { city: 'Cusco' }, labels: ['customer-data'] },
  ...{ valid_from: at(0), valid_to: null, principal: 'user:ana', call_id: null, remembered_at: at(1) },
  forgotten_at: null,
};
export const memoryPage: Schemas['MemoryPage'] = {
  items: [memory, { ...memory, memory_id: childId, status: 'forgotten', text: '', forgotten_at: at(30) }],
  next_cursor: null,
};

export const memoryDetail: Schemas['MemoryDetail'] = {
  ...memory,
  links: [{ from_key: memoryId, to_key: childId, type: 'supports', created_at: at(2) }],
};

export const recalled: Schemas['Recalled'] = {
  memory: [{ score: 0.714, payload: memory }],
  ...{ wm: [], namespace: 'shared', trace_id: childId, model: 'static-256-0a1b2c3d4e5f', compared: 2, as_of: at(40) },
};
