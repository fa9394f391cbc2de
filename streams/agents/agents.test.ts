import { describe, expect, it } from 'vitest';
import { schemaProblemsOf } from '../../infra/tools/manifest/schema-problems.ts';
import { agentCallId, handoffTool } from '../../schemas/contexts/agents.ts';
import { payloadName } from '../../schemas/contexts/jobs/payload.ts';
import {
  type AskAgentModel,
  type ChatMessage,
  cancelAgentRun,
  cancelChildAgentRun,
  endChildAgentRun,
  type PolicyDecided,
  type StartAgentRun,
  type StartChildAgentRun,
  slmCompleted,
  timeOutAgentRun,
} from '../../schemas/generated/records.ts';
import { createDriver } from '../kernel/driver.ts';
import { scenarios } from '../kernel/testing.ts';
import type { AnyRecord, RecordOf } from '../kernel.ts';
import { aFinding, aSwitch, decisionOn, denied } from '../testing.ts';
import { agents } from './agents.ts';
import type { Run } from './state.ts';
import {
  answer,
  aRun,
  aRunStarted,
  callDenied,
  callDone,
  failure,
  mail,
  RUN,
  START_MS,
  someLimits,
  weather,
} from './testing.ts';

const { given, when } = scenarios(agents(schemaProblemsOf()), { startMs: START_MS, places: 1 });
const typesOf = (records: readonly AnyRecord[]) => records.map(({ type }) => type);
const only = <Type extends AnyRecord['type']>(
  records: readonly AnyRecord[],
  type: Type,
): readonly RecordOf<Type>['data'][] =>
  records.flatMap((record) => (record.type === type ? [record.data as RecordOf<Type>['data']] : []));

/** A run whose history is decided record by record: each allowed request to the model follows the one before. */
class Play {
  readonly past: AnyRecord[];
  outcome: ReturnType<typeof when>;

  constructor(changes: Partial<StartAgentRun> = {}) {
    this.past = [decisionOn(aRun(changes))];
    this.outcome = when(decisionOn(aRun(changes)));
  }

  next(record: AnyRecord): this {
    this.outcome = given(...this.past).when(record);
    this.past.push(record);
    return this;
  }

  /** The latest request to the model. */
  get asked(): AskAgentModel {
    const [ask] = this.outcome.records.filter(({ type }) => type === 'AskAgentModel');
    if (ask === undefined) throw new Error(`no request among ${typesOf(this.outcome.records).join()}`);
    return ask.data as AskAgentModel;
  }

  allow(changes: Partial<PolicyDecided> = {}): this {
    const decided = decisionOn({ type: 'AskAgentModel', data: this.asked });
    return this.next({ ...decided, data: { ...decided.data, ...changes } });
  }

  get types(): readonly string[] {
    return typesOf(this.outcome.records);
  }

  get end(): { readonly code?: string; readonly detail?: string; readonly output?: string; readonly steps?: number } {
    return (this.outcome.records.find(({ type }) => /^AgentRun(Completed|Failed|Cancelled)$/.test(type))?.data ??
      {}) as never;
  }

  get messages(): readonly ChatMessage[] {
    return this.asked.messages;
  }
}

const toWeather = (city: string, id?: string) => ({
  name: 'weather',
  given: { city },
  ...(id !== undefined && { id }),
});
const idOf = (step: number, nth = 0) => agentCallId(RUN, step, nth);

describe('a run', () => {
  it('starts under a decision, with the capabilities that it needs, and asks the model', () => {
    const { outcome, types, asked } = new Play();
    expect(types).toEqual(['AgentRunStarted', 'AskAgentModel']);
    const [{ capabilities, deadline, depth } = {} as never] = only(outcome.records, 'AgentRunStarted');
    expect({ capabilities, deadline, depth }).toEqual({
      capabilities: ['slm:invoke:default', 'tool:execute:weather', 'tool:execute:mail', 'agents:start:guide'],
      ...{ deadline: START_MS + 60_000, depth: 0 },
    });
    expect(asked).toMatchObject({ callId: `${RUN}/1`, step: 1, tools: ['weather', 'mail', 'agent.handoff'] });
    expect(asked.messages.map(({ role, content }) => [role, content])).toEqual([
      ['system', 'Be brief.'],
      ['user', 'What now?'],
    ]);
  });

  it('is refused with the code of the decision, and may be asked again', () => {
    const outcome = when(decisionOn(aRun(), denied));
    expect(outcome.records).toMatchObject([{ type: 'AgentRunRefused', data: { code: 'POLICY_DENIED' } }]);
    expect(outcome.state).toBeUndefined();
  });

  it('starts once, and does not exist for another tenant', () => {
    given(aRunStarted()).when(decisionOn(aRun())).then();
    const foreign = given(aRunStarted({ tenantId: 'another' })).when(decisionOn(aRun()));
    expect(foreign.records).toMatchObject([{ type: 'AgentRunRefused', data: { code: 'RESOURCE_UNKNOWN' } }]);
  });

  it('offers its tools to the model when policy allows the request', () => {
    const { outcome, types } = new Play().allow();
    expect(types).toEqual(['AgentStepStarted', 'SlmRequested']);
    expect(outcome.records[1]?.data).toMatchObject({
      ...{ origin: 'agents', subjectId: `${RUN}/1`, requestId: `${RUN}/1`, toolChoice: null },
      tools: [{ name: 'weather', parameters: weather.parameters }, { name: 'mail' }, { name: 'agent_handoff' }],
    });
  });

  it('says what the rules of outputs found in an answer of a step', () => {
    const { data } = answer(1, '[redacted]');
    const play = new Play().allow().next(slmCompleted({ ...data, moderation: aFinding }));
    expect(only(play.outcome.records, 'AgentStepCompleted')).toMatchObject([{ step: 1, moderation: aFinding }]);
  });

  it('completes with an answer that asks for no call', () => {
    const play = new Play().allow().next(answer(1, 'Rain.'));
    expect(play.types).toEqual(['AgentStepCompleted', 'AgentRunCompleted']);
    expect(play.end).toMatchObject({ output: 'Rain.', steps: 1, tokens: { prompt: 5, completion: 2 } });
    expect(play.outcome.state).toEqual({ status: 'ended', tenantId: 'demo' });
  });

  it('ends with the code of policy when a request to the model is refused', () => {
    const play = new Play();
    play.next(decisionOn({ type: 'AskAgentModel', data: play.asked }, { ...denied, reasons: ['KILL_SWITCH'] }));
    expect(play.types).toEqual(['AgentRunFailed']);
    expect(play.end).toMatchObject({ code: 'KILL_SWITCH', steps: 0 });
  });

  it('ends with the code of the model when it fails', () => {
    expect(new Play().allow().next(failure(1, 'SLM_UNAVAILABLE')).end.code).toBe('SLM_UNAVAILABLE');
  });
});

describe('the calls of an answer', () => {
  const asking = () => new Play().allow().next(answer(1, [toWeather('Cusco'), { name: 'mail', given: { to: 'ana' } }]));

  it('begin at once, as governed commands with the digest of the start', () => {
    const play = asking();
    expect(play.types).toEqual(['AgentStepCompleted', 'CallTool', 'CallTool']);
    expect(only(play.outcome.records, 'CallTool')).toMatchObject([
      { callId: idOf(1, 0), toolId: 'demo/weather', digest: weather.digest, runId: RUN, arguments: '{"city":"Cusco"}' },
      { callId: idOf(1, 1), toolId: 'demo/mail', digest: mail.digest },
    ]);
  });

  it('are shown to the model in the order of the answer, whichever ends first', () => {
    const [first, second] = [callDone(idOf(1, 0), { output: '"one"' }), callDone(idOf(1, 1), { output: '"two"' })];
    const play = asking().next(second);
    expect(play.types).toEqual(['AgentCallEnded']);
    const other = asking().next(first).next(second);
    play.next(first);
    expect(play.asked).toEqual(other.asked);
    expect(play.messages.slice(2).map(({ role, content, toolCallId }) => [role, content, toolCallId])).toEqual([
      ['assistant', '', null],
      ['tool', '"one"', 'c0'],
      ['tool', '"two"', 'c1'],
    ]);
  });

  it('that are refused or fail are results that the model sees', () => {
    const failed = callDone(idOf(1, 1), { outcome: 'failed', code: 'TOOL_TIMEOUT', detail: 'late', output: null });
    const play = asking()
      .next(callDenied(idOf(1, 0), 'POLICY_DENIED'))
      .next(failed);
    expect(play.messages.slice(3).map(({ content }) => JSON.parse(content) as unknown)).toEqual([
      { error: { code: 'POLICY_DENIED', detail: 'no' } },
      { error: { code: 'TOOL_TIMEOUT', detail: 'late' } },
    ]);
  });

  it('whose output is withheld are results with the code, although the call took place', () => {
    const withheld = callDone(idOf(1, 0), { code: 'TOOL_OUTPUT_REFUSED', detail: 'withheld', output: null });
    const play = asking()
      .next(withheld)
      .next(callDone(idOf(1, 1)));
    expect(JSON.parse(play.messages[3]?.content ?? '')).toEqual({
      error: { code: 'TOOL_OUTPUT_REFUSED', detail: 'withheld' },
    });
  });

  it('whose output only has a name are shown by their beginning and their size', () => {
    const output = payloadName({ digest: 'ab'.repeat(32), bytes: 100_000 });
    const preview = `["${'é'.repeat(4_000)}`;
    const play = asking()
      .next(callDone(idOf(1, 0), { output, preview }))
      .next(callDone(idOf(1, 1)));
    expect(play.messages[3]?.content).toBe(`${preview}… [cut: the whole result has 100000 bytes]`);
  });

  it('that policy refuses are shown again without their arguments, which would refuse the next request as well', () => {
    const play = asking()
      .next(callDenied(idOf(1, 0), 'POLICY_DENIED'))
      .next(callDone(idOf(1, 1)));
    expect(play.messages.at(2)?.toolCalls.map((call) => call.arguments)).toEqual([
      '{"left_out":"arguments that policy refused"}',
      '{"to":"ana"}',
    ]);
  });

  it('are not made with arguments that are not JSON or do not fit, or for a tool that the run does not have', () => {
    const calls = [
      { name: 'weather', given: '{"city"' },
      { name: 'weather', given: { town: 'Cusco' } },
      { name: 'shell', given: {} },
      { name: 'mail', given: '' },
      { name: 'mail', given: `"${'x'.repeat(70_000)}"` },
    ];
    const play = new Play().allow().next(answer(1, calls));
    expect(play.types.filter((type) => type !== 'AgentCallEnded')).toEqual(['AgentStepCompleted', 'AskAgentModel']);
    const ends = only(play.outcome.records, 'AgentCallEnded');
    expect(ends.map(({ code, detail }) => `${code} ${detail}`)).toEqual([
      'TOOL_ARGUMENTS_INVALID The arguments are not JSON.',
      "TOOL_ARGUMENTS_INVALID the value must have required property 'city'",
      'TOOL_UNKNOWN There is no tool shell.',
      "TOOL_ARGUMENTS_INVALID the value must have required property 'to'",
      'TOOL_ARGUMENTS_INVALID The arguments have 70002 bytes; 65536 are allowed.',
    ]);
    expect(play.messages.at(-1)).toMatchObject({ role: 'tool' });
  });

  it('carry the labels of all that the run has seen: of the start, of policy, and of outputs', () => {
    const play = new Play({ labels: ['internal'] }).allow({ labels: ['personal_data'] });
    play.next(answer(1, [toWeather('Cusco')])).next(callDone(idOf(1), { labels: ['untrusted'] }));
    expect(play.asked.labels).toEqual(['internal', 'personal_data', 'untrusted']);
    play.allow().next(answer(2, [{ name: 'mail', given: { to: 'ana' } }]));
    expect(only(play.outcome.records, 'CallTool')).toMatchObject([
      { labels: ['internal', 'personal_data', 'untrusted'] },
    ]);
  });

  it('carry the reserved labels of the session that the rules saw, and children begin with them', () => {
    const of = (label: string) => ({ label, source: 'output of web', origin: 'web-1' });
    const play = new Play().allow({ flow: [of('untrusted'), of('customer-data')] });
    play.next(answer(1, [{ name: 'agent_handoff', given: { prompt: 'go on', tools: [] } }]));
    expect(only(play.outcome.records, 'StartChildAgentRun')).toMatchObject([{ labels: ['untrusted'] }]);
    const decided = decisionOn(aRun());
    const [start] = when({ ...decided, data: { ...decided.data, flow: [of('secret')] } }).records;
    expect(start).toMatchObject({ type: 'AgentRunStarted', data: { labels: ['secret'] } });
  });

  it('have names of ours where the model gives none or the same twice, and are sixteen at most', () => {
    const many = Array.from({ length: 18 }, (_, n) => toWeather(`city ${n}`, n < 2 ? 'same' : ''));
    const play = new Play().allow().next(answer(1, many));
    const [step] = only(play.outcome.records, 'AgentStepCompleted');
    expect(step?.callsLeftOut).toBe(2);
    expect(new Set(step?.calls.map(({ modelCallId }) => modelCallId)).size).toBe(16);
  });

  it('end once: repeats and late ends change nothing', () => {
    const play = asking().next(callDone(idOf(1, 0)));
    play.next(callDone(idOf(1, 0), { output: '"again"' }));
    expect(play.types).toEqual([]);
    play.next(answer(1, 'late'));
    expect(play.types).toEqual([]);
    expect(asking().next(callDone(idOf(7))).types).toEqual([]);
    expect(
      new Play()
        .allow()
        .next(answer(1, 'done'))
        .next(callDone(idOf(1))).types,
    ).toEqual([]);
    expect(new Play().next(callDone(idOf(1), { runId: null })).types).toEqual([]);
  });

  it('show at most 8 KiB of an output, and of the oldest ones nothing once the history is full', () => {
    const long = JSON.stringify('é'.repeat(20_000));
    let play = new Play({ limits: { ...someLimits, steps: 20 } });
    for (let step = 1; step <= 8; step += 1)
      play = play
        .allow()
        .next(answer(step, [toWeather(`city ${step}`)]))
        .next(callDone(idOf(step), { output: long }));
    const results = play.messages.filter(({ role }) => role === 'tool').map(({ content }) => content);
    expect(results[0]).toBe('{"left_out":"a result of 8234 bytes, shown before"}');
    expect(results.at(-1)).toMatch(/é… \[cut: the whole result has 40002 bytes\]$/);
    expect(Buffer.byteLength(JSON.stringify(play.outcome.state))).toBeLessThan(80_000);
  });
});

describe('a run ends at its limit of', () => {
  const limited = (limits: Partial<typeof someLimits>, changes: Partial<StartAgentRun> = {}) =>
    new Play({ limits: { ...someLimits, ...limits }, ...changes });

  it('steps, before it makes calls whose results no step would read', () => {
    const play = limited({ steps: 1 })
      .allow()
      .next(answer(1, [toWeather('Cusco')]));
    expect(play.types).toEqual(['AgentStepCompleted', 'AgentRunFailed']);
    expect(play.end).toMatchObject({ code: 'AGENT_STEPS_EXHAUSTED', steps: 1 });
  });

  it('tokens, and asks for no longer answer than is left', () => {
    const play = limited({ tokens: 10 })
      .allow()
      .next(answer(1, [toWeather('Cusco')]))
      .next(callDone(idOf(1)));
    expect(play.asked.maxTokens).toBe(3);
    play.allow().next(answer(2, [toWeather('Lima')]));
    expect(play.end).toMatchObject({ code: 'AGENT_TOKENS_EXHAUSTED', tokens: { prompt: 10, completion: 4 } });
  });

  it('money, of answers and of calls', () => {
    const answered = answer(1, [toWeather('Cusco')], { cost: '2.000000000' });
    expect(limited({ cost: '1.000000000' }).allow().next(answered).end.code).toBe('AGENT_COST_EXHAUSTED');
    const priced = { tools: [{ ...weather, costMax: '0.600000000' }] };
    const twice = answer(1, [toWeather('Cusco'), toWeather('Lima')], { cost: '0.100000000' });
    const play = limited({ cost: '1.000000000' }, priced).allow().next(twice);
    expect(play.types).toEqual(['AgentStepCompleted', 'CallTool', 'AgentCallEnded']);
    expect(only(play.outcome.records, 'AgentCallEnded')).toMatchObject([{ code: 'AGENT_COST_EXHAUSTED' }]);
    play.next(callDone(idOf(1), { cost: '0.600000000' }));
    expect((play.outcome.state as Run).cost).toBe('0.700000000');
  });

  it('time, whatever it waits for', () => {
    const started = given(decisionOn(aRun()));
    expect(typesOf(started.after(59_999).records)).toEqual([]);
    expect(typesOf(started.after(60_000).records)).toEqual(['TimeOutAgentRun', 'AgentRunFailed']);
    const asked = new Play().allow().next(timeOutAgentRun({ runId: RUN, dueAt: START_MS + 60_000 }));
    expect(asked.types).toEqual(['AgentRunFailed', 'CancelSlmRequest']);
    expect(asked.end.code).toBe('AGENT_DEADLINE');
    expect(new Play().next(timeOutAgentRun({ runId: RUN, dueAt: START_MS })).types).toEqual([]);
  });

  it('identical calls, however their arguments are written', () => {
    const [spaced, plain] = ['{ "city": "Cusco", "at": 1 }', '{"at":1,"city":"Cusco"}'];
    const play = limited({})
      .allow()
      .next(answer(1, [{ name: 'weather', given: spaced }]))
      .next(callDone(idOf(1)));
    play
      .allow()
      .next(answer(2, [{ name: 'weather', given: plain }]))
      .next(callDone(idOf(2)));
    play.allow().next(answer(3, [{ name: 'weather', given: plain }]));
    expect(play.types).toEqual(['AgentStepCompleted', 'AgentRunFailed']);
    expect(play.end.code).toBe('AGENT_LOOP_DETECTED');
  });

  it('the size of what the model is shown', () => {
    const play = new Play({ prompt: 'x'.repeat(60_000) });
    expect(play.types).toEqual(['AgentRunStarted', 'AgentRunFailed']);
    expect(play.end.code).toBe('AGENT_HISTORY_EXHAUSTED');
  });
});

describe('a run with a schema of its result', () => {
  const outputSchema = JSON.stringify({
    type: 'object',
    properties: { celsius: { type: 'number' } },
    required: ['celsius'],
  });
  const begun = () => new Play({ outputSchema }).allow();

  it('asks for answers of that form, and completes with one that fits', () => {
    expect(new Play({ outputSchema }).asked.responseFormat).toMatchObject({
      kind: 'json_schema',
      schema: outputSchema,
    });
    expect(begun().next(answer(1, '{"celsius":14}')).end.output).toBe('{"celsius":14}');
    expect(begun().next(answer(1, '```json\n{"celsius":14}\n```')).end.output).toBe('{"celsius":14}');
  });

  it('asks for text where the provider has no form, and tells the model of the schema', () => {
    const play = begun().next(failure(1, 'SLM_FORMAT_UNSUPPORTED'));
    expect(play.types).toEqual(['AgentFormatDropped', 'AskAgentModel']);
    expect(play.asked).toMatchObject({ callId: `${RUN}/1/text`, responseFormat: null, step: 1 });
    expect(play.messages[1]?.content).toContain(outputSchema);
    const done = play.allow().next(answer('1/text', '{"celsius":1}'));
    expect(done.end.output).toBe('{"celsius":1}');
  });

  it('is repaired twice at most', () => {
    const play = begun().next(answer(1, 'warm'));
    expect(play.types).toEqual(['AgentStepCompleted', 'AgentAnswerRejected', 'AskAgentModel']);
    expect(play.messages.at(-1)?.content).toContain('The answer is not JSON.');
    play.allow().next(answer(2, '{"celsius":"warm"}'));
    expect(play.messages.at(-1)?.content).toContain('/celsius must be number');
    play.allow().next(answer(3, '{}'));
    expect(play.types).toEqual(['AgentStepCompleted', 'AgentRunFailed']);
    expect(play.end.code).toBe('SCHEMA_VIOLATION');
  });
});

describe('a run that hands off', () => {
  const limits = { ...someLimits, tokens: 100, cost: '1.000000000' };
  const handing = (given: unknown, changes: Partial<StartAgentRun> = {}) =>
    new Play({ limits, ...changes }).allow().next(answer(1, [{ name: 'agent_handoff', given }]));
  const wanted = { instructions: 'Look it up.', prompt: 'Rain?', tools: ['weather'] };
  const childId = idOf(1);
  const childEnd = endChildAgentRun({
    ...{ runId: RUN, callId: childId, childId, outcome: 'succeeded', code: null, detail: 'done', output: 'Rain.' },
    ...{ tokens: { prompt: 20, completion: 10 }, cost: '0.250000000', labels: ['untrusted'] },
  });

  it('starts a child with some of its tools and a share of what it has left, as a governed command', () => {
    const [child] = only(handing(wanted).outcome.records, 'StartChildAgentRun');
    expect(child).toMatchObject({
      ...{ runId: childId, prompt: 'Rain?', depth: 1, parent: { runId: RUN, callId: childId }, tools: [weather] },
      limits: { steps: 4, tokens: 93, cost: '0.999999990', wallMs: 60_000, identicalCalls: 3 },
    });
    const started = when(decisionOn({ type: 'StartChildAgentRun', data: child as StartChildAgentRun }));
    expect(typesOf(started.records)).toEqual(['AgentRunStarted', 'AskAgentModel']);
    expect(started.records[0]?.data).toMatchObject({
      capabilities: ['slm:invoke:default', 'tool:execute:weather'],
      ...{ depth: 1, parent: { runId: RUN } },
    });
  });

  it('goes on with the result of the child, whose use and labels are its own', () => {
    const play = handing(wanted).next(childEnd);
    expect(play.types).toEqual(['AgentCallEnded', 'AskAgentModel']);
    expect(play.messages.at(-1)).toMatchObject({ role: 'tool', content: 'Rain.' });
    expect(play.asked.labels).toEqual(['untrusted']);
    expect(play.outcome.state).toMatchObject({ tokens: { prompt: 25, completion: 12 }, cost: '0.250000010' });
  });

  it('sees a child that was refused or failed as an error', () => {
    const [child] = only(handing(wanted).outcome.records, 'StartChildAgentRun');
    const refused = when(decisionOn({ type: 'StartChildAgentRun', data: child as StartChildAgentRun }, denied));
    expect(typesOf(refused.records)).toEqual(['AgentRunRefused', 'EndChildAgentRun']);
    const play = handing(wanted).next(refused.records[1] as AnyRecord);
    expect(play.messages.at(-1)?.content).toMatch(/^\{"error":\{"code":"POLICY_DENIED"/);
  });

  it('passes no tool on that it does not have, and hands off four times below each other', () => {
    const unknown = handing({ prompt: 'x', tools: ['shell'] });
    expect(only(unknown.outcome.records, 'AgentCallEnded')).toMatchObject([{ code: 'TOOL_UNKNOWN' }]);
    const deep = [aRunStarted({ depth: 4, tools: [handoffTool] })];
    const ask = aRun({ tools: [handoffTool] });
    const asked = when(decisionOn(ask)).records[1] as RecordOf<'AskAgentModel'>;
    const end = given(...deep, decisionOn(asked)).when(answer(1, [{ name: 'agent_handoff', given: { prompt: 'x' } }]));
    expect(only(end.records, 'AgentCallEnded')).toMatchObject([{ code: 'AGENT_DEPTH' }]);
  });

  it('that ends ends its children; a child that ends tells its parent', () => {
    const cancel = cancelAgentRun({ runId: RUN, principal: 'ana', reason: 'wrong' });
    const play = handing(wanted).next(cancel);
    expect(play.types).toEqual(['AgentRunCancelled', 'CancelChildAgentRun']);
    const parent = { runId: 'parent', callId: RUN };
    const byParent = given(aRunStarted({ parent })).when(
      cancelChildAgentRun({ runId: RUN, parentId: 'parent', reason: 'AGENT_RUN_CANCELLED' }),
    );
    expect(typesOf(byParent.records)).toEqual(['AgentRunCancelled']);
    const stranger = cancelChildAgentRun({ runId: RUN, parentId: 'stranger', reason: 'x' });
    given(aRunStarted({ parent })).when(stranger).then();
    const byUser = given(aRunStarted({ parent })).when(cancel);
    expect(typesOf(byUser.records)).toEqual(['AgentRunCancelled', 'EndChildAgentRun']);
  });
});

describe('a cancellation', () => {
  const cancel = cancelAgentRun({ runId: RUN, principal: 'ana', reason: 'wrong' });

  it('ends a run and its request to the model', () => {
    const play = new Play().allow().next(cancel);
    expect(play.types).toEqual(['AgentRunCancelled', 'CancelSlmRequest']);
    expect(play.next(answer(1, 'late')).types).toEqual([]);
  });

  it('is refused for a run that has ended, does not exist, or is of another tenant', () => {
    const code = (records: readonly AnyRecord[]) =>
      only(records, 'AgentRunRefused')
        .map(({ code: each }) => each)
        .join();
    expect(code(new Play().allow().next(answer(1, 'done')).next(cancel).outcome.records)).toBe('AGENT_RUN_ENDED');
    expect(code(when(cancel).records)).toBe('RESOURCE_UNKNOWN');
    expect(code(given(aRunStarted({ tenantId: 'another' })).when(cancel).records)).toBe('RESOURCE_UNKNOWN');
  });

  it('has nothing to do for a request that was decided after it', () => {
    const play = new Play();
    const decided = decisionOn({ type: 'AskAgentModel', data: play.asked });
    expect(play.next(cancel).next(decided).types).toEqual([]);
  });
});

describe('a run of a capsule', () => {
  const capsule = { installId: 'demo/guide', capsuleId: 'acme/guide@1.0.0', digest: 'd1', price: null };
  const asking = () => {
    const driver = createDriver({ processors: [agents(schemaProblemsOf())], places: 1 });
    driver.append(decisionOn(aRun({ capsule })));
    driver.run();
    const [request] = driver.records('agents.requests');
    driver.append(decisionOn(request?.record as RecordOf<'AskAgentModel'>));
    driver.run();
    return { driver, request: request?.record };
  };
  const answered = (driver: ReturnType<typeof asking>['driver']) => {
    driver.append(answer(1, [{ name: 'weather', given: { city: 'Cusco' } }]));
    driver.run();
    return {
      calls: driver.records('tools.commands').length,
      end: driver.records('agents.events').find(({ record }) => record.type === 'AgentRunFailed')?.record,
    };
  };

  it('asks its model under the kill switch of the digest', () => {
    const { driver, request } = asking();
    expect(request?.data).toMatchObject({ capsule });
    expect(answered(driver)).toEqual({ calls: 1, end: undefined });
  });

  it('ends before its calls when the capsule was stopped while the model answered', () => {
    const { driver } = asking();
    driver.append(aSwitch('capsule:sha256.d1'));
    driver.run();
    expect(answered(driver)).toMatchObject({ calls: 0, end: { data: { code: 'KILL_SWITCH' } } });
  });
});
