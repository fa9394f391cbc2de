import { describe, expect, it } from 'vitest';
import type { VerifiedConstitution } from '../../schemas/contexts/constitution/document.ts';
import type { ModerateText } from '../../schemas/generated/records.ts';
import { aModeration, aTurn } from '../testing.ts';
import { decide } from './decide.ts';
import { decideAgain } from './replay.ts';
import { document, engineWith, verified } from './testing.ts';

const { rule } = engineWith();
const rules = document.moderation.map(({ id, code, severity }) => ({ id, code, severity }));
const inputs = (constitution: VerifiedConstitution) => ({
  ...{
    constitution,
    switches: new Map(),
    revocations: new Map(),
    tenant: null,
    claim: null,
    history: null,
    engine: null,
    persona: null,
    classifier: null,
  },
});
const meta = { id: '5bd5e0ab-7a7c-5b9c-9b51-36a1f1a4b7a4', key: 'request-1', tenantId: 'acme' };
const decided = (changes: Partial<ModerateText>, constitution = verified) =>
  decide(rule, inputs(constitution), aModeration(changes), meta);

describe('a command whose texts are classified', () => {
  it('is allowed, and its decision has the rules that match each text', () => {
    const [forbid] = document.moderation;
    const pattern = forbid?.pattern ?? '';
    const { data } = decided({ input: ['a cord', `of ${pattern}`] });
    expect(data.decision).toMatchObject({ outcome: 'allow', reasons: ['PERMITTED'] });
    expect(data.moderation).toEqual({
      rules,
      texts: [
        { chars: 6, matched: [], findings: [] },
        {
          chars: 3 + pattern.length,
          matched: [forbid?.id],
          findings: [{ rule: forbid?.id, category: forbid?.code, outcome: 'forbid', score: 1, place: 'input' }],
        },
      ],
    });
  });

  it('is denied without its capability, and for a text that is longer than the rules look', () => {
    expect(decided({ capabilities: [] }).data).toMatchObject({
      ...{ decision: { outcome: 'deny', reasons: expect.arrayContaining(['CAPABILITY_MISSING']) }, moderation: null },
    });
    const long = 'x'.repeat(document.limits.prompt_chars_max + 1);
    expect(decided({ input: ['x', long] }).data).toMatchObject({
      ...{ decision: { outcome: 'deny', reasons: expect.arrayContaining(['PROMPT_TOO_LONG']) }, moderation: null },
    });
  });

  it('is decided again to the same bytes, findings included', () => {
    const record = decided({ input: ['a cord', 'gold'] });
    const again = decideAgain(rule, new Map([[verified.digest, verified]]), {
      record,
      meta: { tenantId: 'acme', timeMs: 1, partition: 0, offset: 0, causationId: meta.id },
    });
    expect(again).toEqual(record);
  });

  it('is the only one with findings in its decision', () => {
    expect(decide(rule, inputs(verified), aTurn('turn-1'), meta).data.moderation).toBeNull();
  });
});
