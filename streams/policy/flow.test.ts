import { describe, expect, it } from 'vitest';
import type { ConstitutionDocument, ConstitutionStatus } from '../../schemas/contexts/constitution/document.ts';
import type { RuleRequest } from '../../schemas/contexts/constitution/rules.ts';
import { confidentialityOf, integrityOf } from '../../schemas/contexts/policy/flow.ts';
import {
  type CallTool,
  callTool,
  type PolicyDecided,
  startChildJob,
  type ToolCallCompleted,
  toolCallCompleted,
} from '../../schemas/generated/records.ts';
import { createDriver } from '../kernel/driver.ts';
import { personaRecords } from '../testing.ts';
import { SESSION_LABELS_MAX } from './history.ts';
import { policy } from './policy.ts';
import { decideAgain } from './replay.ts';
import { activated, document, engineWith, NOW, options, permitAll, published, turn, verified } from './testing.ts';

const S = 'session-1';
const flowing: ConstitutionDocument = {
  ...document,
  policies: [...document.policies, { id: 'taint', text: 'context.integrity == "untrusted"', code: 'TAINTED' }],
  approvals: [
    { id: 'personal', when: { labels: ['personal'] }, required: 2, capability: 'approval:privacy', expires_ms: 5_000 },
    { id: 'costly', when: { cost_over: '10' }, escalate: { after_ms: 1_000, capability: 'approval:on-call' } },
    { id: 'mail', when: { tools: ['mail'] } },
  ],
};
const tainted = ({ context }: RuleRequest) =>
  context.integrity === 'untrusted' && context.effect === 'irreversible'
    ? ({ outcome: 'forbid', clauses: ['taint'] } as const)
    : permitAll();

function platform(active: ConstitutionDocument = flowing) {
  const status: ConstitutionStatus = { ...verified, document: active };
  const engine = { ...engineWith(tainted), verify: () => status };
  const driver = createDriver({ processors: [policy(engine, options)], startMs: NOW, places: 1 });
  driver.append(published('1'));
  driver.append(activated('1'));
  for (const each of personaRecords) driver.append(each);
  driver.run();
  const last = () => driver.records('policy.decisions').at(-1);
  return {
    driver,
    /** Returns the decision on a command, after checking that a replay gives the same. */
    decided(command: Parameters<typeof driver.append>[0]): PolicyDecided {
      driver.append(command);
      driver.run();
      if (driver.deadLetters.length > 0) throw driver.deadLetters[0]?.error;
      const record = last();
      const recorded = { record: record?.record as { type: 'PolicyDecided'; data: PolicyDecided }, meta: record?.meta };
      expect(decideAgain(engine.rule, new Map([['d1', status]]), recorded as never)).toEqual(recorded.record);
      return recorded.record.data;
    },
    saw(changes: Partial<ToolCallCompleted> = {}) {
      driver.append(
        toolCallCompleted({
          ...{ callId: 'web-1', toolId: 'demo/web', attempt: 1, outcome: 'succeeded', code: null, detail: '' },
          ...{ output: '{}', preview: null, verified: false, tier: 'declared', walls: [], latencyMs: 1, requests: [] },
          ...{
            cost: '0.000000000',
            labels: ['untrusted'],
            sessionId: S,
            runId: null,
            findings: [],
            refusal: null,
            rate: null,
            ...changes,
          },
        }),
      );
      driver.run();
    },
    memory: () => driver.records('policy.memory').length,
  };
}

const call = (changes: Partial<CallTool> = {}) =>
  callTool({
    ...{ callId: 'pay-1', toolId: 'demo/pay', principal: 'agent', capabilities: ['tool:*'], digest: 'd' },
    ...{ credential: { sessionId: S, issuedAt: 0 }, arguments: '{}', costMax: '0.000000000', effect: 'irreversible' },
    ...{ labels: [], runId: null, capsuleId: null, purpose: 'call', ...changes },
  });
const reason = ({ decision }: PolicyDecided) => decision.reasons[0];

describe('labels of an output', () => {
  it('are those of every later command of its session, and the decision says where each came from', () => {
    const { decided, saw } = platform();
    expect(reason(decided(call()))).toBe('PERMITTED');
    saw();
    const refused = decided(call({ callId: 'pay-2', labels: ['internal'] }));
    expect([reason(refused), refused.flow]).toEqual([
      'TAINTED',
      [
        { label: 'untrusted', source: 'output of web', origin: 'web-1' },
        { label: 'internal', source: 'declared by the caller', origin: null },
      ],
    ]);
    expect(reason(decided(call({ callId: 'read-1', effect: 'read' })))).toBe('PERMITTED');
    expect(reason(decided(turn('go on', { sessionId: S })))).toBe('PERMITTED');
    expect(reason(decided(call({ callId: 'pay-3' })))).toBe('TAINTED');
  });

  it('do not reach another session, or a call outside sessions', () => {
    const { decided, saw } = platform();
    saw();
    saw({ sessionId: null, callId: 'web-2' });
    expect(reason(decided(call({ credential: { sessionId: 'session-2', issuedAt: 0 } })))).toBe('PERMITTED');
    expect(reason(decided(call({ credential: null, callId: 'pay-4' })))).toBe('PERMITTED');
  });

  it('reach the jobs of the session, which carry its credential', () => {
    const { decided, saw } = platform();
    saw({ labels: ['personal'] });
    const child = startChildJob({
      ...{
        jobId: 'job-1',
        type: 'summary',
        input: '"x"',
        parentId: 'job-0',
        path: '',
        name: 'child',
        nth: 1,
        depth: 1,
      },
      ...{ lane: 'standard', principal: 'agent', capabilities: ['jobs:*'], labels: [] },
      credential: { sessionId: S, issuedAt: 0 },
    });
    expect(decided(child).flow).toEqual([{ label: 'personal', source: 'output of web', origin: 'web-1' }]);
  });

  it('are kept once, and only where the constitution looks at labels', () => {
    const one = platform();
    one.saw();
    one.saw({ callId: 'web-2' });
    expect(one.memory()).toBe(1);
    const none = platform(document);
    none.saw();
    expect([none.memory(), none.decided(call()).flow]).toEqual([0, []]);
  });

  it('have a bound, which a label that restricts is not dropped for', () => {
    const { driver, decided, saw } = platform();
    const many = (from: number) => Array.from({ length: 16 }, (_, n) => `label-${from + n}`);
    saw({ labels: many(0) });
    saw({ labels: many(16) });
    saw({ labels: [...many(32), 'untrusted'] });
    const { flow, decision } = decided(call());
    expect(flow).toHaveLength(SESSION_LABELS_MAX + 1);
    expect(decision.reasons).toContain('TAINTED');
    expect(driver.deadLetters).toEqual([]);
  });
});

describe('the approvals of a decision', () => {
  const none = { credential: null };
  it('are the strictest that the rules ask for, also because of labels of the session', () => {
    const { decided, saw } = platform();
    expect(decided(call({ effect: 'read' })).approval).toBeNull();
    saw({ labels: ['personal'] });
    expect(decided(call({ callId: 'b', effect: 'read', toolId: 'demo/mail' })).approval).toEqual({
      ...{ rules: ['personal', 'mail'], required: 2, capabilities: ['approval:privacy'], expiresMs: 5_000 },
      ...{ escalateAfterMs: null, escalateCapability: null },
    });
  });

  it('are asked for above a cost, not at it, and never for a denied call', () => {
    const { decided } = platform();
    const costing = (costMax: string) => decided(call({ ...none, callId: costMax, costMax })).approval;
    expect(costing('10.000000000')).toBeNull();
    expect(costing('10.000000001')).toMatchObject({ rules: ['costly'], escalateCapability: 'approval:on-call' });
    const denied = decided(call({ ...none, costMax: '11.000000000', labels: ['untrusted'] }));
    expect([reason(denied), denied.approval]).toEqual(['TAINTED', null]);
  });
});

it('one untrusted part makes the whole untrusted, and the narrowest confidentiality holds', () => {
  expect([integrityOf([]), integrityOf(['trusted', 'untrusted'])]).toEqual(['trusted', 'untrusted']);
  expect(confidentialityOf(['internal', 'secret', 'public'])).toBe('secret');
  expect(confidentialityOf(['customer-data'])).toBe('public');
});
