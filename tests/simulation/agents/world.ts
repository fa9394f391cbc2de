import type { ToolMemory } from '../../../infra/tools/adapters/memory.ts';
import { ToolError } from '../../../infra/tools/errors.ts';
import {
  type ApprovalRequested,
  type CallTool,
  callTool,
  cancelAgentRun,
  decideApproval,
  forgetMemory,
  keepMemory,
  rememberMemory,
  startAgentRun,
} from '../../../schemas/generated/records.ts';
import { KHIPU_NAMESPACE, uuidV5 } from '../../../schemas/ids.ts';
import { PARTITIONS_DEFAULT, placeIn, topics } from '../../../schemas/topics.ts';
import { agents } from '../../../streams/agents/agents.ts';
import { approvalNotifier } from '../../../streams/approvals/approval-notifier.ts';
import { approvals } from '../../../streams/approvals/approvals.ts';
import { openOf, type ScopeState } from '../../../streams/approvals/state.ts';
import { jobs } from '../../../streams/jobs/jobs.ts';
import { createDriver, type Driver } from '../../../streams/kernel/driver.ts';
import type { Logged } from '../../../streams/kernel/driver-log.ts';
import { placeOf, placesOver } from '../../../streams/kernel/place.ts';
import {
  type AnyRecord,
  apart,
  type Meta,
  type RecordOf,
  type TopologyLayout,
  topology,
  topologyOf,
} from '../../../streams/kernel.ts';
import { memory } from '../../../streams/memory/memory.ts';
import { policy } from '../../../streams/policy/policy.ts';
import { activated, options, published } from '../../../streams/policy/testing.ts';
import { slm } from '../../../streams/slm/slm.ts';
import { toolWorker } from '../../../streams/tools/tool-worker.ts';
import { tools } from '../../../streams/tools/tools.ts';
import type { Random } from '../random.ts';
import { CallWorkers } from './call-workers.ts';
import {
  agentTools,
  callOf,
  engineOf,
  readManifest,
  schemaProblems,
  type ToolName,
  toolNames,
  toolRecords,
} from './catalogue.ts';
import { amounts, ScriptedModel } from './model.ts';
import { Outside } from './outside.ts';

const START_MS = Date.UTC(2026, 0, 1);
const SESSIONS = ['session-1', 'session-2', null] as const;
export const AGENT = 'agent';
const approvers = ['ana', 'bea', 'eva', AGENT] as const;
const places = placesOver(PARTITIONS_DEFAULT);

/** Policy, tools, approvals, agents and memories on the in-memory driver, with their workers, a model and users. */
export class World {
  readonly driver: Driver;
  readonly outside: Outside;
  readonly #random: Random;
  readonly #workers: CallWorkers;
  readonly #model: ScriptedModel;
  readonly #sent: Logged[] = [];
  /** Approvals as people were asked for them. */
  readonly #asked: { readonly data: ApprovalRequested; readonly place: string | null }[] = [];
  /** Memories that someone or a call wanted to keep, with their places. */
  readonly #memories: { readonly id: string; readonly place: string | null }[] = [];
  #ids = 0;

  constructor(random: Random, layout: TopologyLayout) {
    this.#random = random;
    this.outside = new Outside(random);
    const append = (record: AnyRecord, cause: Meta): void => {
      const place = placeIn(record) ?? cause.place;
      if (record.type === 'KeepMemory') this.#memories.push({ id: record.data.memoryId, place });
      this.driver.append(record, { place });
    };
    this.#workers = new CallWorkers({ random, outside: this.outside, memory: this.#memory(), append });
    this.#model = new ScriptedModel(random, append);
    const engine = engineOf();
    const members = [
      policy(engine, options),
      tools(readManifest, (publication) => engine.verify(publication)),
      ...[approvals, jobs, agents(schemaProblems)],
    ];
    const core = topology({ name: 'core', members, redrives: topics.coreRedrive });
    const none = (take: () => void): readonly AnyRecord[] => {
      take();
      return [];
    };
    this.driver = createDriver({
      topologies: [...(layout === 'chained' ? [core] : apart(core)), topologyOf(memory)],
      standIns: [
        { worker: slm, respond: (record, meta) => none(() => this.#model.take(record, meta)) },
        { worker: approvalNotifier, respond: (record, meta) => none(() => this.#notice(record, meta)) },
        { worker: toolWorker, respond: (record, meta) => none(() => this.#workers.take(record, meta)) },
      ],
      choose: (count) => random.between(0, count - 1),
      startMs: START_MS,
    });
    for (const record of [published('1'), activated('1')]) this.driver.append(record);
    for (const record of toolRecords()) this.driver.append(record, { place: null });
    this.driver.run();
  }

  /* What workers do. */

  /** Lets a call or a model do one thing. Returns false when there is nothing to do. */
  async work(): Promise<boolean> {
    const isCall = this.#random.chance(0.7);
    if (isCall ? await this.#workers.work() : this.#model.answer()) return true;
    return isCall ? this.#model.answer() : this.#workers.work();
  }

  takeOver = (): void => this.#workers.takeOver();

  #notice(record: AnyRecord, { place }: Meta): void {
    if (record.type === 'ApprovalRequested') this.#asked.push({ data: record.data, place });
  }

  /* What users do. */

  start(): void {
    const runId = this.#newId('run');
    const limits = { steps: 8, tokens: null, cost: null, wallMs: this.#random.pick([60_000, 7_200_000]) };
    this.#send(
      startAgentRun({
        ...{ runId, principal: AGENT, capabilities: ['*'], ...this.#session(), agent: 'guide', instructions: '' },
        ...{ prompt: 'go', model: null, maxTokens: null, tools: agentTools, outputSchema: null, labels: [] },
        ...{ program: null, fork: null, capsule: null },
        limits: { ...limits, identicalCalls: 20 },
      }),
      runId,
    );
  }

  call(name: ToolName = this.#random.pick([...toolNames, 'pay', 'pay', 'large'])): void {
    const callId = this.#newId('call');
    const given =
      name === 'khipu.memory'
        ? { action: 'remember', text: this.#random.pick(amounts) }
        : { amount: this.#random.pick(amounts) };
    this.#send(
      callTool({
        ...{ ...callOf(name), callId, capabilities: ['*'], ...this.#session(), arguments: JSON.stringify(given) },
        ...{ principal: this.#random.pick([AGENT, 'ana']), labels: [], runId: null, capsuleId: null, purpose: 'call' },
      }),
      callId,
    );
  }

  /** Someone asks for what was asked for before, once or several times, which a grant may cover. */
  callAgain(): void {
    const before = this.#sent.flatMap(({ record }) => (record.type === 'CallTool' ? [record.data] : []));
    const payments = before.filter(({ toolId }) => toolId === 'demo/pay');
    if (payments.length === 0) return;
    const again: CallTool = this.#random.pick(payments);
    for (let times = this.#random.between(1, 3); times > 0; times -= 1) {
      const callId = this.#newId('call');
      this.#send(callTool({ ...again, callId }), callId);
    }
  }

  /** Someone decides on an approval as they saw it, now or some time ago. */
  decide(): void {
    const asked = this.#asked;
    if (asked.length === 0) return;
    const waiting = asked.filter(({ data }) => this.#waits(data.scopeId, data.approvalId));
    const { data, place } = this.#random.pick(waiting.length > 0 && this.#random.chance(0.8) ? waiting : asked);
    const { approvalId, scopeId, toolId, digest } = data;
    const outcome = this.#random.pick(['approve', 'approve', 'approve', 'approve', 'edit', 'reject']);
    const isGrant = outcome === 'approve' && this.#random.chance(0.5);
    this.#append(
      decideApproval({
        ...{ approvalId, scopeId, toolId, digest, outcome, reason: 'seen' },
        arguments: outcome === 'edit' ? JSON.stringify({ amount: this.#random.pick(amounts) }) : null,
        grant: isGrant ? { shape: null, usesMax: this.#random.between(1, 2), lifetimeMs: 120_000 } : null,
        ...{ principal: this.#random.pick(approvers), capabilities: ['approval:decide'], credential: null, labels: [] },
      }),
      place,
    );
  }

  #waits(scopeId: string, approvalId: string): boolean {
    const state = this.driver.state('approvals', scopeId) as ScopeState | undefined;
    return state !== undefined && openOf(state, approvalId) !== undefined;
  }

  cancel(): void {
    const started = this.#sent.filter(({ record }) => record.type === 'StartAgentRun');
    if (started.length === 0) return;
    const { record, meta } = this.#random.pick(started);
    const { runId } = record.data as { readonly runId: string };
    this.#append(cancelAgentRun({ runId, principal: AGENT, reason: 'enough' }), meta.place);
  }

  remember(): void {
    const memoryId = this.#newId('memory');
    const known = this.#memories;
    this.#send(
      rememberMemory({
        ...{ memoryId, space: 'shared', principal: AGENT, capabilities: ['*'], credential: null, labels: [] },
        ...{ text: `text of ${memoryId}`, source: null, tags: [], metadata: {}, validFrom: null, validTo: null },
        supersedes: known.length > 0 && this.#random.chance(0.4) ? [this.#random.pick(known).id] : [],
      }),
      memoryId,
    );
    this.#memories.push({ id: memoryId, place: placeOf('demo', memoryId, places) });
  }

  forget(): void {
    const known = this.#memories;
    if (known.length === 0) return;
    const { id: memoryId, place } = this.#random.pick(known);
    const of = { space: 'shared', principal: AGENT, capabilities: ['*'], credential: null, labels: [] };
    this.#append(forgetMemory({ ...of, memoryId, reason: 'wrong' }), place);
  }

  /** A gateway that got no answer sends its command again. */
  repeat(): void {
    if (this.#sent.length === 0) return;
    const { record, meta } = this.#random.pick(this.#sent);
    this.driver.append(record, { id: meta.id, place: meta.place });
  }

  advance = (ms: number): void => this.driver.advance(ms);

  /** The place of what begins with an id. */
  #newId(what: string): string {
    this.#ids += 1;
    return uuidV5(KHIPU_NAMESPACE, `${what}/${this.#ids}`);
  }

  #session(): { readonly credential: { readonly sessionId: string; readonly issuedAt: number } | null } {
    const sessionId = this.#random.pick(SESSIONS);
    return { credential: sessionId === null ? null : { sessionId, issuedAt: 0 } };
  }

  /** A command of a session belongs to the place of the session. */
  #send(record: RecordOf<'StartAgentRun' | 'CallTool' | 'RememberMemory'>, id: string): void {
    const { credential } = record.data;
    this.#append(record, placeOf('demo', credential?.sessionId ?? id, places));
  }

  #append(record: AnyRecord, place: string | null): void {
    this.#sent.push(this.driver.append(record, { place }));
  }

  /** A memory service that writes with the end of the call, as that of the platform does. */
  #memory(): ToolMemory {
    return {
      walls: [],
      health: async () => ({ ok: true, detail: '' }),
      async remember(run, { space, text, tags, metadata, supersedes }) {
        const memoryId = uuidV5(KHIPU_NAMESPACE, `memory of ${run.callId}`);
        const { callId, principal, place } = run;
        const kept = keepMemory({
          ...{ memoryId, callId, place: place ?? '', principal, space, text, tags, metadata, supersedes },
          ...{ source: null, validFrom: null, validTo: null, labels: [] },
        });
        return { output: { memory_id: memoryId }, records: [kept] };
      },
      recall: () => Promise.reject(new ToolError('TOOL_REFUSED', 'no', { effect: 'none' })),
      forget: () => Promise.reject(new ToolError('TOOL_REFUSED', 'no', { effect: 'none' })),
    };
  }
}
