import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  dropMemory,
  forgetMemory,
  keepMemory,
  linkMemories,
  memoryForgotten,
  memoryLinked,
  memoryRefused,
  memoryRemembered,
  rememberMemory,
} from '../../schemas/generated/records.ts';
import { metaFor, scenarios } from '../kernel/testing.ts';
import { decisionOn, denied } from '../testing.ts';
import { memory } from './memory.ts';

const { given, when } = scenarios(memory, { startMs: Date.UTC(2026, 0, 1) });

const memoryId = 'memory-1';
const asked = { memoryId, space: 'shared', principal: 'key-1', capabilities: ['memory:*'], credential: null };
const content = {
  ...{ space: 'shared', text: 'The office in Cusco closes at six.', source: 'user', tags: ['office'] },
  ...{ metadata: { city: 'Cusco' }, validFrom: 0, validTo: null, supersedes: [] },
};
const remembering = rememberMemory({ ...asked, ...content, labels: ['customer-data'] });
const linking = linkMemories({ ...asked, toId: 'memory-2', relation: 'supports', labels: [] });
const forgetting = forgetMemory({ ...asked, reason: 'it is wrong', labels: [] });
const { tenantId } = metaFor(remembering);
const place = `${tenantId}/0`;
type Deciding = Parameters<typeof decisionOn>[0];
const decisionIdOf = (command: Deciding): string => decisionOn(command).data.decision.decisionId;
const digest = createHash('sha256').update(content.text).digest('hex');
const remembered = memoryRemembered({
  ...{ memoryId, tenantId, principal: 'key-1', callId: null, ...content, labels: ['customer-data'], digest },
  decisionId: decisionIdOf(remembering),
});
const end = { memoryId, principal: 'key-1', reason: 'it is wrong' };
const forgotten = memoryForgotten({ ...end, callId: null, decisionId: decisionIdOf(forgetting) });
const link = { memoryId, toId: 'memory-2', relation: 'supports', principal: 'key-1' };

describe('a memory', () => {
  it('is kept with the digest of its text when policy allows it', () => {
    when(decisionOn(remembering)).then(remembered);
  });

  it('has the labels that were found in its text beside those that were declared', () => {
    const decided = decisionOn(remembering);
    const outcome = when({ ...decided, data: { ...decided.data, labels: ['personal', 'customer-data'] } });
    expect(outcome.records).toMatchObject([{ data: { labels: ['customer-data', 'personal'] } }]);
  });

  it('has the reserved labels of the session that it comes from', () => {
    const decided = decisionOn(remembering);
    const of = (label: string) => ({ label, source: 'output of web', origin: 'web-1' });
    const outcome = when({ ...decided, data: { ...decided.data, flow: [of('untrusted'), of('other')] } });
    expect(outcome.records).toMatchObject([{ data: { labels: ['customer-data', 'untrusted'] } }]);
  });

  it('is refused with the code of the decision, and keeps no state', () => {
    const outcome = when(decisionOn(remembering, denied));
    expect(outcome.records).toMatchObject([{ type: 'MemoryRefused', data: { code: 'POLICY_DENIED' } }]);
    expect(outcome.state).toBeUndefined();
  });

  it('is kept once, and is not brought back by a repeat after it was forgotten', () => {
    given(remembered).when(decisionOn(remembering)).then();
    given(remembered, forgotten).when(decisionOn(remembering)).then();
  });

  it('is linked and forgotten while it is kept', () => {
    given(remembered)
      .when(decisionOn(linking))
      .then(memoryLinked({ ...link, decisionId: decisionIdOf(linking) }));
    given(remembered).when(decisionOn(forgetting)).then(forgotten);
  });

  it('does not exist for another tenant, under another space, and after it was forgotten', () => {
    const unknown = { code: 'MEMORY_UNKNOWN', detail: 'There is no memory of this id.', shortfall: null };
    const refusedOf = (command: Deciding) =>
      memoryRefused({ memoryId, principal: 'key-1', ...unknown, decision: decisionOn(command).data.decision });
    const refused = refusedOf(forgetting);
    when(decisionOn(forgetting)).then(refused);
    given(remembered, forgotten).when(decisionOn(forgetting)).then(refused);
    given(memoryRemembered({ ...remembered.data, tenantId: 'another' }))
      .when(decisionOn(forgetting))
      .then(refused);
    given(memoryRemembered({ ...remembered.data, space: 'another' }))
      .when(decisionOn(linking))
      .then(refusedOf(linking));
  });
});

describe('a call of the tool', () => {
  const keeping = keepMemory({ memoryId, callId: 'call-1', place, principal: 'key-1', ...content, labels: [] });
  const dropping = dropMemory({ ...end, callId: 'call-1', place });

  it('keeps a text once', () => {
    const own = memoryRemembered({ ...remembered.data, callId: 'call-1', labels: [], decisionId: null });
    when(keeping).then(own);
    given(own).when(keeping).then();
  });

  it('forgets a memory of its tenant, and nothing else', () => {
    given(remembered)
      .when(dropping)
      .then(memoryForgotten({ ...end, callId: 'call-1', decisionId: null }));
    when(dropping).then();
    given(memoryRemembered({ ...remembered.data, tenantId: 'another' }))
      .when(dropping)
      .then();
  });
});
