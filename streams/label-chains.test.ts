/** Labels across turns, sessions, memories and child runs: any chain of what was read, remembered, recalled and handed off. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { handoffTool } from '../schemas/contexts/agents.ts';
import type { ConstitutionDocument } from '../schemas/contexts/constitution/document.ts';
import type { RuleRequest } from '../schemas/contexts/constitution/rules.ts';
import {
  type AgentTool,
  callTool,
  keepMemory,
  rememberMemory,
  type SlmRequested,
  type StartAgentRun,
  slmCompleted,
  startAgentRun,
  tool,
  toolCallEnded,
} from '../schemas/generated/records.ts';
import { KHIPU_NAMESPACE, uuidV5 } from '../schemas/ids.ts';
import { PARTITIONS_DEFAULT, topics } from '../schemas/topics.ts';
import { agents } from './agents/agents.ts';
import { jobs } from './jobs/jobs.ts';
import { createDriver, type Driver, type StandIn } from './kernel/driver.ts';
import { placeOf, placesOver } from './kernel/place.ts';
import {
  type AnyRecord,
  apart,
  type Meta,
  type Processor,
  type TopologyLayout,
  topology,
  topologyOf,
} from './kernel.ts';
import { memory } from './memory/memory.ts';
import { policy } from './policy/policy.ts';
import { activated, document, engineWith, options, permitAll, published } from './policy/testing.ts';
import { slm } from './slm/slm.ts';
import { personaRecords } from './testing.ts';
import { envelopeOf, testReader } from './tools/testing.ts';
import { toolWorker } from './tools/tool-worker.ts';
import { tools } from './tools/tools.ts';

/** Untrusted content may not drive an irreversible tool. */
const rule = ({ context }: RuleRequest) =>
  context.integrity === 'untrusted' && context.effect === 'irreversible'
    ? ({ outcome: 'forbid', clauses: ['taint'] } as const)
    : permitAll();
const flowing: ConstitutionDocument = {
  ...document,
  policies: [...document.policies, { id: 'taint', text: 'context.integrity == "untrusted"', code: 'TAINTED' }],
  limits: { prompt_chars_max: 100_000, embedding_chars_max: 100_000, max_tokens_max: 10_000 },
};

/** What a user, or the model of a run, does. A memory is the nth that was remembered; `child` hands a plan off. */
type Act =
  | { readonly does: 'read' | 'pay' }
  | { readonly does: 'remember' }
  | { readonly does: 'recall'; readonly nth: number }
  | { readonly does: 'child'; readonly plan: readonly Act[] };
type Session = 0 | 1 | 2 | null;
type Step =
  | { readonly by: 'user'; readonly session: Session; readonly act: Exclude<Act, { does: 'child' }> }
  | { readonly by: 'command'; readonly session: Session }
  | { readonly by: 'run'; readonly session: Session; readonly plan: readonly Act[] };

const effects = { web: 'read', store: 'write', pay: 'irreversible' } as const;
const toolNames = Object.keys(effects) as readonly (keyof typeof effects)[];
const agentTools: readonly AgentTool[] = [
  ...toolNames.map((name) => ({
    ...{ name, modelName: name, description: name, parameters: '{}', digest: 'd1.0.0', costMax: '0.000000000' },
    effect: effects[name],
  })),
  handoffTool,
];

/** Returns the call that an act is. A child sees its plan as its prompt. */
function callOf(act: Act): { readonly name: string; readonly arguments: string } {
  switch (act.does) {
    case 'read':
      return { name: 'web', arguments: '{}' };
    case 'pay':
      return { name: 'pay', arguments: '{}' };
    case 'child':
      return {
        name: handoffTool.modelName,
        arguments: JSON.stringify({ prompt: JSON.stringify(act.plan), tools: toolNames }),
      };
    default:
      return { name: 'store', arguments: JSON.stringify(act) };
  }
}

/** The nth answer of a run is the nth act of the plan in its prompt. */
function scripted({ subjectId, origin, requestId, messages }: SlmRequested): AnyRecord {
  const plan = JSON.parse(messages.find(({ role }) => role === 'user')?.content ?? '[]') as readonly Act[];
  const act = plan[messages.filter(({ role }) => role === 'assistant').length];
  return slmCompleted({
    moderation: null,
    ...{ subjectId, origin, requestId, attempt: 1, text: act === undefined ? 'done' : '', modelId: 'm' },
    ...{ toolCalls: act === undefined ? [] : [{ id: 'c', ...callOf(act) }], finishReason: 'stop' },
    ...{ tokensConsumed: { prompt: 1, completion: 1 }, latencyMs: 1, cost: null },
  });
}

const shared = {
  space: 'shared',
  source: null,
  tags: [],
  metadata: {},
  validFrom: null,
  validTo: null,
  supersedes: [],
};

class Platform {
  readonly driver: Driver;
  /** Ids of memories, in order. */
  readonly #memories: string[] = [];
  #ids = 0;

  constructor(layout: TopologyLayout, choices: readonly number[], plant: (good: Processor) => Processor) {
    const made = engineWith(rule);
    const verify: typeof made.verify = (publication) => {
      const status = made.verify(publication);
      return status.status === 'verified' ? { ...status, document: flowing } : status;
    };
    const engine = { ...made, verify };
    const members = [policy(engine, options), jobs, plant(tools(testReader, verify)), plant(agents(() => []))];
    const core = topology({ name: 'core', members, redrives: topics.coreRedrive });
    const model: StandIn = {
      worker: slm,
      respond: (record) => (record.type === 'SlmRequested' ? [scripted(record.data)] : []),
    };
    let chosen = 0;
    this.driver = createDriver({
      topologies: [...(layout === 'chained' ? [core] : apart(core)), topologyOf(plant(memory))],
      standIns: [model, { worker: toolWorker, respond: (record, meta) => this.#work(record, meta) }],
      choose: (count) => (choices[chosen++ % choices.length] ?? 0) % count,
    });
    for (const each of [published('1'), activated('1'), ...personaRecords]) this.driver.append(each);
    for (const name of toolNames) {
      const envelope = envelopeOf({ name, effect: effects[name] });
      const of = { toolId: `demo/${name}`, tenantId: 'demo', status: 'active', version: 1, digest: 'd1.0.0' };
      this.driver.append(tool({ ...of, manifest: envelope, envelope, changedAt: 0, place: null }), { place: null });
    }
    this.driver.run();
  }

  play(step: Step): void {
    this.#ids += 1;
    const id = uuidV5(KHIPU_NAMESPACE, `step ${this.#ids}`);
    const credential = step.session === null ? null : { sessionId: `session-${step.session}`, issuedAt: 0 };
    const asked = { principal: 'agent', capabilities: ['*'], credential, labels: [] };
    this.driver.append(this.#commandOf(step, id, asked), {
      place: placeOf('demo', credential?.sessionId ?? id, placesOver(PARTITIONS_DEFAULT)),
    });
    this.driver.run();
  }

  #commandOf(
    step: Step,
    id: string,
    by: Pick<StartAgentRun, 'principal' | 'capabilities' | 'credential' | 'labels'>,
  ): AnyRecord {
    if (step.by === 'command') {
      this.#memories.push(id);
      return rememberMemory({ ...shared, ...by, memoryId: id, text: 'a text' });
    }
    if (step.by === 'run')
      return startAgentRun({
        ...{ ...by, runId: id, agent: 'guide', instructions: '', prompt: JSON.stringify(step.plan), model: null },
        ...{ maxTokens: null, tools: agentTools, outputSchema: null, program: null, fork: null, capsule: null },
        limits: { steps: 20, tokens: null, cost: null, wallMs: 60_000, identicalCalls: 20 },
      });
    const { name, arguments: given } = callOf(step.act);
    return callTool({
      ...{ ...by, callId: id, toolId: `demo/${name}`, digest: 'd1.0.0', arguments: given, costMax: '0.000000000' },
      ...{ effect: effects[name as keyof typeof effects], runId: null, capsuleId: null, purpose: 'call' },
    });
  }

  /** The tools: a page of the web is untrusted; a memory is kept, and recalled, with its labels. */
  #work(record: AnyRecord, { place }: Meta): readonly AnyRecord[] {
    if (record.type !== 'RunToolCall') return [];
    const { callId, toolId, arguments: given, labels, principal } = record.data;
    const act = JSON.parse(given) as Partial<Act & { readonly nth: number }>;
    const recalled = act.does === 'recall' ? this.#labelsOf(act.nth ?? 0) : [];
    const end = toolCallEnded({
      ...{
        callId,
        attempt: 1,
        outcome: 'succeeded',
        code: null,
        detail: '',
        output: '{}',
        preview: null,
        check: null,
        verified: false,
      },
      ...{ tier: 'declared', walls: [], latencyMs: 1, requests: [], cost: '0.000000000', rate: null },
      labels: toolId === 'demo/web' ? ['untrusted'] : recalled,
    });
    if (act.does !== 'remember') return [end];
    this.#memories.push(callId);
    const of = { memoryId: callId, callId, place: place ?? '', principal, text: 'a text', labels };
    return [end, keepMemory({ ...shared, ...of })];
  }

  #labelsOf(nth: number): readonly string[] {
    const id = this.#memories[nth % Math.max(1, this.#memories.length)];
    const kept = this.driver.records(topics.memoryEvents.name).map(({ record }) => record);
    return kept.flatMap(({ type, data }) => (type === 'MemoryRemembered' && data.memoryId === id ? data.labels : []));
  }

  /** Returns whether each payment ran, in order. */
  payments(): readonly boolean[] {
    if (this.driver.deadLetters.length > 0) throw this.driver.deadLetters[0]?.error;
    return this.driver
      .records(topics.toolsCalls.name)
      .flatMap(({ record: { type, data } }) =>
        (type === 'ToolCallCompleted' || type === 'ToolCallRefused') && data.toolId === 'demo/pay'
          ? [type === 'ToolCallCompleted']
          : [],
      );
  }
}

/** Returns whether each payment may run: by what its session or its run has read before, from the web or from a memory. */
function allowed(steps: readonly Step[]): readonly boolean[] {
  const may: boolean[] = [];
  const memories: boolean[] = [];
  const sessions = new Map<Session, boolean>();
  const after = (isTainted: boolean, act: Act): boolean => {
    switch (act.does) {
      case 'read':
        return true;
      case 'pay':
        may.push(!isTainted);
        return isTainted;
      case 'remember':
        memories.push(isTainted);
        return isTainted;
      case 'recall':
        return isTainted || memories[act.nth % Math.max(1, memories.length)] === true;
      case 'child':
        return act.plan.reduce(after, isTainted);
    }
  };
  for (const step of steps) {
    const before = step.session !== null && sessions.get(step.session) === true;
    const acts: readonly Act[] = step.by === 'run' ? step.plan : [step.by === 'user' ? step.act : { does: 'remember' }];
    sessions.set(step.session, acts.reduce(after, before));
  }
  return may;
}

const simple = fc.oneof(
  fc.record({ does: fc.constantFrom('read' as const, 'pay' as const, 'pay' as const, 'remember' as const) }),
  fc.record({ does: fc.constant('recall' as const), nth: fc.nat({ max: 5 }) }),
);
const plans = fc.array(simple, { maxLength: 3 });
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: simple },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('child' as const), plan: plans }) },
);
const session = fc.constantFrom<Session>(0, 1, 2, null);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ by: fc.constant('user' as const), session, act: simple }),
  fc.record({ by: fc.constant('command' as const), session }),
  fc.record({ by: fc.constant('run' as const), session, plan: fc.array(act, { maxLength: 4 }) }),
);
const chains = fc.array(step, { maxLength: 12 });
const choices = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 12 });

const played = (
  steps: readonly Step[],
  layout: TopologyLayout,
  of: readonly number[],
  plant = (good: Processor) => good,
) => {
  const platform = new Platform(layout, of, plant);
  for (const each of steps) platform.play(each);
  return platform.payments();
};

describe('untrusted content drives no irreversible tool, and trusted content drives it', () => {
  it('through any chain of sessions, memories, runs and child runs', () => {
    fc.assert(
      fc.property(chains, fc.constantFrom<TopologyLayout>('chained', 'apart'), choices, (steps, layout, of) => {
        expect(played(steps, layout, of)).toEqual(allowed(steps));
      }),
      { numRuns: 60 },
    );
  });

  it('in the shortest chain of each kind', () => {
    const pays = { does: 'pay' } as const;
    const reads = { does: 'read' } as const;
    const recalls = { does: 'recall', nth: 0 } as const;
    const user = (of: Session, does: Extract<Step, { by: 'user' }>['act']): Step => ({
      by: 'user',
      session: of,
      act: does,
    });
    const run = (of: Session, ...plan: readonly Act[]): Step => ({ by: 'run', session: of, plan });
    const remembers = user(0, { does: 'remember' });
    const all: readonly (readonly Step[])[] = [
      // Another session recalls what a session with untrusted content has remembered, by the tool and by a command.
      [user(0, reads), remembers, user(1, recalls), user(1, pays)],
      [user(0, reads), { by: 'command', session: 0 }, user(1, recalls), user(1, pays)],
      // A child begins with what its parent has read, and its parent goes on with what it has read.
      [run(null, reads, { does: 'child', plan: [pays] })],
      [run(null, { does: 'child', plan: [reads] }, pays)],
      // A run outside sessions recalls; its session alone knows what a run of a session has read.
      [user(0, reads), remembers, run(null, recalls, pays)],
      [run(2, reads), user(2, pays)],
    ];
    for (const steps of all) expect([steps, played(steps, 'chained', [0])]).toEqual([steps, [false]]);
    expect(played([remembers, user(1, recalls), user(1, pays)], 'chained', [0])).toEqual([true]);
  });
});

describe('the property', () => {
  /** Drops the labels of records of one kind, as they are written. */
  const dropping =
    (type: string) =>
    (good: Processor): Processor => ({
      ...good,
      decide: (...given) =>
        good
          .decide(...given)
          .map((out) =>
            out.type === type ? ({ type, data: { ...out.data, labels: [] } } as unknown as AnyRecord) : out,
          ),
    });

  it.each(['MemoryRemembered', 'EndChildAgentRun', 'StartChildAgentRun', 'RunToolCall'])(
    'finds labels that %s does not carry',
    (type) => {
      const found = fc.check(
        fc.property(chains, choices, (steps, of) => {
          return played(steps, 'chained', of, dropping(type)).join() === allowed(steps).join();
        }),
        // One chain in about a hundred shows it: with a seed, each run of the test finds the same one.
        { numRuns: 2_000, endOnFailure: true, seed: 6 },
      );
      expect(found.failed).toBe(true);
    },
  );
});
