import { describe, expect, it } from 'vitest';
import type { ConstitutionDocument } from '../../schemas/contexts/constitution/document.ts';
import { payloadName } from '../../schemas/contexts/jobs/payload.ts';
import type { ToolFacts } from '../../schemas/contexts/tools.ts';
import {
  callTool,
  runToolCall,
  tool,
  toolCallBegan,
  toolCallCompleted,
  toolCallEnded,
  toolCallRequested,
  toolCallStarted,
} from '../../schemas/generated/records.ts';
import { metaFor, scenarios } from '../kernel/testing.ts';
import type { AnyRecord } from '../kernel.ts';
import { activated, document, published } from '../policy/testing.ts';
import { allowed, decisionOn, denied } from '../testing.ts';
import type { CallState } from './call.ts';
import { envelopeOf, testReader } from './testing.ts';
import { tools } from './tools.ts';

/** Withholds outputs with `gold`, labels those with a mail address, and marks those with `silver`. */
const rules: ConstitutionDocument = {
  ...document,
  moderation: [
    { id: 'no-gold', pattern: 'gold', code: 'MODERATION_GOLD', severity: 'forbid', applies_to: ['tool'] },
    { id: 'careful', pattern: 'silver', code: 'MODERATION_SILVER', severity: 'caution', applies_to: ['tool'] },
    { id: 'inputs', pattern: 'copper', code: 'MODERATION_COPPER', severity: 'forbid' },
  ],
  labels: [{ id: 'mail', detector: 'email-address', label: 'personal_data', applies_to: ['input', 'tool'] }],
};
const processor = tools(testReader, ({ version, digest }) => ({
  ...{ status: 'verified', version, digest, document: rules },
}));
const { given: givenAlone } = scenarios(processor, { startMs: Date.UTC(2026, 0, 1) });
const given = (...records: readonly AnyRecord[]) => givenAlone(published('1'), activated('1'), ...records);
const when = (record: AnyRecord) => given().when(record);

const callId = 'call-1';
const asked = {
  ...{ callId, principal: 'key-1', capabilities: ['tool:*'], credential: null, labels: ['customer-data'] },
  ...{
    digest: 'd1.0.0',
    arguments: '{"city":"Cusco"}',
    costMax: '0.000000000',
    effect: 'irreversible',
    runId: null,
    capsuleId: null,
    purpose: 'call',
  },
};
const { tenantId } = metaFor(callTool({ ...asked, toolId: 'x' }));
const toolId = `${tenantId}/weather`;
const calling = callTool({ ...asked, toolId });
const defined = (facts: Partial<ToolFacts> = {}, status = 'active') => {
  const envelope = envelopeOf(facts);
  const of = { toolId, tenantId, status, version: 4, digest: 'd1.0.0' };
  return tool({ ...of, manifest: envelope, envelope, changedAt: 0, place: `${tenantId}/1` });
};
const decisionId = decisionOn(calling).data.decision.decisionId;
const call = {
  ...{ callId, toolId, digest: 'd1.0.0', principal: 'key-1', arguments: asked.arguments, decisionId, purpose: 'call' },
};
const requestedOf = (effect: string) =>
  toolCallRequested({
    ...{ ...call, tenantId, toolVersion: 4, sessionId: null, effect, tier: 'declared', labels: ['customer-data'] },
    costMax: '0.000000000',
    chain: null,
    runId: null,
  });
const requested = requestedOf('read');
const began = { callId, attempt: 1, tier: 'declared', walls: ['egress-broker'] };
const end = {
  ...{
    callId,
    attempt: 1,
    outcome: 'succeeded',
    code: null,
    detail: 'done',
    output: '{}',
    preview: null,
    verified: false,
  },
  ...{ tier: 'declared', walls: [], latencyMs: 3, requests: [], cost: '0.000000000', labels: [], rate: null },
};
const refusal = (code: string) => [{ type: 'ToolCallRefused', data: { callId, code } }];

describe('a call', () => {
  it('is requested and handed to the worker in one step when policy allows it', () => {
    given(defined())
      .when(decisionOn(calling))
      .then(
        requested,
        runToolCall({ ...call, envelope: envelopeOf(), chain: null, sessionId: null, labels: ['customer-data'] }),
      );
  });

  it('is refused with the code of the decision, and may be asked again', () => {
    const outcome = given(defined()).when(decisionOn(calling, denied));
    expect(outcome.records).toMatchObject(refusal('POLICY_DENIED'));
    expect(outcome.state).toBeUndefined();
  });

  it('is refused where the tool does not exist, was removed, or is of another tenant', () => {
    expect(when(decisionOn(calling)).records).toMatchObject(refusal('TOOL_UNKNOWN'));
    expect(given(defined({}, 'removed')).when(decisionOn(calling)).records).toMatchObject(refusal('TOOL_UNKNOWN'));
    const theirs = tool({ ...defined().data, toolId: 'another/weather', tenantId: 'another' });
    const foreign = callTool({ ...calling.data, toolId: 'another/weather' });
    expect(given(theirs).when(decisionOn(foreign)).records).toMatchObject(refusal('TOOL_UNKNOWN'));
  });

  it('never runs under another manifest, an unsigned one, or one that costs more than was reserved', () => {
    const other = callTool({ ...calling.data, digest: 'another' });
    expect(given(defined()).when(decisionOn(other)).records).toMatchObject(refusal('TOOL_CHANGED'));
    const unsigned = tool({ ...defined().data, envelope: 'no envelope' });
    expect(given(unsigned).when(decisionOn(calling)).records).toMatchObject(refusal('SIGNATURE_INVALID'));
    expect(given(defined({ cost: '0.500000000' })).when(decisionOn(calling)).records).toMatchObject(
      refusal('TOOL_CHANGED'),
    );
  });

  it('is refused for data with a label that the tool does not take', () => {
    const decided = decisionOn(calling);
    const labelled = { ...decided, data: { ...decided.data, labels: ['customer-data'] } };
    expect(given(defined({ labelsIn: [] })).when(labelled).records).toMatchObject(refusal('TOOL_LABEL_REFUSED'));
    expect(given(defined({ labelsIn: ['customer-data'] })).when(labelled).records).toHaveLength(2);
  });

  it('gives the worker the reserved labels of the session that the rules saw', () => {
    const decided = decisionOn(calling);
    const of = (label: string) => ({ label, source: 'output of web', origin: 'web-1' });
    const flowing = { ...decided, data: { ...decided.data, flow: [of('untrusted'), of('other')] } };
    const run = given(defined())
      .when(flowing)
      .records.find(({ type }) => type === 'RunToolCall');
    expect(run?.data).toMatchObject({ labels: ['customer-data', 'untrusted'] });
  });

  it('carries the session of the token that asked', () => {
    const ofSession = callTool({ ...calling.data, credential: { sessionId: 's', issuedAt: 0 } });
    expect(given(defined()).when(decisionOn(ofSession)).records[0]).toMatchObject({ data: { sessionId: 's' } });
  });

  it('starts and completes as the worker says, with its tool, and then has no state', () => {
    given(requested).when(toolCallBegan(began)).then(toolCallStarted(began));
    const outcome = given(requested, toolCallStarted(began)).when(toolCallEnded({ ...end, check: null }));
    outcome.then(toolCallCompleted({ ...end, toolId, sessionId: null, runId: null, findings: [], refusal: null }));
    expect(outcome.state).toBeUndefined();
    given(requested)
      .when(toolCallEnded({ ...end, check: null }))
      .then(toolCallCompleted({ ...end, toolId, sessionId: null, runId: null, findings: [], refusal: null }));
  });

  it('ignores a repeat while it runs, and what the worker says of a call that ended', () => {
    given(requested).when(decisionOn(calling)).then();
    when(toolCallBegan(began)).then();
    when(toolCallEnded({ ...end, check: null })).then();
  });

  it('runs once when it is irreversible, however late a repeat is', () => {
    const outcome = given(requestedOf('irreversible')).when(toolCallEnded({ ...end, check: null }));
    expect(outcome.state).toEqual({ status: 'kept' } satisfies CallState);
    const done = [
      requestedOf('irreversible'),
      toolCallCompleted({ ...end, toolId, sessionId: null, runId: null, findings: [], refusal: null }),
    ];
    given(defined({ effect: 'irreversible' }), ...done)
      .when(decisionOn(calling, allowed))
      .then();
    given(...done)
      .when(toolCallBegan(began))
      .then();
    given(...done, toolCallStarted(began))
      .when(toolCallEnded({ ...end, check: null }))
      .then();
  });
});

describe('the output of a call', () => {
  const completedWith = (output: string | null, changes: object = {}) =>
    given(requested).when(toolCallEnded({ ...end, check: null, output, ...changes })).records[0]?.data;

  it('is withheld by a rule that forbids: the call took place, and the record names rule and constitution', () => {
    expect(completedWith('{"found":"Go\u00adLD"}', { cost: '0.100000000' })).toMatchObject({
      ...{ outcome: 'succeeded', code: 'TOOL_OUTPUT_REFUSED', output: null, cost: '0.100000000' },
      findings: [{ rule: 'no-gold', category: 'MODERATION_GOLD', outcome: 'forbid', score: 1, place: 'tool' }],
      refusal: { constitutionVersion: '1', constitutionDigest: 'd1', finding: { rule: 'no-gold' } },
    });
  });

  it('has the labels of what was found in it, in keys and values, beside its own', () => {
    expect(completedWith('{"ana@example.org":1}', { labels: ['public'] })).toMatchObject({
      ...{ code: null, output: '{"ana@example.org":1}', labels: ['public', 'personal_data'], refusal: null },
      findings: [{ rule: 'mail', category: 'personal_data', outcome: 'label' }],
    });
  });

  it('passes with a caution, and is not subject to rules of inputs', () => {
    expect(completedWith('{"metal":"silver, copper"}')).toMatchObject({
      ...{ code: null, output: '{"metal":"silver, copper"}', labels: [], refusal: null },
      findings: [{ rule: 'careful', outcome: 'caution' }],
    });
  });

  describe('that only has a name', () => {
    const name = payloadName({ digest: 'ab'.repeat(32), bytes: 100_000 });
    const check = (outcome: string) => ({
      ...{ constitutionVersion: '7', constitutionDigest: 'd7' },
      findings: [{ rule: 'r', category: 'c', outcome, score: 1, place: 'tool' }],
    });

    it('has what its worker found in the whole, and its beginning', () => {
      expect(completedWith(name, { preview: '[1,', check: check('caution') })).toMatchObject({
        ...{ code: null, output: name, preview: '[1,', labels: [], refusal: null, findings: [{ outcome: 'caution' }] },
      });
    });

    it('is refused under the constitution that its worker had', () => {
      expect(completedWith(null, { check: check('forbid') })).toMatchObject({
        ...{ code: 'TOOL_OUTPUT_REFUSED', output: null, preview: null },
        refusal: { constitutionVersion: '7', constitutionDigest: 'd7', finding: { rule: 'r' } },
      });
    });

    it('is withheld without a check of it', () => {
      for (const output of [name, '{}'])
        expect(completedWith(output, { preview: '[1,' })).toMatchObject({
          ...{ code: 'OUTPUT_UNCHECKED', output: null, preview: null },
        });
    });
  });

  it('that is missing has no findings', () => {
    expect(completedWith(null, { outcome: 'failed', code: 'TOOL_FAILED' })).toMatchObject({
      ...{ outcome: 'failed', code: 'TOOL_FAILED', findings: [], refusal: null },
    });
  });

  it('is withheld while no constitution is verified', () => {
    expect(givenAlone(requested).when(toolCallEnded({ ...end, check: null })).records[0]?.data).toMatchObject({
      ...{ outcome: 'succeeded', code: 'OUTPUT_UNCHECKED', output: null, findings: [], refusal: null },
    });
  });
});

describe('a definition that the server has changed', () => {
  const changed = { ...end, outcome: 'failed', code: 'TOOL_DEFINITION_CHANGED', detail: 'another description' };

  it('ends the call, and reaches the registry in the place of the tool', () => {
    const { records } = given(defined(), requested).when(toolCallEnded({ ...changed, check: null }));
    expect(records).toMatchObject([
      { type: 'ToolCallCompleted', data: { callId, toolId, code: 'TOOL_DEFINITION_CHANGED' } },
      { type: 'QuarantineTool', data: { toolId, place: `${tenantId}/1`, digest: 'd1.0.0', callId } },
    ]);
  });

  it('stops further calls of a quarantined tool, while it may still be compared', () => {
    const quarantined = given(defined({}, 'quarantined'));
    expect(quarantined.when(decisionOn(calling)).records).toMatchObject(refusal('TOOL_QUARANTINED'));
    const check = callTool({ ...calling.data, purpose: 'check' });
    expect(given(defined({ effect: 'write' }, 'quarantined')).when(decisionOn(check)).records).toMatchObject([
      { type: 'ToolCallRequested', data: { effect: 'read', purpose: 'check' } },
      { type: 'RunToolCall', data: { purpose: 'check' } },
    ]);
  });
});

describe('a question to a server that no tool names', () => {
  const asking = callTool({ ...calling.data, toolId: `${tenantId}/tool-registry`, digest: '', purpose: 'connect' });

  it('is handed to the worker without a manifest when policy allows it', () => {
    expect(when(decisionOn(asking)).records).toMatchObject([
      { type: 'ToolCallRequested', data: { purpose: 'connect', effect: 'read', toolVersion: 0 } },
      { type: 'RunToolCall', data: { purpose: 'connect', envelope: '', digest: '' } },
    ]);
  });

  it('is no way to call a tool, nor to a tool of another tenant', () => {
    const call = callTool({ ...asking.data, purpose: 'call' });
    const foreign = callTool({ ...asking.data, toolId: 'another/tool-registry' });
    for (const each of [call, foreign])
      expect(when(decisionOn(each)).records).toMatchObject([
        { type: 'ToolCallRefused', data: { code: 'TOOL_UNKNOWN' } },
      ]);
  });
});
