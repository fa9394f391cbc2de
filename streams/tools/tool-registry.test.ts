import { describe, expect, it } from 'vitest';
import {
  quarantineTool,
  registerTool,
  removeTool,
  tool,
  toolQuarantined,
  toolRefused,
  toolRegistered,
  toolRemoved,
  toolUpdated,
  updateTool,
} from '../../schemas/generated/records.ts';
import { metaFor, scenarios } from '../kernel/testing.ts';
import { decisionOn, denied } from '../testing.ts';
import { envelopeOf, testReader } from './testing.ts';
import { toolRegistry } from './tool-registry.ts';

const START_MS = Date.UTC(2026, 0, 1);
const { given, when } = scenarios(toolRegistry(testReader), { startMs: START_MS });

const asker = { principal: 'key-1', capabilities: ['tool:*'], credential: null, labels: [] };
const { tenantId } = metaFor(removeTool({ ...asker, toolId: 'x', expectedVersion: null }));
const toolId = `${tenantId}/weather`;
const asked = { ...asker, toolId };
const [first, second] = [envelopeOf(), envelopeOf({ version: '1.1.0' })];
const registering = registerTool({ ...asked, envelope: first, digest: 'd1.0.0' });
const updating = updateTool({ ...asked, envelope: second, digest: 'd1.1.0', expectedVersion: 1 });
const removing = removeTool({ ...asked, expectedVersion: null });
const { place } = metaFor(decisionOn(registering));
const of = (command: Parameters<typeof decisionOn>[0]) => ({
  ...{ toolId, tenantId, principal: 'key-1', decisionId: decisionOn(command).data.decision.decisionId },
});
const registered = toolRegistered({
  ...{ ...of(registering), version: 1, digest: 'd1.0.0', manifest: first, envelope: first },
});
const updated = toolUpdated({ ...of(updating), version: 2, digest: 'd1.1.0', manifest: second, envelope: second });
const removed = toolRemoved({ ...of(removing), version: 2 });
const current = (version: number, digest: string, text: string, status = 'active') =>
  tool({ toolId, tenantId, status, version, digest, manifest: text, envelope: text, changedAt: START_MS, place });
const refusal = (command: Parameters<typeof decisionOn>[0], code: string, version = 0) => [
  { type: 'ToolRefused', data: { code, version, toolId: (command.data as { toolId?: string }).toolId } },
];

describe('a tool', () => {
  it('is registered when policy allows it, for readers that hold all tools as well', () => {
    when(decisionOn(registering)).then(registered, current(1, 'd1.0.0', first));
  });

  it('is refused with the code of the decision, and keeps no state', () => {
    const outcome = when(decisionOn(registering, denied));
    expect(outcome.records).toMatchObject(refusal(registering, 'POLICY_DENIED'));
    expect(outcome.state).toBeUndefined();
  });

  it('is registered once; its next version replaces it', () => {
    expect(given(registered).when(decisionOn(registering)).records).toMatchObject(
      refusal(registering, 'ALREADY_EXISTS', 1),
    );
    given(registered)
      .when(decisionOn(updating))
      .then(updated, current(2, 'd1.1.0', second));
  });

  it('is replaced and removed only where it exists, by the version that is there', () => {
    expect(when(decisionOn(updating)).records).toMatchObject(refusal(updating, 'TOOL_UNKNOWN'));
    expect(when(decisionOn(removing)).records).toMatchObject(refusal(removing, 'TOOL_UNKNOWN'));
    const late = updateTool({ ...updating.data, expectedVersion: 7 });
    expect(given(registered).when(decisionOn(late)).records).toMatchObject(refusal(late, 'PRECONDITION_FAILED', 1));
  });

  it('keeps its versions when it is removed and registered again', () => {
    given(registered)
      .when(decisionOn(removing))
      .then(removed, current(2, 'd1.0.0', first, 'removed'));
    expect(given(registered, removed).when(decisionOn(updating)).records).toMatchObject(
      refusal(updating, 'TOOL_UNKNOWN'),
    );
    expect(given(registered, removed).when(decisionOn(registering)).records).toMatchObject([
      { type: 'ToolRegistered', data: { version: 3 } },
      { type: 'Tool', data: { status: 'active', version: 3 } },
    ]);
  });

  it('needs a signed manifest of its own name and of the digest that is named', () => {
    const cases = [
      [{ envelope: 'no envelope' }, 'SIGNATURE_INVALID'],
      [{ digest: 'other' }, 'TOOL_DIGEST_MISMATCH'],
      [{ envelope: envelopeOf({ name: 'mail' }) }, 'TOOL_INVALID'],
    ] as const;
    for (const [changes, code] of cases) {
      const command = registerTool({ ...registering.data, ...changes });
      expect(when(decisionOn(command)).records).toMatchObject(refusal(command, code));
    }
  });

  it('takes a new version with a changed manifest', () => {
    const foreign = toolRegistered({ ...registered.data, digest: 'another' });
    const same = updateTool({ ...asked, envelope: first, digest: 'd1.0.0', expectedVersion: null });
    expect(given(foreign).when(decisionOn(same)).records).toMatchObject(refusal(same, 'TOOL_INVALID', 1));
  });

  it('is quarantined by what a call found of this manifest, until a new version is approved', () => {
    const finding = {
      toolId,
      place: place ?? '',
      digest: 'd1.0.0',
      callId: 'call-1',
      detail: 'changed',
      code: 'TOOL_DEFINITION_CHANGED',
    };
    const quarantined = toolQuarantined({
      ...{ toolId, tenantId, version: 1, digest: 'd1.0.0', code: 'TOOL_DEFINITION_CHANGED', detail: 'changed' },
      callId: 'call-1',
    });
    given(registered)
      .when(quarantineTool(finding))
      .then(quarantined, current(1, 'd1.0.0', first, 'quarantined'));
    for (const settled of [[registered, quarantined], [registered, updated], []])
      expect(given(...settled).when(quarantineTool(finding)).records).toEqual([]);
    const again = updateTool({ ...asked, envelope: first, digest: 'd1.0.0', expectedVersion: 1 });
    const held = given(registered, quarantined);
    expect(held.when(decisionOn(again)).records).toMatchObject(refusal(again, 'TOOL_QUARANTINED', 1));
    held.when(decisionOn(updating)).then(updated, current(2, 'd1.1.0', second));
  });

  it('does not exist for another tenant', () => {
    const foreign = registerTool({ ...registering.data, toolId: 'another/weather' });
    expect(when(decisionOn(foreign)).records).toMatchObject(refusal(foreign, 'TOOL_UNKNOWN'));
    const theirs = toolRegistered({ ...registered.data, tenantId: 'another' });
    expect(given(theirs).when(decisionOn(removing)).records).toMatchObject(refusal(removing, 'TOOL_UNKNOWN'));
  });

  it('ignores commands of other contexts, and folds a removal of nothing to nothing', () => {
    expect(given(removed).when(decisionOn(removing)).records).toMatchObject(refusal(removing, 'TOOL_UNKNOWN'));
    const { decision } = decisionOn(removing).data;
    const refused = toolRefused({
      ...{ toolId, principal: 'p', code: 'C', detail: '', decision, version: 0 },
      shortfall: null,
    });
    expect(given(refused).when(decisionOn(removing)).records).toMatchObject(refusal(removing, 'TOOL_UNKNOWN'));
  });

  it('has no named version where the manifest is not JSON', () => {
    const odd = toolRegistered({ ...registered.data, manifest: 'knots', digest: 'another' });
    given(odd)
      .when(decisionOn(updating))
      .then(updated, current(2, 'd1.1.0', second));
    const empty = toolRegistered({ ...registered.data, manifest: '{}', digest: 'another' });
    given(empty)
      .when(decisionOn(updating))
      .then(updated, current(2, 'd1.1.0', second));
  });
});
