import { describe, expect, test } from 'vitest';
import { until } from '../../support/api-client.ts';
import { readWithForeignClient } from '../../support/foreign-client/consumer.ts';
import { khipu } from '../../support/khipu.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { clientOf } from '../support/turn-fixture.ts';

interface Page {
  readonly items: readonly { readonly name: string; readonly tenant_id: string | null }[];
}

/** Personas are changed from the command line, and used by turns at once. */
export function describePersonas(platform: () => TestPlatform): void {
  describe('a persona', () => {
    const personas = (...args: string[]) => {
      const { url, apiKey, env } = platform();
      return khipu(['personas', ...args], { ...env, KHIPU_URL: url, KHIPU_API_KEY: apiKey });
    };
    const instructions = 'You are a careful clerk. Answer with one word.';
    const start = () => clientOf(platform()).start({ persona: 'clerk', prompt: 'What is a khipu?', max_tokens: 8 });

    test('that was set up is of the platform', async () => {
      const { code, stdout, stderr } = await personas('list', '--json');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const { items } = JSON.parse(stdout) as Page;
      const ofPlatform = items.filter(({ tenant_id: tenant }) => tenant === null).map(({ name }) => name);
      expect(ofPlatform).toEqual(['analyst', 'guide', 'teacher']);
    });

    test('answers turns from when it is set until it is removed, and the log says as what it answered', async () => {
      expect((await start()).body).toMatchObject({
        code: 'POLICY_DENIED',
        personas: expect.arrayContaining(['guide']),
      });
      expect((await personas('set', 'clerk', '--instructions', instructions, '--temperature', '0.2')).code).toBe(0);
      const { body } = await until(start, ({ status }) => status === 201);
      const records = await until(
        () => readWithForeignClient(platform().parts.env, 'policy.decisions', 'slm.requests', 'personas.events'),
        (all) => all.some(({ topic, key }) => topic === 'slm.requests' && key === body.session_id),
        60_000,
      );
      const of = (topic: string, key: string) => records.filter((each) => each.topic === topic && each.key === key);
      expect(of('policy.decisions', body.session_id)[0]?.value).toMatchObject({
        persona: { name: 'clerk', entry_id: 'persona:demo:clerk', version: 1, instructions, temperature: 0.2 },
      });
      expect(of('slm.requests', body.session_id)[0]?.value).toMatchObject({
        temperature: 0.2,
        messages: [{ role: 'system', content: instructions }, { role: 'user' }],
      });
      expect(of('personas.events', 'persona:demo:clerk').map(({ record }) => record)).toEqual([
        'khipu.personas.PersonaDefined',
      ]);
      expect((await personas('remove', 'clerk')).code).toBe(0);
      await until(start, ({ status }) => status === 403);
      const gone = await personas('show', 'clerk');
      expect(gone.code).not.toBe(0);
      expect(gone.stderr).toMatch(/^error PERSONA_UNKNOWN: There is no persona clerk; the personas are /);
    });
  });
}
