import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schemaProblemsOf } from '../../infra/tools/manifest/schema-problems.ts';
import { agentCallId, PROGRAM, PROGRAM_RESULT_BYTES_MAX, programTool } from '../../schemas/contexts/agents.ts';
import { payloadName } from '../../schemas/contexts/jobs/payload.ts';
import {
  type ProgramSegmentEnded,
  policyDecided,
  programSegmentEnded,
  type StartAgentRun,
} from '../../schemas/generated/records.ts';
import { topics } from '../../schemas/topics.ts';
import { step as decideOne } from '../kernel/step.ts';
import { metaFor } from '../kernel/testing.ts';
import type { AnyRecord, RecordOf } from '../kernel.ts';
import { decisionOn, denied } from '../testing.ts';
import { agents } from './agents.ts';
import { evolve } from './evolve.ts';
import { absent, type Output, type RunState } from './state.ts';
import { answer, aRun, callDenied, callDone, RUN, someLimits, weather } from './testing.ts';

const processor = agents(schemaProblemsOf());
const CODE = 'weather("Cusco")["celsius"]';

/** A run of the processor that can go through JSON and the log between two records, as it does through a crash. */
class Life {
  state: unknown = absent;
  readonly events: AnyRecord[] = [];
  last: readonly AnyRecord[] = [];
  readonly all: AnyRecord[] = [];

  take(record: AnyRecord): this {
    const after = decideOne(processor, this.state, record, metaFor(record, { place: 'demo/0' }), {});
    this.state = JSON.parse(JSON.stringify(after.state));
    this.last = after.emitted.map(({ record: out }) => out);
    this.all.push(...this.last);
    this.events.push(...this.last.filter(({ type }) => type in topics.agentsEvents.records));
    return this;
  }

  resume(): this {
    const folded = this.events.reduce((state, event) => evolve(state, event as Output), absent as RunState);
    expect(JSON.parse(JSON.stringify(folded))).toEqual(this.state);
    this.state = folded;
    return this;
  }

  only<Type extends AnyRecord['type']>(type: Type): readonly RecordOf<Type>['data'][] {
    return this.all.flatMap((each) => (each.type === type ? [each.data as RecordOf<Type>['data']] : []));
  }

  /** Allows the latest request for a segment. */
  allow(): this {
    const ask = this.only('RunAgentProgram').at(-1);
    if (ask === undefined) throw new Error('no request for a segment');
    return this.take(policyDecided(decisionOn({ type: 'RunAgentProgram', data: ask }).data));
  }

  get types(): readonly string[] {
    return this.last.map(({ type }) => type);
  }

  get end(): AnyRecord | undefined {
    return this.events.at(-1);
  }
}

const program = (changes: Partial<StartAgentRun> = {}) =>
  decisionOn(aRun({ program: CODE, prompt: '', tools: [weather], ...changes }));
const begun = (changes: Partial<StartAgentRun> = {}) => new Life().take(program(changes)).allow();

const segment = (step: number, changes: Partial<ProgramSegmentEnded>): RecordOf<'ProgramSegmentEnded'> =>
  programSegmentEnded({
    ...{ runId: RUN, requestId: `${RUN}/${step}`, step, outcome: 'paused', function: 'weather', printed: '' },
    ...{ arguments: '{"city":"Cusco"}', snapshot: `state ${step}`, value: null, code: null, detail: '' },
    ...{ interpreter: 'Monty', latencyMs: 1, ...changes },
  });
const ended = (step: number, value: string, printed = '') =>
  segment(step, { outcome: 'completed', function: null, arguments: null, snapshot: null, value, printed });
const callOf = (step: number) => agentCallId(RUN, step, 0);

describe('a program in place of a model', () => {
  it('asks policy for each segment, needs no model, and sends the program to the worker once it is allowed', () => {
    const life = new Life().take(program());
    expect(life.types).toEqual(['AgentRunStarted', 'RunAgentProgram']);
    expect(life.last[0]?.data).toMatchObject({ capabilities: ['agents:start:guide', 'tool:execute:weather'] });
    expect(life.last[1]?.data).toMatchObject({ callId: `${RUN}/1`, given: CODE });
    expect(life.allow().types).toEqual(['AgentStepStarted', 'RunProgramSegment']);
    expect(life.last[1]?.data).toMatchObject({
      ...{ code: CODE, snapshot: null, answer: null, error: null },
      functions: [{ name: 'weather', parameters: [] }],
    });
  });

  it('calls a tool as a model does, keeps its snapshot in the event, and goes on from it with the result', () => {
    const life = begun({ labels: ['customer-data'] }).take(segment(1, { printed: 'hello\n' }));
    expect(life.types).toEqual(['AgentStepCompleted', 'CallTool']);
    expect(life.last[0]?.data).toMatchObject({ snapshot: 'state 1', text: 'hello\n', modelId: 'Monty' });
    expect(life.last[1]?.data).toMatchObject({
      ...{ callId: callOf(1), digest: weather.digest, arguments: '{"city":"Cusco"}', runId: RUN },
      labels: ['customer-data'],
    });
    life.take(callDone(callOf(1), { output: '{"celsius":14}', labels: ['untrusted'] }));
    expect(life.types).toEqual(['AgentCallEnded', 'RunAgentProgram']);
    expect(life.last[1]?.data).toMatchObject({
      step: 2,
      given: '{"celsius":14}',
      labels: ['customer-data', 'untrusted'],
    });
    life.allow();
    expect(life.last[1]?.data).toMatchObject({
      code: null,
      snapshot: 'state 1',
      answer: '{"celsius":14}',
      error: null,
    });
    life.take(ended(2, '14', 'bye\n'));
    expect(life.end).toMatchObject({ type: 'AgentRunCompleted', data: { labels: ['customer-data', 'untrusted'] } });
    expect(life.end?.data).toMatchObject({ output: JSON.stringify({ value: 14, printed: 'hello\nbye\n' }) });
  });

  it('is given what policy refuses as an error, and a result that is too long as well', () => {
    const refused = begun()
      .take(segment(1, {}))
      .take(callDenied(callOf(1), 'POLICY_DENIED'))
      .allow();
    expect(refused.last[1]?.data).toMatchObject({ answer: null, error: 'POLICY_DENIED: no' });
    const output = JSON.stringify('x'.repeat(PROGRAM_RESULT_BYTES_MAX));
    const long = begun()
      .take(segment(1, {}))
      .take(callDone(callOf(1), { output }))
      .allow();
    expect(long.last[1]?.data).toMatchObject({
      answer: null,
      error: expect.stringMatching(/^TOOL_OUTPUT_TOO_LARGE: /),
    });
  });

  it('is given an output that only has a name as one that is too long', () => {
    const output = payloadName({ digest: 'ab'.repeat(32), bytes: 100_000 });
    const long = begun()
      .take(segment(1, {}))
      .take(callDone(callOf(1), { output, preview: '[1,' }))
      .allow();
    expect(long.last[1]?.data).toMatchObject({
      answer: null,
      error: 'TOOL_OUTPUT_TOO_LARGE: The result has 100000 bytes; a program is given 32768.',
    });
  });

  it('ends with its own error, with what policy refuses, and at its limit of steps', () => {
    const failed = begun().take(
      segment(1, { outcome: 'failed', function: null, snapshot: null, code: 'SANDBOX_PROGRAM_FAILED', detail: 'why' }),
    );
    expect(failed.end).toMatchObject({ type: 'AgentRunFailed', data: { code: 'SANDBOX_PROGRAM_FAILED', steps: 1 } });
    const life = new Life().take(program());
    const [ask] = life.only('RunAgentProgram');
    if (ask === undefined) throw new Error('no request');
    life.take(policyDecided(decisionOn({ type: 'RunAgentProgram', data: ask }, denied).data));
    expect(life.end).toMatchObject({ type: 'AgentRunFailed', data: { code: 'POLICY_DENIED', steps: 0 } });
    const limits = { ...someLimits, steps: 1 };
    expect(begun({ limits }).take(segment(1, {})).end).toMatchObject({ data: { code: 'AGENT_STEPS_EXHAUSTED' } });
  });

  it('may make the same call as often as its steps allow, and is given an error for a function that is no tool', () => {
    const life = begun({ limits: { ...someLimits, steps: 20 } });
    for (let at = 1; at <= 8; at += 1)
      life
        .take(segment(at, {}))
        .take(callDone(callOf(at)))
        .allow();
    expect(life.take(ended(9, 'null')).end?.type).toBe('AgentRunCompleted');
    const other = begun().take(segment(1, { function: 'mail' }));
    expect(other.types).toEqual(['AgentStepCompleted', 'AgentCallEnded', 'RunAgentProgram']);
    expect(other.last[2]?.data).toMatchObject({ given: expect.stringMatching(/^TOOL_UNKNOWN/) });
  });

  it('has a value that fits the schema of the result', () => {
    const outputSchema = '{"type":"integer"}';
    expect(begun({ outputSchema }).take(ended(1, '14')).end?.type).toBe('AgentRunCompleted');
    expect(begun({ outputSchema }).take(ended(1, '"warm"')).end).toMatchObject({ data: { code: 'SCHEMA_VIOLATION' } });
  });
});

describe('a fork', () => {
  it('begins at the call of the other run with another answer, and runs nothing before it', () => {
    const fork = { runId: 'other', step: 2, snapshot: 'state 2', answer: '{"celsius":-4}', printed: 'hello\n' };
    const life = begun({ fork });
    expect(life.last[1]?.data).toMatchObject({ code: null, snapshot: 'state 2', answer: '{"celsius":-4}' });
    life.take(ended(1, '-4'));
    expect(life.end?.data).toMatchObject({ output: JSON.stringify({ value: -4, printed: 'hello\n' }) });
    expect(life.only('CallTool')).toEqual([]);
  });
});

describe('a model that answers with a program', () => {
  it('starts a child with all tools but the built-in ones, and its result is the result of the call', () => {
    const tools = [weather, programTool];
    const life = new Life().take(decisionOn(aRun({ tools })));
    const [ask] = life.only('AskAgentModel');
    if (ask === undefined) throw new Error('no request');
    life.take(policyDecided(decisionOn({ type: 'AskAgentModel', data: ask }).data));
    life.take(answer(1, [{ name: programTool.modelName, given: { code: CODE } }]));
    expect(life.types).toEqual(['AgentStepCompleted', 'StartChildAgentRun']);
    expect(life.last[0]?.data).toMatchObject({ calls: [{ tool: PROGRAM, callId: callOf(1) }], snapshot: null });
    expect(life.last[1]?.data).toMatchObject({
      ...{ runId: callOf(1), program: CODE, tools: [{ name: 'weather' }], parent: { runId: RUN }, depth: 1 },
    });
  });
});

/** How each call ends, what comes twice, and where a process is killed. */
const plans = fc.record({
  calls: fc.array(fc.record({ refused: fc.boolean(), output: fc.jsonValue(), twice: fc.boolean() }), { maxLength: 6 }),
  kills: fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
});

function live({ calls, kills }: typeof plans extends fc.Arbitrary<infer Value> ? Value : never): Life {
  const life = new Life();
  let records = 0;
  const take = (record: AnyRecord, twice = false): void => {
    for (let nth = 0; nth < (twice ? 2 : 1); nth += 1) {
      life.take(record);
      if (kills[records % kills.length]) life.resume();
      records += 1;
    }
  };
  const allow = (twice: boolean): void => {
    const ask = life.only('RunAgentProgram').at(-1);
    if (ask !== undefined) take(policyDecided(decisionOn({ type: 'RunAgentProgram', data: ask }).data), twice);
  };
  take(program({ limits: { ...someLimits, steps: 20 } }));
  for (const [at, { refused, output, twice }] of calls.entries()) {
    allow(twice);
    take(segment(at + 1, { printed: `${at}\n` }), twice);
    const id = callOf(at + 1);
    take(refused ? callDenied(id, 'POLICY_DENIED') : callDone(id, { output: JSON.stringify(output) }), twice);
  }
  allow(false);
  take(ended(calls.length + 1, '1'));
  return life;
}

describe('for any cut of the log, and any record that comes twice', () => {
  it('each segment runs once, each call is made once, and the end is the same', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const once = { calls: plan.calls.map((call) => ({ ...call, twice: false })), kills: [false] };
        const [cut, whole] = [live(plan), live(once)];
        expect(cut.events).toEqual(whole.events);
        for (const type of ['CallTool', 'RunProgramSegment', 'RunAgentProgram'] as const)
          expect(cut.only(type)).toEqual(whole.only(type));
        expect(cut.only('CallTool')).toHaveLength(plan.calls.length);
        expect(cut.end?.type).toBe('AgentRunCompleted');
      }),
      { numRuns: 100 },
    );
  });
});
