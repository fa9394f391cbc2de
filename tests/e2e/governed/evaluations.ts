import { describe, expect, test } from 'vitest';
import { until } from '../../support/api-client.ts';
import { khipu } from '../../support/khipu.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { clientOf, runTurn } from '../support/turn-fixture.ts';

/** Cases of the golden set: with a margin of 0.3 nine are enough for a pass. */
const CASES = 12;

/** Instructions that the deterministic model answers with a text. */
const answering = (text: string): string => `Answer with the hours. [[script:${JSON.stringify([{ text }])}]]`;

interface RunJson {
  readonly evaluation_id: string;
  readonly verdict: string;
  readonly cause: string;
  readonly result: { readonly cases: readonly { readonly verdict: string }[] };
}

/** A persona is checked against a golden set with a turn of production, before and after a change. */
export function describeEvaluations(platform: () => TestPlatform): void {
  describe('a golden set', () => {
    const api = () => clientOf(platform());
    const run = (...args: string[]) => {
      const { url, apiKey, env } = platform();
      return khipu(args, { ...env, KHIPU_URL: url, KHIPU_API_KEY: apiKey });
    };
    const check = async (...args: string[]) => {
      const { code, stdout, stderr } = await run('persona', 'check', 'hours', '--set', 'hours', '--json', ...args);
      expect(stderr).toBe('');
      return { code, body: JSON.parse(stdout) as RunJson };
    };
    const setPersona = (text: string) => run('personas', 'set', 'hours', '--instructions', answering(text));
    const cases = Array.from({ length: CASES }, (_, n) => ({
      ...{ case_id: `case-${n}`, prompt: `When is office ${n} open?`, expect: { text: 'From nine to five.' } },
    }));

    test('finds a persona that became worse, with a case from production and the exit code of the command', async () => {
      expect((await setPersona('From nine to five.')).code).toBe(0);
      const document = { persona: 'hours', margin: 0.3, scorers: [{ kind: 'exact' }], cases, triggers: ['persona'] };
      const made = await until(
        () => api().call('PUT', '/v1/evaluations/golden-sets/hours', { body: document }),
        ({ status }) => status === 201,
      );
      expect(made.body).toMatchObject({ version: 1, cases: CASES });

      const { sessionId, turnId } = await runTurn(api(), 'Tell ana@example.com what a cord says.');
      const added = await run(
        ...['evaluations', 'add-case', 'hours', '--session-id', sessionId, '--turn-id', turnId],
        ...['--expect', JSON.stringify({ text: 'From nine to five.' }), '--json'],
      );
      expect({ code: added.code, stderr: added.stderr }).toEqual({ code: 0, stderr: '' });
      const set = await until(
        () =>
          api().call<{ document: { cases: readonly { prompt: string }[] } }>(
            'GET',
            '/v1/evaluations/golden-sets/hours',
          ),
        ({ body }) => body.document?.cases.length === CASES + 1,
      );
      expect(set.body.document.cases.at(-1)?.prompt).toBe('Tell [email-address] what a cord says.');

      // Nothing to compare with yet.
      const first = await check();
      expect([first.code, first.body.verdict]).toEqual([2, 'inconclusive']);
      const baseline = ['evaluations', 'baseline', 'hours', '--evaluation-id', first.body.evaluation_id];
      expect((await run(...baseline)).code).toBe(0);
      const same = await check();
      expect([same.code, same.body.verdict]).toEqual([0, 'pass']);

      // The change of the persona starts a run of its own, and the command finds the same.
      expect((await setPersona('We are closed.')).code).toBe(0);
      const worse = await check();
      expect([worse.code, worse.body.verdict]).toEqual([1, 'regress']);
      expect(worse.body.result.cases.filter(({ verdict }) => verdict === 'worse')).toHaveLength(CASES + 1);
      const triggered = await until(
        () => api().call<{ items: readonly RunJson[] }>('GET', '/v1/evaluations/runs?golden_set=hours&verdict=regress'),
        ({ body }) => body.items?.some(({ cause }) => cause === 'persona'),
        60_000,
      );
      expect(triggered.body.items.length).toBeGreaterThanOrEqual(2);
    }, 240_000);
  });
}
