import { describe, expect, it } from 'vitest';
import { constitutionShadowed } from '../../schemas/generated/records.ts';
import { derivedId } from '../../schemas/ids.ts';
import { createDriver } from '../kernel/driver.ts';
import type { AnyRecord } from '../kernel.ts';
import { aSwitch, aTurn, personaRecords } from '../testing.ts';
import { policy } from './policy.ts';
import { activated, document, engineWith, options, published } from './testing.ts';

/** Version 2 has no moderation rules: it allows the gold that version 1 refuses. */
const engine = {
  ...engineWith(),
  verify: ({ version, digest, envelope }: { version: string; digest: string; envelope: string }) =>
    envelope === 'signed'
      ? ({
          status: 'verified',
          version,
          digest,
          document: { ...document, version, moderation: version === '2' ? [] : document.moderation },
        } as const)
      : ({ status: 'unverified', code: 'SIGNATURE_INVALID', detail: '' } as const),
};
const shadow = (version: string | null) =>
  constitutionShadowed({ slot: 'shadow', version, digest: version && `d${version}`, shadowedBy: 'ana' });

function decidedUnder(...before: readonly AnyRecord[]) {
  const driver = createDriver({ processors: [policy(engine, options)] });
  for (const record of [...personaRecords, ...before]) driver.append(record);
  for (const prompt of ['gold', 'wool']) driver.append(aTurn(prompt, { prompt }));
  driver.run();
  return { decisions: driver.records('policy.decisions'), shadows: driver.records('policy.shadow') };
}
const both = [published('1'), activated('1'), published('2')];

describe('a shadow constitution', () => {
  it('is recorded only when its verdict differs, and names the effective decision', () => {
    const { decisions, shadows } = decidedUnder(...both, shadow('2'));
    const [gold] = decisions;
    expect(shadows.map(({ record }) => record.data)).toMatchObject([
      {
        ...{ activeOutcome: 'deny', activeReason: 'MODERATION_GOLD', activeVersion: '1' },
        ...{ shadowOutcome: 'allow', shadowReasons: ['PERMITTED'], shadowVersion: '2', shadowDigest: 'd2' },
        decisionId: gold?.meta.id,
      },
    ]);
  });

  it('changes neither the id nor the bytes of any decision', () => {
    const without = decidedUnder(...both);
    const beside = decidedUnder(...both, shadow('2'));
    expect(without.shadows).toEqual([]);
    expect(beside.decisions).toHaveLength(2);
    for (const [n, { meta }] of beside.decisions.entries()) {
      expect(meta.id).toBe(derivedId(meta.causationId, 'policy', 0));
      expect(Buffer.from(meta.value).length).toBe(Buffer.from(without.decisions[n]?.meta.value ?? []).length);
    }
    expect(beside.decisions.map(({ record }) => verdictOf(record))).toEqual(
      without.decisions.map(({ record }) => verdictOf(record)),
    );
  });

  it('does not exist once it was ended, when its digest differs, or when it was never published', () => {
    for (const none of [
      [...both, shadow('2'), shadow(null)],
      [...both, constitutionShadowed({ slot: 'shadow', version: '2', digest: 'other', shadowedBy: 'ana' })],
      [published('1'), activated('1'), shadow('2')],
      [...both, published('2', { envelope: 'forged' }), shadow('2')],
    ])
      expect(decidedUnder(...none).shadows).toEqual([]);
  });

  it('is verified again when its version is published again', () => {
    const forged = published('2', { envelope: 'forged' });
    expect(decidedUnder(published('1'), activated('1'), forged, shadow('2'), published('2')).shadows).toHaveLength(1);
  });

  it('is not evaluated for commands that a kill switch stopped', () => {
    expect(decidedUnder(...both, shadow('2'), aSwitch('global')).shadows).toEqual([]);
  });
});

const verdictOf = ({ data }: AnyRecord) => {
  const { decisionId: _, ...verdict } = (data as unknown as { decision: { decisionId: string } }).decision;
  return verdict;
};
