import { expect, it } from 'vitest';
import { defaultConstitution } from '../../../infra/governance/constitution/default.ts';
import { findingsIn, findingsInTurns } from './tool-output.ts';

const rules = {
  moderation: [
    ...defaultConstitution.moderation,
    { id: 'far', pattern: 'gold$', code: 'MODERATION_GOLD', severity: 'forbid', applies_to: ['tool'] },
  ],
  labels: defaultConstitution.labels,
} as const;

/** A row with digits of which none is a number of something, and much of it. */
const rows = Array.from({ length: 400 }, (_, id) => ({ id, note: 'call 4111 1111 1111 1112 or +51 999 12' }));

it('finds the same in a long text in turns as at once, also what lies across two of them', async () => {
  for (const middle of ['', 'ana@example.org', '4111 1111 1111 1111', 'DE89 3704 0044 0532 0130 00'])
    for (const at of [65_530, 131_050]) {
      const padding = 'x'.repeat(at);
      const output = JSON.stringify([padding, middle, rows, 'gold']);
      let turns = 0;
      const inTurns = await findingsInTurns(rules, output, async () => {
        turns += 1;
      });
      expect(inTurns).toEqual(findingsIn(rules, output));
      expect(inTurns.findings.map(({ rule }) => rule)).toContain('far');
      expect(turns).toBeGreaterThan(2);
    }
});

it('finds nothing in a long text without anything', async () => {
  const output = JSON.stringify([rows, rows, rows, rows]);
  expect(await findingsInTurns(rules, output, async () => undefined)).toEqual({ findings: [], labels: [] });
});
