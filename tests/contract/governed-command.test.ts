/**
 * A fifth governed command that exists only as a descriptor: a tool call, with a context, a resource and an estimate that no
 * command of the platform has. Policy, budgets, histories, kill switches, self-tests and Cedar must handle it unchanged.
 */
import { describe, expect, it, vi } from 'vitest';
import { createCedarEngine } from '../../infra/governance/cedar/engine.ts';
import { cedarSchema, policyProblems } from '../../infra/governance/cedar/policies.ts';
import { defaultConstitution } from '../../infra/governance/constitution/default.ts';
import { parseConstitution } from '../../infra/governance/constitution/document.ts';
import type { ConstitutionDocument, VerifiedConstitution } from '../../schemas/contexts/constitution/document.ts';
import type { BudgetLimit } from '../../schemas/generated/records.ts';
import { descriptors, type GovernedCommand, governedActions, requestOf } from '../../schemas/governed.ts';
import type { Description, Estimate } from '../../schemas/governed-command.ts';
import { governedTopics } from '../../schemas/topics.ts';
import { claimOf, overdrawn } from '../../streams/policy/budget.ts';
import { explain } from '../../streams/policy/counterfactual.ts';
import { decide } from '../../streams/policy/decide.ts';
import { ruleRequest } from '../../streams/policy/evaluate.ts';
import { historyEvents, historyFor } from '../../streams/policy/history.ts';
import { emptyHistoryStore, HISTORY_BYTES_MAX } from '../../streams/policy/history-store.ts';
import { emptyAccount } from '../../streams/policy/lease-account.ts';
import { failedTests } from '../../streams/policy/self-test.ts';
import { aSwitch } from '../../streams/testing.ts';

interface BorrowTool {
  readonly callId: string;
  readonly principal: string;
  readonly capabilities: readonly string[];
  readonly tool: string;
  readonly session: string | null;
  readonly argumentsText: string;
  readonly labels: readonly string[];
  readonly estimate: Estimate;
}

vi.mock('../../schemas/contexts/inference.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../schemas/contexts/inference.ts')>();
  const describe = (call: BorrowTool): Description => ({
    ...{ principal: call.principal, capabilities: call.capabilities, credential: null, resourceId: call.tool },
    ...{ needs: `tool:execute:${call.tool}`, delegates: false, session: call.session, persona: null },
    ...{ text: call.argumentsText, textLimit: 'prompt_chars_max', maxTokens: null, labels: call.labels },
    ...{ estimate: call.estimate, requestId: call.callId },
  });
  const BorrowTool = {
    resource: 'Tool',
    describe,
    example: (given: {
      resourceId: string | null;
      text: string | null;
      capabilities: readonly string[];
    }): BorrowTool => ({
      ...{ callId: 'call', principal: 'constitution-tests', capabilities: given.capabilities },
      ...{ tool: given.resourceId ?? 'default', session: null, argumentsText: given.text ?? '{}', labels: [] },
      estimate: { unit: 'calls', callsMax: 1 },
    }),
  };
  return { ...original, inferenceCommands: { ...original.inferenceCommands, BorrowTool } };
});

const call = (changes: Partial<BorrowTool> = {}): GovernedCommand =>
  ({
    type: 'BorrowTool',
    data: {
      ...{ callId: 'call-1', principal: 'agent-1', capabilities: ['tool:execute:mailer'], tool: 'mailer' },
      ...{ session: 'session-1', argumentsText: 'a greeting', labels: [], estimate: { unit: 'calls', callsMax: 2 } },
      ...changes,
    },
  }) as unknown as GovernedCommand;

const toolAction = 'BorrowTool' as never;
const document: ConstitutionDocument = {
  ...defaultConstitution,
  policies: [
    // Without the permit that the default constitution has for each further command.
    ...defaultConstitution.policies.filter(({ text }) => !text.includes('BorrowTool')),
    { id: 'permit-mailer', text: 'permit (principal, action == Action::"BorrowTool", resource == Tool::"mailer");' },
    {
      id: 'forbid-many-calls',
      text: 'forbid (principal, action == Action::"BorrowTool", resource is Tool) when { context.calls > 3 };',
      code: 'TOO_MANY_CALLS',
    },
    {
      id: 'forbid-arithmetic',
      text: 'forbid (principal, action == Action::"BorrowTool", resource) when { context.calls + 1 > 100 };',
    },
  ],
  sequences: [
    {
      ...{ id: 'mail-twice', code: 'PERSONAL_DATA_LEAVES' },
      steps: [{ labels: ['personal_data'] }, { actions: [toolAction] }],
    },
  ],
  tests: [
    {
      name: 'a tool',
      command: { type: toolAction, resource: 'mailer' },
      expect: { outcome: 'allow', reason: 'PERMITTED' },
    },
    {
      name: 'no tool',
      command: { type: toolAction, resource: 'shell' },
      expect: { outcome: 'deny', reason: 'NO_PERMIT' },
    },
  ],
};
const constitution: VerifiedConstitution = { status: 'verified', version: '9', digest: 'd9', document };
const { rule } = createCedarEngine({ trusted: new Map(), ownConditions: true });
const nothing = { tenant: null, claim: null, history: null, engine: null, persona: null };
const none = { ...nothing, switches: new Map(), revocations: new Map() };
const meta = {
  id: '00000000-0000-4000-8000-000000000001',
  key: 'call-1',
  tenantId: 'demo',
  place: 'demo/0',
  timeMs: 1_000,
};
const verdictOn = (command: GovernedCommand, inputs: Partial<Parameters<typeof decide>[1]> = {}) =>
  decide(rule, { ...none, constitution, ...inputs, classifier: null }, command, meta).data;
const reasonsOf = (...given: Parameters<typeof verdictOn>) => verdictOn(...given).decision.reasons;

it('the catalogue and the descriptors name the same commands', () => {
  const planted = (name: string): boolean => name === 'BorrowTool';
  const catalogued = governedTopics.flatMap(({ records }) => Object.keys(records));
  expect(governedActions.filter((action) => !planted(action)).sort()).toEqual(catalogued.sort());
  expect(Object.keys(descriptors).filter(planted)).toEqual(['BorrowTool']);
});

describe('a tool call, known only by its descriptor', () => {
  it('is an action of the Cedar schema, and its tool a resource', () => {
    expect(cedarSchema).toContain(
      'action BorrowTool appliesTo { principal: [Principal], resource: [Tool], context: Facts }',
    );
    expect(() => parseConstitution(document)).not.toThrow();
    const ofNothing = { id: 'wrong', text: 'permit (principal, action == Action::"BorrowTool", resource is Gadget);' };
    expect(policyProblems([ofNothing])).not.toEqual([]);
  });

  it('is allowed only by the rule on its action and tool', () => {
    expect(verdictOn(call()).decision).toMatchObject({ outcome: 'allow', clauses: ['permit-mailer', 'score'] });
    expect(reasonsOf(call({ tool: 'shell', capabilities: ['tool:execute:shell'] }))).toEqual(['NO_PERMIT']);
  });

  it('needs its own capability', () => {
    expect(verdictOn(call({ capabilities: ['slm:invoke:*'] })).decision).toMatchObject({
      ...{ outcome: 'deny', clauses: ['capability:tool:execute:mailer'] },
      reasons: ['CAPABILITY_MISSING'],
    });
    expect(reasonsOf(call({ capabilities: ['tool:execute:*'] }))).toEqual(['PERMITTED']);
  });

  it('is moderated by its text', () => {
    const argumentsText = 'dump all customer credentials into a file';
    expect(reasonsOf(call({ argumentsText }))[0]).toBe('MODERATION_SECRETS');
  });

  it('has declared and found labels', () => {
    const labelled = call({ labels: ['customer-data'], argumentsText: 'write to ana@example.org' });
    expect(verdictOn(labelled).labels).toEqual(['customer-data', 'personal_data']);
  });

  it('shows rules its estimate in calls', () => {
    expect(reasonsOf(call({ estimate: { unit: 'calls', callsMax: 4 } }))).toEqual(['TOO_MANY_CALLS']);
    expect(reasonsOf(call({ estimate: { unit: 'calls', callsMax: 200 } }))).toContain('RULE_FORBIDS');
    expect(ruleRequest(document, requestOf(call()), 'demo', null, null)).toMatchObject({
      ...{ action: 'BorrowTool', resource: { type: 'Tool', id: 'mailer' } },
      context: { calls: 2, max_tokens: 0, persona: '' },
    });
  });

  it('is not restricted by the models of the tenant or of the constitution', () => {
    const tenant = { version: 1, status: 'active', models: ['small'] } as const;
    const strict = { ...constitution, document: { ...document, models: ['small'] } };
    expect(reasonsOf(call(), { tenant, constitution: strict })).toEqual(['PERMITTED']);
  });

  it('is stopped by the kill switch of its tool', () => {
    const { data } = aSwitch('tool:mailer');
    expect(reasonsOf(call(), { switches: new Map([[data.scope, data]]) })).toEqual(['KILL_SWITCH']);
    const { data: model } = aSwitch('model:mailer');
    expect(reasonsOf(call(), { switches: new Map([[model.scope, model]]) })).toEqual(['PERMITTED']);
  });

  it('is a step of its session, and is denied when it would complete a sequence', () => {
    const before = {
      labels: [],
      sequences: [{ sequence: 'mail-twice', commands: ['x'] }],
      origins: [],
      room: HISTORY_BYTES_MAX,
    };
    expect(reasonsOf(call(), { history: before })).toEqual(['PERSONAL_DATA_LEAVES']);
    const request = requestOf(call({ labels: ['personal_data'] }));
    const history = historyFor(constitution, emptyHistoryStore, request, { timeMs: 0, bytesMax: HISTORY_BYTES_MAX });
    const of = { labels: request.labels, decisionId: 'd', shadow: false };
    expect(historyEvents(constitution, history, request, meta, of)).toMatchObject([
      { data: { sessionId: 'session-1', sequences: [{ sequence: 'mail-twice', commands: [meta.id] }] } },
    ]);
  });

  it('can be tested by the constitution like any other command', () => {
    expect(failedTests(rule, constitution)).toEqual([]);
    expect(failedTests(rule, { ...constitution, document: { ...document, policies: [] } })).toHaveLength(1);
  });

  it('is explained when it is denied', () => {
    const denied = requestOf(call({ capabilities: [] }));
    const { counterfactuals } = explain(rule, constitution, denied, 'demo');
    expect(counterfactuals.map(({ what }) => what)).toEqual(['have the capability tool:execute:mailer']);
  });
});

describe('a budget', () => {
  const limits: readonly BudgetLimit[] = [{ window: 'day', tokensMax: 10, costMax: '0.500000000' }];
  const claim = (estimate: Estimate) =>
    claimOf(limits, emptyAccount, requestOf(call({ estimate })), { subjectId: 's', pricePerMillionTokens: '0.200' })
      ?.claim ?? null;

  it.each<[Estimate, object | null]>([
    [
      { unit: 'tokens', tokensMax: 5 },
      { tokens: 5, cost: '0.000001000' },
    ],
    [
      { unit: 'money', costMax: '0.25' },
      { tokens: 0, cost: '0.250000000' },
    ],
    [{ unit: 'calls', callsMax: 9 }, null],
    [{ unit: 'none' }, null],
  ])('reserves the estimate %j', (estimate, expected) => {
    const found = claim(estimate);
    if (expected === null) expect(found).toBeNull();
    else expect(found).toMatchObject(expected);
  });

  it('denies a command that would exceed it: in tokens, or only in money', () => {
    const tokens = claim({ unit: 'tokens', tokensMax: 11 });
    const money = claim({ unit: 'money', costMax: '0.6' });
    expect([tokens, money].map((each) => each && overdrawn(each))).toEqual([
      ['budget:day:tokens'],
      ['budget:day:cost'],
    ]);
    expect(reasonsOf(call(), { claim: money })).toEqual(['BUDGET_TOO_SMALL']);
  });
});
