import { describe, expect, it } from 'vitest';
import type { ConstitutionStatus } from '../../schemas/contexts/constitution/document.ts';
import { persona, tokensRevoked } from '../../schemas/generated/records.ts';
import { createDriver } from '../kernel/driver.ts';
import type { AnyRecord, RecordOf } from '../kernel.ts';
import { anEmbedding, anInference, aStart, aSwitch, aTenant, aTurn, personaRecords } from '../testing.ts';
import { policy } from './policy.ts';
import type { RecordedDecision } from './recorded-decision.ts';
import { decideAgain, verdictChange } from './replay.ts';
import { activated, document, engineWith, options, permitAll, published, verified } from './testing.ts';

const known = new Map<string, ConstitutionStatus>([['d1', verified]]);
const commands = [
  aStart(),
  aTurn('a', { prompt: 'gold' }),
  aTurn('b'),
  anInference({ prompt: 'silver copper' }),
  anEmbedding(),
];

function recorded(...before: readonly AnyRecord[]): readonly RecordedDecision[] {
  const driver = createDriver({ processors: [policy(engineWith(), options)] });
  for (const record of [...personaRecords, ...before, ...commands]) driver.append(record);
  driver.run();
  return driver
    .records('policy.decisions')
    .map(({ record, meta }) => ({ record: record as RecordOf<'PolicyDecided'>, meta }));
}

describe('a recomputed decision', () => {
  it('equals the one in the log', () => {
    const decisions = recorded(published('1'), activated('1'));
    expect(decisions).toHaveLength(commands.length);
    for (const decision of decisions) expect(decideAgain(permitAll, known, decision)).toEqual(decision.record);
  });

  it('equals it without an active constitution', () => {
    const [decision] = recorded();
    expect(decision?.record.data.decision.reasons).toEqual(['CONSTITUTION_UNVERIFIED', 'CONSTITUTION_NOT_ACTIVATED']);
    expect(decideAgain(permitAll, known, decision as RecordedDecision)).toEqual(decision?.record);
  });

  it('equals it under kill switches, whose events it names', () => {
    const stopped = recorded(published('1'), activated('1'), aSwitch('global'), aSwitch('tenant:demo'));
    expect(stopped[0]?.record.data.decision.reasons).toEqual(['KILL_SWITCH']);
    for (const decision of stopped) expect(decideAgain(permitAll, known, decision)).toEqual(decision.record);
  });

  it('equals it under settings of the tenant and a revocation, which it names', () => {
    const revoked = tokensRevoked({ scope: 'principal:key-1', issuedUntil: 2, revokedBy: 'ana', reason: 'a leak' });
    const turn = aTurn('c', { model: 'small', credential: { sessionId: 'session-1', issuedAt: 1 } });
    for (const [record, reason] of [
      [aTenant([], { status: 'suspended' }), 'TENANT_SUSPENDED'],
      [aTenant([], { models: ['large'] }), 'TENANT_MODEL_NOT_ALLOWED'],
      [revoked, 'TOKEN_REVOKED'],
    ] as const) {
      const decision = recorded(published('1'), activated('1'), record, turn).at(0) as RecordedDecision;
      expect(decision.record.data.decision.reasons).toEqual([reason]);
      expect(decideAgain(permitAll, known, decision)).toEqual(decision.record);
      expect(verdictChange(permitAll, verified, decision)).toBeNull();
    }
  });

  it('equals it after personas were changed or removed, which it records', () => {
    const removed = personaRecords.map(({ data }) => persona({ ...data, version: 2, status: 'removed' }));
    const decisions = recorded(published('1'), activated('1'), ...removed);
    const denied = decisions.filter(({ record }) => record.data.decision.reasons.includes('PERSONA_UNKNOWN'));
    expect(denied.map(({ record }) => record.data.persona?.version)).toEqual(denied.map(() => 0));
    expect(denied.length).toBeGreaterThan(0);
    for (const decision of decisions) expect(decideAgain(permitAll, known, decision)).toEqual(decision.record);
    const lax = { ...verified, document: { ...document, personas: ['*'] } };
    for (const decision of denied) expect(verdictChange(permitAll, lax, decision)).toBeNull();
  });

  it('differs when a record was changed afterwards', () => {
    const [decision] = recorded(published('1'), activated('1')) as readonly [RecordedDecision];
    const { record, meta } = decision;
    const forged = {
      record: { ...record, data: { ...record.data, decision: { ...record.data.decision, score: 0.5 } } },
      meta,
    };
    expect(decideAgain(permitAll, known, forged)).not.toEqual(forged.record);
  });

  it('is not attempted with another evaluator or without its constitution', () => {
    const [decision] = recorded(published('1'), activated('1')) as readonly [RecordedDecision];
    const { record, meta } = decision;
    const older = { record: { ...record, data: { ...record.data, evaluatorVersion: 'khipu-policy/0' } }, meta };
    expect(decideAgain(permitAll, known, older)).toBe('other-evaluator');
    expect(decideAgain(permitAll, new Map(), decision)).toBe('constitution-unknown');
  });
});

describe('another constitution', () => {
  const decisions = recorded(published('1'), activated('1'));
  const under = (changes: Partial<typeof document>) =>
    decisions
      .map((decision) =>
        verdictChange(permitAll, { ...verified, digest: 'd2', document: { ...document, ...changes } }, decision),
      )
      .filter((flip) => flip !== null);

  it('changes no verdict when it is equal', () => {
    expect(under({})).toEqual([]);
  });

  it('changes no verdict of a kill switch', () => {
    const [stopped] = recorded(published('1'), activated('1'), aSwitch('global'));
    expect(verdictChange(permitAll, verified, stopped as RecordedDecision)).toBeNull();
  });

  it.each([
    ...['KILL_SWITCH', 'TOKEN_REVOKED', 'TENANT_SUSPENDED', 'TENANT_MODEL_NOT_ALLOWED'],
    ...['BUDGET_EXCEEDED', 'BUDGET_TOO_SMALL', 'SESSION_HISTORY_FULL'],
    ...['POLICY_ENGINE_DENIED', 'POLICY_ENGINE_UNAVAILABLE', 'POLICY_ENGINE_INVALID'],
  ])('changes no verdict whose deciding reason is %s', (reason) => {
    const { record, meta } = decisions[0] as RecordedDecision;
    const refused = (first: string): RecordedDecision => {
      const decision = { ...record.data.decision, outcome: 'deny', reasons: [first, reason] } as const;
      return { record: { ...record, data: { ...record.data, decision } }, meta };
    };
    expect(verdictChange(permitAll, verified, refused(reason))).toBeNull();
    expect(verdictChange(permitAll, verified, refused('MODERATION_GOLD'))).toMatchObject({ to: 'allow' });
  });

  it('changes verdicts, each reported with the reason before and after', () => {
    const byReason = under({ moderation: [] }).sort((a, b) => a.reasonBefore.localeCompare(b.reasonBefore));
    expect(byReason).toMatchObject([
      { from: 'deny', to: 'allow', reasonBefore: 'MODERATION_GOLD', reasonAfter: 'PERMITTED' },
      { from: 'deny', to: 'allow', reasonBefore: 'SCORE_BELOW_THRESHOLD', reasonAfter: 'PERMITTED' },
    ]);
    expect(under({ personas: ['teacher'] })).toMatchObject([
      { commandType: 'khipu.sessions.StartSession', from: 'allow', to: 'deny', reasonAfter: 'PERSONA_UNKNOWN' },
      { commandType: 'khipu.sessions.SubmitTurn', from: 'allow', to: 'deny', reasonAfter: 'PERSONA_UNKNOWN' },
    ]);
  });
});
