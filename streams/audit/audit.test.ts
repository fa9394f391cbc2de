import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AnyRecord,
  auditRecorded,
  fullNames,
  type RecordName,
  turnDelta,
} from '../../schemas/generated/records.ts';
import { recordNames, recordOf } from '../../schemas/testing.ts';
import { topicOf, topics } from '../../schemas/topics.ts';
import { metered } from '../escrow-testing.ts';
import { createDriver } from '../kernel/driver.ts';
import { aStart, aTurn, decisionOn, denied } from '../testing.ts';
import { audit } from './audit.ts';
import { summaryOf } from './summary.ts';

const audited = recordNames.filter((name) => audit.inputs.some(({ name: topic }) => topic === topicOf(name).name));
const recordsOfOne = (record: AnyRecord) => {
  const driver = createDriver({ processors: [audit] });
  const { meta } = driver.append(record);
  driver.run();
  return { meta, records: driver.records('audit.events').map((logged) => logged.record) };
};

/** The fields of tenants, roles and principals that appear in their lines. */
const entry = {
  ...{ tenantId: 'acme', name: 'reader', status: 'active' },
  ...{ capabilities: ['a', 'b'], roles: ['reader', 'auditor'] },
};

describe('audit', () => {
  it('reads every topic of facts and the model requests, except its own; no shadow decisions, no deltas, no pieces of files, no figures, no anomalies and no answers to operators', () => {
    const unread = recordNames.filter((name) => {
      const { kind, name: topic } = topicOf(name);
      return kind === 'state' || (kind === 'commands' && topic !== topics.slmRequests.name);
    });
    expect(unread).toEqual(
      expect.arrayContaining(['StartSession', 'InferText', 'RevokeTokens', 'TimeOutTurn', 'KillSwitch', 'ApiKey']),
    );
    expect(recordNames.filter((name) => !audited.includes(name)).sort()).toEqual(
      [
        ...[...unread, 'ShadowDecided', 'AuditRecorded', 'TurnDelta', 'FilePiece', 'DeadLettersRead'],
        ...[
          'WindowMeasured',
          'SourceJoined',
          'SeriesMeasured',
          'SeriesReviewed',
          'AnomalyDetected',
          'KillSwitchSuggested',
        ],
      ].sort(),
    );
  });

  it('records the position of the event and the digest of its bytes', () => {
    const decision = decisionOn(aStart());
    const { meta, records } = recordsOfOne(decision);
    expect(records).toEqual([
      auditRecorded({
        subjectId: 'session-1',
        eventId: meta.id,
        eventType: fullNames.PolicyDecided,
        topic: 'policy.decisions',
        partition: meta.partition,
        offset: 0,
        tenantId: 'demo',
        correlationId: meta.correlationId,
        causationId: meta.causationId,
        at: meta.timeMs,
        valueSha256: createHash('sha256').update(meta.value).digest('hex'),
        summary: 'StartSession by key-1: allow (PERMITTED; score 0.970) by constitution 1.0.0',
      }),
    ]);
  });

  it('reports that no constitution decided', () => {
    const decision = decisionOn(aTurn('t'), { ...denied, constitutionVersion: '', reasons: ['A', 'B'] });
    expect(summaryOf(decision)).toBe('SubmitTurn by key-1: deny (A, B; score 0.970) by constitution none');
  });

  it.each(audited)('has one line for any %s, without the content of texts', (name) => {
    const secret = 'secret-content';
    fc.assert(
      fc.property(recordOf(name), (record) => {
        const data = { ...record.data, ...('text' in record.data && { text: secret }) };
        const changed = { ...data, ...('prompt' in record.data && { prompt: secret }) };
        const summary = summaryOf({ ...record, data: changed } as unknown as AnyRecord);
        expect(summary).not.toContain(secret);
        expect(summary.length).toBeGreaterThan(0);
      }),
      { numRuns: 20 },
    );
  });

  it.each<[RecordName, RegExp]>([
    ['SessionStarted', /^session started by p with persona guide$/],
    ['SessionRefused', /^session refused to p: C$/],
    ['ConversationOpened', /^conversation opened with persona guide$/],
    ['TurnQueued', /^turn t queued behind 3 turns$/],
    ['TurnStarted', /^turn t started, prompt of 6 characters$/],
    ['TurnCompleted', /^turn t completed by m, 5 \+ 7 tokens$/],
    ['TurnFailed', /^turn t failed: C$/],
    ['TurnRefused', /^turn t refused: C$/],
    ['InferenceCompleted', /^inference completed by m, 5 \+ 7 tokens$/],
    ['EmbeddingCompleted', /^2 embeddings by m, 5 \+ 7 tokens$/],
    ['InferenceFailed', /^inference failed: C$/],
    ['InferenceRefused', /^inference refused: C$/],
    ['SlmRequested', /^model default asked for at most 9 tokens under decision d$/],
    ['SlmEmbeddingRequested', /^model default asked for 2 embeddings under decision d$/],
    ['SlmCompleted', /^m answered, 5 \+ 7 tokens$/],
    ['SlmEmbedded', /^m embedded 2 texts$/],
    ['SlmFailed', /^the model failed at attempt 2: C$/],
    ['SlmMetered', /^completed: 5 \+ 7 tokens of m cost 0\.01 USD$/],
    ['ConstitutionPublished', /^constitution 1 published, sha256 f00d$/],
    ['ConstitutionActivated', /^constitution 1 activated, sha256 f00d$/],
    ['ConstitutionProposed', /^constitution 1 proposed by ana, sha256 f00d$/],
    ['ConstitutionReviewed', /^constitution 1 reviewed by ben: approve$/],
    ['ConstitutionSigned', /^constitution 1 signed with key k, sha256 f00d$/],
    ['ConstitutionShadowed', /^constitution 1 set as shadow by ana$/],
    ['ConstitutionRefused', /^constitution 1 not changed for p: C$/],
  ])('says of a %s what an auditor asks first', (type, line) => {
    const facts = {
      ...{ principal: 'p', persona: 'guide', code: 'C', turnId: 't', position: 3, prompt: 'prompt', text: 'text' },
      ...{ attempt: 2, modelId: 'm', model: null, tokensConsumed: { prompt: 5, completion: 7 } },
      ...{ vectors: [[1], [2]], input: ['a', 'b'], maxTokens: 9, decisionId: 'd', outcome: 'completed' },
      ...{ cost: '0.01', currency: 'USD', version: '1', digest: 'f00d', deltas: null },
      ...{ proposedBy: 'ana', reviewer: 'ben', verdict: 'approve', keyId: 'k', shadowedBy: 'ana', subject: '1' },
    };
    expect(summaryOf({ type, data: facts } as unknown as AnyRecord)).toMatch(line);
  });

  it.each<[RecordName, string, object]>([
    ['KillSwitchReleased', 'kill switch global released by ben: a fix is out', { proposedBy: null }],
    ['KillSwitchReleased', 'kill switch global released by ana and ben: a fix is out', { proposedBy: 'ana' }],
    ['SessionRemembered', 'remembered of session s: 1 labels, 2 sequences', { shadow: false }],
    ['SessionRemembered', 'the shadow remembers of session s: 1 labels, 2 sequences', { shadow: true }],
    ['TenantDefined', 'tenant acme created by ana: active', { tenant: { ...entry, version: 1 } }],
    ['TenantDefined', 'tenant acme changed to version 2 by ana: active', { tenant: { ...entry, version: 2 } }],
    ['RoleDefined', 'role reader created by ana, 2 capabilities', { role: { ...entry, version: 1 } }],
    ['RoleDefined', 'role reader changed to version 3 by ana, 2 capabilities', { role: { ...entry, version: 3 } }],
    [
      'PrincipalDefined',
      'users/u created by ana: active, roles reader, auditor',
      { subject: { ...entry, version: 1 } },
    ],
    [
      'PrincipalDefined',
      'users/u changed to version 4 by ana: active, roles none',
      { subject: { ...entry, version: 4, roles: [] } },
    ],
  ])('says of a %s what changed and by whom: %s', (type, line, changes) => {
    const facts = {
      ...{ scope: 'global', reason: 'a fix is out', releasedBy: 'ben' },
      ...{ sessionId: 's', labels: ['private'], sequences: [{}, {}], entryId: 'users/u', by: 'ana' },
    };
    expect(summaryOf({ type, data: { ...facts, ...changes } } as unknown as AnyRecord)).toBe(line);
  });

  it('has no line for a record that is not audited', () => {
    expect(() => summaryOf(aStart())).toThrow('StartSession is not audited');
  });

  it('has one record for a stretch of deltas: their number, their length and the digest of their text', () => {
    const driver = createDriver({ processors: [audit] });
    const deltas = ['A khipu ', 'is a ', 'record.'];
    for (const text of deltas)
      driver.append(turnDelta({ sessionId: 'session-1', turnId: 't', turnSequence: 2, attempt: 1, start: 0, text }), {
        place: 'demo/0',
      });
    const textSha256 = createHash('sha256').update(deltas.join('')).digest('hex');
    driver.append(metered('t', { tokens: 12, cost: '0.000002400' }, { deltas: { count: 3, chars: 20, textSha256 } }), {
      place: 'demo/0',
    });
    driver.run();
    const records = driver.records('audit.events').map(({ record }) => record.data);
    expect(records).toMatchObject([
      { summary: expect.stringMatching(new RegExp(`USD; 3 deltas, 20 characters, sha256 ${textSha256}$`)) },
    ]);
  });

  it('reports the answer of an external engine', () => {
    const answer = { ...{ engineDecisionId: null, latencyMs: 3 }, outcome: 'deny', reasons: ['freeze'], detail: '' };
    const lineOf = (changes: object) =>
      summaryOf({
        type: 'PolicyEngineAnswered',
        data: { command: aTurn('t'), answer: { ...answer, ...changes } },
      } as unknown as AnyRecord);
    expect(lineOf({})).toBe('external engine on SubmitTurn: deny, freeze');
    expect(lineOf({ outcome: 'unavailable', reasons: [], detail: 'answers 500' })).toMatch(
      /: unavailable, answers 500$/,
    );
  });

  it('names the requested model', () => {
    const asked = { model: 'large', maxTokens: 9, input: ['a'], decisionId: 'd' };
    for (const type of ['SlmRequested', 'SlmEmbeddingRequested'])
      expect(summaryOf({ type, data: asked } as unknown as AnyRecord)).toMatch(/^model large asked/);
  });
});
