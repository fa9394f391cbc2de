import { describe, expect, it } from 'vitest';
import { projectRoot } from './files.ts';
import { checkGlossary, glossaryProblems } from './glossary.ts';

describe('glossary', () => {
  it.each([
    ['streams/invoicing/invoicing.ts', '', 'streams/invoicing is no context'],
    ['schemas/avro/meter/settle.avsc', '', 'schemas/avro/meter is no context'],
    ['gateways/http/access/routes.ts', '', 'gateways/http/access is no context'],
    ['schemas/contexts/ledger.ts', '', 'schemas/contexts/ledger is no context'],
    ['projections/charges/projection.ts', '', 'has the view charges'],
    ['infra/security/development-keys.ts', "  'money:spend',\n", 'capability prefix money:'],
    ['gateways/http/sessions/routes.ts', 'Takes `chat:begin`.', 'capability prefix chat:'],
    ['infra/kafka/kill.ts', 'const kill' + 'switch = 1;', 'was replaced: use kill-switch'],
    ['infra/runner/x.ts', 'class Held {}', 'was replaced'],
  ])('finds a planted word in %s: %s', (path, text, problem) => {
    expect(glossaryProblems({ path, text }).join()).toContain(problem);
  });

  it.each([
    ['streams/kernel/step.ts', ''],
    ['streams/kill-switch/state.ts', 'const killSwitch = 1;'],
    ['infra/security/development-keys.ts', "  'slm:invoke:*',\n"],
  ])('lets the words of the glossary through: %s', (path, text) => {
    expect(glossaryProblems({ path, text })).toEqual([]);
  });

  it('refuses to say that all is well when it saw few files', () => {
    expect(checkGlossary(projectRoot, 1_000_000).problems.at(-1)).toMatch(/^saw \d+ files, expected/);
  });
});
