/** Calls of tools and runs of agents that a handler waits for. */
import { describe, expect, it } from 'vitest';
import { payloadName } from '../../schemas/contexts/jobs/payload.ts';
import {
  type CallTool,
  callTool,
  cancelChildAgentRun,
  cancelJob,
  endChildAgentRun,
  type JobEntry,
  type JobWait,
  jobRunEnded,
  jobStepCompleted,
  jobWaiting,
  keepJobEntry,
  sendJobEntries,
  startChildAgentRun,
  type ToolCallCompleted,
  tool,
  toolCallCompleted,
  toolCallRefused,
} from '../../schemas/generated/records.ts';
import { scenarios } from '../kernel/testing.ts';
import { denied } from '../testing.ts';
import { jobs } from './jobs.ts';
import { childIdOf } from './keys.ts';
import { accepted, anEntry, aWait, completedStep, endOf, JOB, ran, START_MS, waitOf, work } from './testing.ts';

const { given } = scenarios(jobs, { startMs: START_MS });
const running = [accepted({ labels: ['mail'] }), ran(1)] as const;
const idle = jobRunEnded({ jobId: JOB, generation: 1, outcome: 'waiting' });
const began = (wait: JobWait) => jobWaiting({ jobId: JOB, generation: 1, wait, startedAt: START_MS });
const kept = (entry: JobEntry) => keepJobEntry({ chunkId: `${JOB}/0`, jobId: JOB, entry });
const secondRun = [
  ran(2, 'wake'),
  sendJobEntries({ chunkId: `${JOB}/0`, jobId: JOB, generation: 2, page: 0 }),
  work(2, { pages: 1 }),
];
const failedAs = (kind: string, code: string, detail: string, changes: Partial<JobEntry> = {}) =>
  anEntry(kind, { kind, outcome: 'failed', output: null, code, detail, ...changes });
const labelled = (entry: JobEntry, labels: readonly string[]) =>
  jobStepCompleted({ ...completedStep(1, entry, Buffer.byteLength(entry.output ?? '')).data, labels });

const manifest = JSON.stringify({
  ...{ effect: 'read', limits: { cost: '0.25' }, description: 'The weather', input_schema: { type: 'object' } },
});
const aTool = (status = 'active', of = manifest) =>
  tool({
    ...{ toolId: 'demo/weather', tenantId: 'demo', status, version: 1, digest: 'd1', manifest: of, envelope: '' },
    ...{ changedAt: 0, place: null },
  });
const asker = { principal: 'key-1', capabilities: ['*'], credential: null, labels: ['mail'] };

describe('a call of a tool', () => {
  const wait = aWait('tool', { name: 'ask', childType: 'weather', request: '{"city":"Cusco"}' });
  const callId = childIdOf(JOB, wait);
  const call = (changes: Partial<CallTool> = {}) =>
    callTool({
      ...{ ...asker, callId, toolId: 'demo/weather', digest: 'd1', arguments: '{"city":"Cusco"}' },
      ...{ costMax: '0.250000000', runId: JOB, capsuleId: null, effect: 'read', purpose: 'call', ...changes },
    });
  const end = (changes: Partial<ToolCallCompleted> = {}) =>
    toolCallCompleted({
      ...{ callId, toolId: 'demo/weather', attempt: 1, outcome: 'succeeded', code: null, detail: 'done' },
      ...{ output: '{"c":9}', preview: null, verified: false, tier: 'declared', walls: [], latencyMs: 1, requests: [] },
      ...{
        cost: '0.250000000',
        labels: ['untrusted'],
        findings: [],
        refusal: null,
        runId: JOB,
        sessionId: null,
        rate: null,
      },
      ...changes,
    });
  const entry = anEntry('ask', { kind: 'tool', output: '{"c":9}' });

  it('is the governed command of a user, under the manifest of this moment', () => {
    given(aTool(), ...running)
      .when(waitOf(1, wait))
      .then(began(wait), call());
  });

  it.each([
    ['there is none', undefined],
    ['it is removed', aTool('removed')],
  ])('is put to policy also where %s, and then refused', (_, known) => {
    const unknown = { digest: '0'.repeat(64), costMax: '0.000000000', effect: 'irreversible' };
    given(...(known === undefined ? [] : [known]), ...running)
      .when(waitOf(1, wait))
      .then(began(wait), call(unknown));
  });

  it('under a manifest that cannot be read is put to policy as irreversible', () => {
    const { records } = given(aTool('active', 'torn'), ...running).when(waitOf(1, wait));
    expect(records[1]).toEqual(call({ costMax: '0.000000000', effect: 'irreversible' }));
  });

  it.each([{ childType: null }, { request: null }])('fails when it is none: %o', (torn) => {
    const none = { ...wait, ...torn };
    const { records } = given(...running).when(waitOf(1, none));
    expect(records[1]?.data).toMatchObject({ entry: { code: 'JOB_WAIT_INVALID' } });
  });

  it('gives its output to the job that waits, which carries its labels from then on', () => {
    given(aTool(), ...running, began(wait), idle)
      .when(end())
      .then(kept(entry), labelled(entry, ['untrusted']), ...secondRun);
    const next = aWait('tool', { name: 'next', childType: 'weather', request: '{}' });
    const { records } = given(aTool(), ...running, began(wait), labelled(entry, ['untrusted'])).when(waitOf(1, next));
    expect(records[1]?.data).toMatchObject({ labels: ['mail', 'untrusted'] });
  });

  it.each([
    [{ outcome: 'failed', code: 'TOOL_TIMEOUT', output: null }, 'TOOL_TIMEOUT'],
    [{ outcome: 'unknown', code: null, output: null }, 'TOOL_OUTCOME_UNKNOWN'],
    [{ outcome: 'succeeded', code: 'MODERATION_GOLD', output: null }, 'MODERATION_GOLD'],
    [{ output: JSON.stringify('x'.repeat(70_000)) }, 'JOB_OUTPUT_TOO_LARGE'],
  ])('fails with the code of its end: %o', (how, code) => {
    const { records } = given(...running, began(wait)).when(end(how));
    expect(records[0]?.data).toMatchObject({ entry: { outcome: 'failed', code } });
  });

  it('gives the name of a large output, as it gives that of a large result of a step', () => {
    const output = payloadName({ digest: 'ab'.repeat(32), bytes: 100_000 });
    const { records } = given(...running, began(wait)).when(end({ output, preview: '[1,' }));
    expect(records[0]?.data).toMatchObject({ entry: { outcome: 'completed', output } });
  });

  it('fails with the refusal', () => {
    const failed = failedAs('ask', 'POLICY_DENIED', 'no', { kind: 'tool' });
    given(...running, began(wait))
      .when(
        toolCallRefused({
          ...{ callId, toolId: 'demo/weather', principal: 'key-1', code: 'POLICY_DENIED', detail: 'no' },
          ...{ decision: denied, shortfall: null, runId: JOB, chain: null },
        }),
      )
      .then(kept(failed), completedStep(1, failed, 0));
  });

  it('ends once, and only for the job that asked', () => {
    given(...running, began(wait), labelled(entry, []))
      .when(end({ output: '2' }))
      .then();
    given(...running, began(wait))
      .when(end({ callId: JOB }))
      .then();
    given(...running, began(wait))
      .when(end({ runId: null }))
      .then();
  });
});

describe('a run of an agent', () => {
  const request = JSON.stringify({ prompt: 'Plan', tools: ['weather'], limits: { steps: 2, cost: '0.5' } });
  const wait = aWait('agent', { name: 'plan', childType: 'planner', request });
  const runId = childIdOf(JOB, wait);
  const end = (outcome: string, changes = {}) =>
    endChildAgentRun({
      ...{ runId: JOB, callId: runId, childId: runId, outcome, code: null, detail: 'x', output: 'done' },
      ...{ tokens: { prompt: 1, completion: 2 }, cost: '0.100000000', labels: ['untrusted'], ...changes },
    });

  it('is a child run, with the tools of this moment and within its limits', () => {
    const tools = [
      {
        ...{ name: 'weather', modelName: 'weather', digest: 'd1', description: 'The weather' },
        ...{ parameters: '{"type":"object"}', costMax: '0.250000000', effect: 'read' },
      },
    ];
    given(aTool(), ...running)
      .when(waitOf(1, wait))
      .then(
        began(wait),
        startChildAgentRun({
          ...{ ...asker, runId, agent: 'planner', instructions: '', prompt: 'Plan', model: null, maxTokens: null },
          ...{
            tools,
            outputSchema: null,
            parent: { runId: JOB, callId: runId },
            depth: 1,
            program: null,
            capsule: null,
          },
          limits: { steps: 2, tokens: 200_000, cost: '0.500000000', wallMs: 3_600_000, identicalCalls: 3 },
        }),
      );
  });

  it('fails without a tool that exists, and when it is none', () => {
    const { records } = given(...running).when(waitOf(1, wait));
    expect(records[1]?.data).toMatchObject({ entry: { code: 'TOOL_UNKNOWN' } });
    for (const torn of [null, 'torn', '{}', '{"prompt":""}', '{"prompt":"?","tools":1}', '{"prompt":"?","limits":1}']) {
      const none = given(...running).when(waitOf(1, { ...wait, request: torn }));
      expect(none.records[1]?.data).toMatchObject({ entry: { code: 'JOB_WAIT_INVALID' } });
    }
    const unnamed = given(...running).when(waitOf(1, { ...wait, childType: 'A B' }));
    expect(unnamed.records[1]?.data).toMatchObject({ entry: { code: 'JOB_WAIT_INVALID' } });
  });

  it('gives its result, with what it used and its labels', () => {
    const answer = { tokens: { prompt: 1, completion: 2 }, cost: '0.100000000', labels: ['untrusted'] };
    const output = JSON.stringify({ text: 'done', run_id: runId, ...answer });
    const entry = anEntry('plan', { kind: 'agent', output });
    given(...running, began(wait), idle)
      .when(end('succeeded'))
      .then(kept(entry), labelled(entry, ['untrusted']), ...secondRun);
  });

  it('fails with its code', () => {
    const { records } = given(...running, began(wait)).when(end('refused', { code: 'POLICY_DENIED', output: null }));
    expect(records[0]?.data).toMatchObject({ entry: { outcome: 'failed', code: 'POLICY_DENIED' } });
  });

  it('is cancelled with the job', () => {
    const { records } = given(...running, began(wait)).when(
      cancelJob({ jobId: JOB, principal: 'key-1', reason: 'no' }),
    );
    const reason = 'The job that waited for it was cancelled.';
    expect(records).toContainEqual(cancelChildAgentRun({ runId, parentId: JOB, reason }));
    const ended = given(...running, began(wait)).when(endOf(1, 'completed', { output: '1' }));
    expect(ended.records.map(({ type }) => type)).toContain('CancelChildAgentRun');
  });
});
