/** Calls that need approvals, through policy, tools and approvals together: any order of what people do. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { approvalDigest } from '../schemas/contexts/approvals.ts';
import type { ConstitutionDocument } from '../schemas/contexts/constitution/document.ts';
import { callTool, decideApproval, tool, toolCallEnded } from '../schemas/generated/records.ts';
import { topics } from '../schemas/topics.ts';
import { approvals } from './approvals/approvals.ts';
import type { Open, ScopeState } from './approvals/state.ts';
import { createDriver, type Driver, type StandIn } from './kernel/driver.ts';
import { apart, type Processor, type RecordOf, type TopologyLayout, topology } from './kernel.ts';
import { policy } from './policy/policy.ts';
import { activated, document, engineWith, options, published } from './policy/testing.ts';
import { envelopeOf, testReader } from './tools/testing.ts';
import { toolWorker } from './tools/tool-worker.ts';
import { tools } from './tools/tools.ts';

const WAIT_MS = 600_000;
const AGENT = 'agent';
const TOOL = 'demo/pay';
const governed: ConstitutionDocument = {
  ...document,
  approvals: [
    { id: 'irreversible', when: { effects: ['irreversible'] }, required: 1, expires_ms: WAIT_MS },
    { id: 'large', when: { cost_over: '10' }, required: 2, expires_ms: WAIT_MS },
  ],
};
/** Calls, and how many must approve each. */
const calls = { small: 1, large: 2 } as const;
type Call = keyof typeof calls;
const callIds = Object.keys(calls) as readonly Call[];

const worker: StandIn = {
  worker: toolWorker,
  respond: ({ type, data }) =>
    type !== 'RunToolCall'
      ? []
      : [
          toolCallEnded({
            ...{
              callId: data.callId,
              attempt: 1,
              outcome: 'succeeded',
              code: null,
              detail: '',
              output: '{}',
              preview: null,
              check: null,
            },
            ...{ verified: false, tier: 'declared', walls: [], latencyMs: 1, requests: [], labels: [] },
            cost: '0.000000000',
            rate: null,
          }),
        ],
};

function platform(members: readonly Processor[], layout: TopologyLayout): Driver {
  const core = topology({ name: 'core', members, redrives: topics.coreRedrive });
  const topologies = layout === 'chained' ? [core] : apart(core);
  const driver = createDriver({ topologies, standIns: [worker], places: 1 });
  const envelope = envelopeOf({ name: 'pay', effect: 'irreversible', cost: '0.000000000' });
  driver.append(published('1'));
  driver.append(activated('1'));
  driver.append(
    tool({
      ...{ toolId: TOOL, tenantId: 'demo', status: 'active', version: 1, digest: 'd1.0.0', manifest: envelope },
      ...{ envelope, changedAt: 0, place: null },
    }),
  );
  driver.run();
  return driver;
}

const engine = () => {
  const made = engineWith();
  const verify: typeof made.verify = (publication) => {
    const status = made.verify(publication);
    return status.status === 'verified' ? { ...status, document: governed } : status;
  };
  return { ...made, verify };
};
const membersWith = (deciding: Processor = approvals): readonly Processor[] => {
  const ruleEngine = engine();
  return [policy(ruleEngine, options), tools(testReader, (published) => ruleEngine.verify(published)), deciding];
};

const asked = (callId: Call) =>
  callTool({
    ...{ callId, toolId: TOOL, principal: AGENT, capabilities: ['tool:execute:pay'], credential: null, labels: [] },
    ...{
      digest: 'd1.0.0',
      arguments: '{"amount":"one"}',
      effect: 'irreversible',
      runId: null,
      capsuleId: null,
      purpose: 'call',
    },
    costMax: callId === 'large' ? '20.000000000' : '1.000000000',
  });

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
const settles = fc.constantFrom(true, true, true, false);
const step = fc.oneof(
  fc.record({ does: fc.constant('ask' as const), call: fc.constantFrom(...callIds), settles }),
  fc.record({
    does: fc.constantFrom(...times(6, 'approve' as const), ...times(3, 'edit' as const), 'reject' as const),
    call: fc.constantFrom('large' as const, ...callIds),
    who: fc.constantFrom('ana', 'bea', 'eva', AGENT),
    /** Which of the digests that were asked for so far, the latest first. */
    back: fc.constantFrom(...times(4, 0), 1, 2),
    amount: fc.constantFrom('one', 'two', 'gold'),
    settles,
  }),
  fc.record({ does: fc.constant('wait' as const), ms: fc.constantFrom(...times(7, 1_000), WAIT_MS), settles }),
  fc.record({ does: fc.constant('run' as const), steps: fc.nat({ max: 12 }), settles: fc.constant(false) }),
);
type Step = typeof step extends fc.Arbitrary<infer Each> ? Each : never;

const requestedOf = (driver: Driver, call: string): readonly RecordOf<'ApprovalRequested'>[] =>
  driver
    .records(topics.approvalsEvents.name)
    .map(({ record }) => record)
    .filter((record): record is RecordOf<'ApprovalRequested'> => record.type === 'ApprovalRequested')
    .filter(({ data }) => data.approvalId === call);

function take(driver: Driver, does: Step): void {
  switch (does.does) {
    case 'ask':
      driver.append(asked(does.call));
      return;
    case 'wait':
      driver.advance(does.ms);
      return;
    case 'run':
      for (let steps = 0; steps < does.steps; steps += 1) driver.step();
      return;
    default: {
      const digest = requestedOf(driver, does.call).at(-1 - does.back)?.data.digest;
      if (digest === undefined) return;
      driver.append(
        decideApproval({
          ...{ approvalId: does.call, scopeId: does.call, toolId: TOOL, digest, outcome: does.does, reason: 'seen' },
          ...{ arguments: does.does === 'edit' ? JSON.stringify({ amount: does.amount }) : null, grant: null },
          ...{ principal: does.who, capabilities: ['approval:decide'], credential: null, labels: [] },
        }),
      );
    }
  }
}

/** Returns what is wrong with the calls that ran; nothing when all is well. */
function wrong(driver: Driver): readonly string[] {
  const all = driver.records().map(({ record }) => record);
  const runs = all.filter((record): record is RecordOf<'RunToolCall'> => record.type === 'RunToolCall');
  const votes = all.filter((record): record is RecordOf<'ApprovalVoted'> => record.type === 'ApprovalVoted');
  return [
    ...driver.deadLetters.map(({ error }) => String(error)),
    ...callIds
      .filter((call) => runs.filter(({ data }) => data.callId === call).length > 1)
      .map((call) => `${call} twice`),
    ...runs.flatMap(({ data }) => {
      const { callId, digest: toolDigest, arguments: args, decisionId } = data;
      const digest = approvalDigest({ toolDigest, arguments: args, decisionId });
      const of = votes.filter((vote) => vote.data.approvalId === callId && vote.data.digest === digest);
      const approvers = new Set(of.map(({ data: { principal } }) => principal).filter((each) => each !== AGENT));
      return approvers.size < calls[callId as Call] ? [`${callId} with ${approvers.size} approvals`] : [];
    }),
  ];
}

function play(history: readonly Step[], members = membersWith(), layout: TopologyLayout = 'chained'): Driver {
  const driver = platform(members, layout);
  for (const each of history) {
    take(driver, each);
    // Often people see what became of their last step; sometimes several steps meet in the log.
    if (each.settles) driver.run();
  }
  driver.run();
  driver.advance(WAIT_MS);
  driver.run();
  return driver;
}

const histories = fc.array(step, { maxLength: 40, size: 'max' });

describe('a call that needs approvals', () => {
  it.each(['chained', 'apart'] as const)(
    'runs at most once, for a digest that enough others approved: %s',
    (layout) => {
      fc.assert(
        fc.property(histories, (history) => {
          expect(wrong(play(history, membersWith(), layout))).toEqual([]);
        }),
        { numRuns: 150 },
      );
    },
  );

  it('ends in any case: it ran, or it was refused, and nothing waits', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const driver = play(history);
        const types = driver.records(topics.toolsCalls.name).map(({ record }) => record);
        const held = new Set(types.flatMap(({ type, data }) => (type === 'ToolCallHeld' ? [data.callId] : [])));
        const ended = new Set(
          types.flatMap(({ type, data }) =>
            type === 'ToolCallCompleted' || type === 'ToolCallRefused' ? [data.callId] : [],
          ),
        );
        expect([...held].filter((call) => !ended.has(call))).toEqual([]);
        for (const call of callIds) expect(driver.state('approvals', call)).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  it('does run: the property is not kept by refusing everything', () => {
    const vote = { does: 'approve', back: 0, amount: 'one', call: 'large', settles: true } as const;
    const history: readonly Step[] = [
      { does: 'ask', call: 'large', settles: true },
      { ...vote, who: 'ana' },
      { ...vote, who: 'bea' },
    ];
    const ran = play(history).records(topics.toolsWork.name);
    expect(ran.map(({ record }) => record.type)).toEqual(['RunToolCall']);
  });
});

/** Approvals with a bug: votes for the arguments before an edit count for those after it. */
const reusing: Processor = {
  ...approvals,
  evolve(state, record) {
    const next = approvals.evolve(state, record) as ScopeState;
    if (record.type !== 'ApprovalRequested') return next;
    const { approvalId } = record.data;
    const before = (state as ScopeState).approvals[approvalId]?.approvers ?? [];
    const open = { ...(next.approvals[approvalId] as Open), approvers: before };
    return { ...next, approvals: { ...next.approvals, [approvalId]: open } };
  },
};

/** Approvals with a bug: who asked for the call may approve it. */
const selfApproving: Processor = {
  ...approvals,
  evolve(state, record) {
    const next = approvals.evolve(state, record) as ScopeState;
    if (record.type !== 'ApprovalRequested') return next;
    const { approvalId } = record.data;
    const open = { ...(next.approvals[approvalId] as Open), principal: 'no one' };
    return { ...next, approvals: { ...next.approvals, [approvalId]: open } };
  },
};

describe('the property', () => {
  const finds = (members: readonly Processor[]): boolean =>
    fc.check(
      fc.property(histories, (history) => wrong(play(history, members)).length === 0),
      { numRuns: 1_000 },
    ).failed;

  it.each([
    ['an approval that is used again after the arguments changed', membersWith(reusing)],
    ['an approval by who asked for the call', membersWith(selfApproving)],
  ] as const)('finds %s', (_, members) => {
    expect(finds(members)).toBe(true);
  });
});
