import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultConstitution } from '../../../infra/governance/constitution/default.ts';
import { type Ended, khipu } from '../../support/khipu.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { clientOf, runTurn } from '../support/turn-fixture.ts';

/** Makes all decisions of the earlier tests again, from the log. */
export function describeWhatIf(platform: () => TestPlatform): void {
  describe('recorded decisions', () => {
    let dir = '';
    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), 'khipu-what-if-'));
      await runTurn(clientOf(platform()), 'One more decision.');
    });
    afterAll(() => rmSync(dir, { recursive: true, force: true }));

    const policy = (...args: string[]): Promise<Ended> => khipu(['policy', ...args], platform().env);
    const candidate = (name: string, changes: object): string => {
      const file = join(dir, `${name}.json`);
      writeFileSync(file, JSON.stringify({ ...defaultConstitution, version: name, ...changes }));
      return file;
    };

    test('are the same, byte for byte, when they are made again', async () => {
      const { code, stdout, stderr } = await policy('replay', '--json');
      const report = JSON.parse(stdout);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(report).toMatchObject({
        different: 0,
        notAgain: { 'other-evaluator': 0, 'command-unknown': 0, 'constitution-unknown': 0 },
      });
      expect(report.decisions).toBeGreaterThan(0);
      expect(report.equal).toBe(report.decisions);
    });

    test('show the smallest change that would have turned a denial', async () => {
      const { body } = await clientOf(platform()).start({ persona: 'guid', prompt: 'What is a khipu?' });
      const denied = (body as unknown as { decision: { decision_id: string } }).decision;
      const { code, stdout } = await policy('explain', denied.decision_id, '--json');
      expect(code).toBe(0);
      const { decision, flips } = JSON.parse(stdout);
      expect(decision).toMatchObject({ outcome: 'deny', reasons: expect.arrayContaining(['PERSONA_UNKNOWN']) });
      expect(flips[0]).toMatchObject({ input: 'persona', what: 'name the persona guide' });
      expect((await policy('explain', randomUUID())).stderr).toMatch(/^error DECISION_UNKNOWN: /);
    });

    test('show which verdicts another constitution would turn', async () => {
      const open = candidate('open', { title: 'The same under another name' });
      const same = await policy('what-if', open, '--json', '--fail-on-flips');
      expect(same.code).toBe(0);
      expect(JSON.parse(same.stdout)).toMatchObject({ denyToAllow: 0, allowToDeny: 0, examples: [] });

      const tests = defaultConstitution.tests.filter(({ expect: { outcome } }) => outcome === 'deny');
      const persona = {
        name: 'no persona allowed',
        command: { type: 'StartSession' },
        expect: { outcome: 'allow', reason: 'PERMITTED' },
      };
      const strict = candidate('strict', { personas: ['teacher'], tests: [...tests, persona] });
      const turned = await policy('what-if', strict, '--json', '--fail-on-flips');
      expect(turned.code).toBe(1);
      const report = JSON.parse(turned.stdout);
      expect(report).toMatchObject({ denyToAllow: 0, reasons: [{ reasons: 'PERMITTED → PERSONA_UNKNOWN' }] });
      expect(report.allowToDeny).toBeGreaterThan(0);
    });

    test('are not compared with a constitution that must not be signed', async () => {
      const good = await policy('check', candidate('good', {}), '--json');
      expect({ code: good.code, ...JSON.parse(good.stdout) }).toMatchObject({ code: 0, version: 'good', failed: [] });
      const lax = candidate('lax', { threshold: 0 });
      const checked = await policy('check', lax);
      expect({ code: checked.code, said: checked.stdout }).toMatchObject({
        code: 1,
        said: expect.stringContaining('two cautions together: expected deny SCORE_BELOW_THRESHOLD'),
      });
      expect((await policy('what-if', lax)).stderr).toMatch(/^error CONSTITUTION_TESTS_FAIL: /);
      expect((await policy('check', join(dir, 'missing.json'))).stderr).toMatch(/^error CONSTITUTION_INVALID: /);
    });
  });
}
