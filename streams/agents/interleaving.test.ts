import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schemaProblemsOf } from '../../infra/tools/manifest/schema-problems.ts';
import { agentCallId } from '../../schemas/contexts/agents.ts';
import { policyDecided } from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { step as decideOne } from '../kernel/step.ts';
import { metaFor } from '../kernel/testing.ts';
import type { AnyRecord, RecordOf } from '../kernel.ts';
import { decisionOn } from '../testing.ts';
import { agents } from './agents.ts';
import { evolve } from './evolve.ts';
import { absent, type Output, type RunState } from './state.ts';
import { answer, aRun, callDenied, callDone, RUN, someLimits, weather } from './testing.ts';

const processor = agents(schemaProblemsOf());

/** A run of the processor: its state, its events, and its requests to the model, in order. */
class Life {
  state: unknown = absent;
  readonly events: AnyRecord[] = [];
  readonly asked: RecordOf<'AskAgentModel'>[] = [];
  readonly called: string[] = [];

  take(record: AnyRecord): void {
    const after = decideOne(processor, this.state, record, metaFor(record, { place: 'demo/0' }), {});
    this.state = JSON.parse(JSON.stringify(after.state));
    for (const { record: out } of after.emitted) {
      if (out.type in topics.agentsEvents.records) this.events.push(out);
      if (out.type === 'AskAgentModel') this.asked.push(out as RecordOf<'AskAgentModel'>);
      if (out.type === 'CallTool') this.called.push((out as RecordOf<'CallTool'>).data.callId);
    }
  }

  /** Goes through JSON and the log: a process that takes the run over. */
  resume(): void {
    const folded = this.events.reduce((state, event) => evolve(state, event as Output), absent as RunState);
    expect(JSON.parse(JSON.stringify(folded))).toEqual(this.state);
    this.state = folded;
  }
}

/** How each call of each step ends, the order of the ends, and where the process is killed. */
const plans = fc.record({
  steps: fc.array(
    fc.array(
      fc.record({ refused: fc.boolean(), output: fc.string({ maxLength: 20 }), at: fc.nat(), twice: fc.boolean() }),
      { minLength: 1, maxLength: 5 },
    ),
    { minLength: 1, maxLength: 4 },
  ),
  kills: fc.array(fc.boolean(), { maxLength: 40 }),
});
type Plan = typeof plans extends fc.Arbitrary<infer Value> ? Value : never;

function live({ steps, kills }: Plan, inOrder: boolean): Life {
  const life = new Life();
  let records = 0;
  const take = (record: AnyRecord): void => {
    life.take(record);
    if (kills[records % Math.max(1, kills.length)]) life.resume();
    records += 1;
  };
  const allow = (): void => {
    const ask = life.asked.at(-1);
    if (ask !== undefined) take(policyDecided(decisionOn(ask).data));
  };
  take(decisionOn(aRun({ tools: [weather], limits: { ...someLimits, steps: 20, identicalCalls: 20 } })));
  for (const [at, calls] of steps.entries()) {
    allow();
    const said = calls.map((_, nth) => ({ name: 'weather', given: { city: `${at}/${nth}` } }));
    take(answer(at + 1, said));
    const ends = calls.map(({ refused, output, ...order }, nth) => {
      const callId = agentCallId(RUN, at + 1, nth);
      const end = refused ? callDenied(callId, 'POLICY_DENIED') : callDone(callId, { output: JSON.stringify(output) });
      return { ...order, nth, end };
    });
    const ordered = inOrder ? ends : ends.toSorted((one, other) => one.at - other.at || one.nth - other.nth);
    for (const { end, twice } of ordered) {
      take(end);
      if (twice) take(end);
    }
  }
  allow();
  take(answer(steps.length + 1, 'done'));
  return life;
}

describe('for any order of the ends of calls, and any kills between them', () => {
  it('the model is asked the same, each call is made once, and the run ends with the same', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const [one, other] = [live(plan, true), live({ ...plan, kills: [] }, false)];
        expect(one.asked).toEqual(other.asked);
        expect(one.called).toEqual(other.called);
        expect(new Set(one.called).size).toBe(one.called.length);
        expect(one.events.at(-1)).toEqual(other.events.at(-1));
        expect(one.events.at(-1)?.type).toBe('AgentRunCompleted');
      }),
      { numRuns: 100 },
    );
  });

  it('any cut of the log resumes to the same state and decides the same', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const life = live({ ...plan, kills: [true] }, false);
        expect(life.events).toEqual(live({ ...plan, kills: [] }, false).events);
      }),
      { numRuns: 50 },
    );
  });
});
