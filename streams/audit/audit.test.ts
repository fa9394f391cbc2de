import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyRecord, auditRecorded, fullNames, type RecordName } from '../../schemas/generated/records.ts';
import { recordNames, recordOf } from '../../schemas/testing.ts';
import { topicOf } from '../../schemas/topics.ts';
import { createDriver } from '../kernel/driver.ts';
import { aStart, aTurn, decisionOn, denied } from '../testing.ts';
import { audit } from './audit.ts';
import { type Audited, summaryOf } from './summary.ts';

const audited = recordNames.filter((name) => audit.inputs.some(({ name: topic }) => topic === topicOf(name).name));
const recordsOfOne = (record: AnyRecord) => {
  const driver = createDriver({ processors: [audit] });
  const { meta } = driver.append(record);
  driver.run();
  return { meta, records: driver.records('audit.events').map((logged) => logged.record) };
};

describe('audit', () => {
  it('reads every topic of events, decisions and model requests, but its own', () => {
    const commands: RecordName[] = ['StartSession', 'SubmitTurn', 'InferText', 'EmbedText'];
    const ungoverned: RecordName[] = ['EngageKillSwitch', 'ReleaseKillSwitch'];
    expect(recordNames.filter((name) => !audited.includes(name)).sort()).toEqual(
      [...commands, ...ungoverned, 'KillSwitch', 'AuditRecorded'].sort(),
    );
  });

  it('records where the event stands and the digest of its bytes', () => {
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

  it('says when no constitution decided', () => {
    const decision = decisionOn(aTurn('t'), { ...denied, constitutionVersion: '' });
    expect(summaryOf(decision)).toContain('by constitution none');
  });

  it.each(audited)('has one line for any %s, which tells nothing that was said', (name) => {
    const secret = 'what-was-said';
    fc.assert(
      fc.property(recordOf(name), (record) => {
        const data = { ...record.data, ...('text' in record.data && { text: secret }) };
        const told = { ...data, ...('prompt' in record.data && { prompt: secret }) };
        const summary = summaryOf({ ...record, data: told } as unknown as Audited);
        expect(summary).not.toContain(secret);
        expect(summary.length).toBeGreaterThan(0);
      }),
      { numRuns: 20 },
    );
  });
});
