import { describe, expect, test } from 'vitest';
import { until } from '../../support/api-client.ts';
import { readFromOutside } from '../../support/outside/consumer.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { expectOneWholeTurn, readPatiently } from '../support/patient-reader.ts';
import { clientOf, namesOf, takeTurn } from '../support/taken-turn.ts';

const TIMEOUT_MS = 180_000;

/** What asks the model dies, is slow, or fails. */
export function describeWorkerAway(platform: () => TestPlatform): void {
  describe('the worker that asks the model', () => {
    const worker = () =>
      platform()
        .processes()
        .find(({ name }) => name === 'stream-slm');

    test('killed in mid-turn comes back and answers anew, under a higher attempt', {
      timeout: TIMEOUT_MS,
    }, async () => {
      const api = clientOf(platform());
      const { body: session } = await api.start({ persona: 'guide', prompt: '[[words:120]] Tell me of every knot.' });
      const reader = readPatiently(new URL(session.turn_url, api.url).href, session.token);
      await reader.seen(10);
      const killed = worker()?.mark?.pid ?? 0;
      process.kill(killed, 'SIGKILL');
      const events = await reader.whole;

      await expectOneWholeTurn(platform(), session.session_id, events);
      const deltas = events.filter(({ event }) => event === 'turn.delta').map(({ data }) => data);
      expect(new Set(deltas.map(({ attempt }) => attempt))).toEqual(new Set([1, 2]));
      for (const attempt of [1, 2]) {
        const indices = deltas.filter((delta) => delta['attempt'] === attempt).map(({ index }) => index);
        expect(indices).toEqual(indices.map((_, at) => at));
      }
      const back = await until(
        async () => worker(),
        (process) => process?.mark?.pid !== killed,
      );
      expect(back?.restarts).toBe(1);
      const metered = await readFromOutside(platform().parts.env, 'slm.metrics');
      expect(metered.filter(({ key }) => key === session.session_id)).toHaveLength(1);
    });

    test('held up by one session, or failing for it, keeps no other session waiting', {
      timeout: TIMEOUT_MS,
    }, async () => {
      const api = clientOf(platform());
      const ended: string[] = [];
      const take = (name: string, prompt: string) => {
        const taken = takeTurn(api, prompt);
        // Whoever fails first tells the test; the others are not awaited then.
        taken.then(
          () => ended.push(name),
          () => undefined,
        );
        return taken;
      };
      const slow = take('slow', '[[delay:15000]] Take your time.');
      const broken = take('broken', '[[fail:SLM_UNAVAILABLE]] Nobody is there.');
      // Of eight sessions some share a partition with the slow one.
      const others = await Promise.all(Array.from({ length: 8 }, () => take('other', '[[words:5]] And you?')));
      expect(others.map(({ events }) => events.at(-1)?.event)).toEqual(others.map(() => 'turn.completed'));
      expect(ended).not.toContain('slow');
      const failed = (await broken).events;
      expect(failed.at(-1)).toMatchObject({ event: 'turn.failed', data: { code: 'SLM_UNAVAILABLE' } });
      expect(namesOf((await slow).events).at(-1)).toBe('turn.completed');
    });
  });
}
