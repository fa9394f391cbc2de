import { describe, expect, test } from 'vitest';
import { until } from '../../support/api-client.ts';
import { readWithForeignClient } from '../../support/foreign-client/consumer.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { expectOneWholeTurn, readWithResume } from '../support/resuming-reader.ts';
import { clientOf, namesOf, runTurn } from '../support/turn-fixture.ts';

const TIMEOUT_MS = 180_000;

/** The worker that asks the model is killed, slow or failing. */
export function describeWorkerOutage(platform: () => TestPlatform): void {
  describe('the worker that asks the model', () => {
    const worker = () =>
      platform()
        .processes()
        .find(({ name }) => name === 'worker-slm');

    test('killed in mid-turn is restarted and answers again, under a higher attempt', {
      timeout: TIMEOUT_MS,
    }, async () => {
      const api = clientOf(platform());
      const { body: session } = await api.start({ persona: 'guide', prompt: '[[words:120]] Tell me of every knot.' });
      const reader = readWithResume(new URL(session.turn_url, api.url).href, session.token);
      await reader.seen(10);
      const killed = worker()?.mark?.pid ?? 0;
      process.kill(killed, 'SIGKILL');
      const events = await reader.whole;

      await expectOneWholeTurn(platform(), session.session_id, events);
      const deltas = events.filter(({ event }) => event === 'turn.delta').map(({ data }) => data);
      expect(new Set(deltas.map(({ attempt }) => attempt))).toEqual(new Set([1, 2]));
      // No delta of the abandoned attempt comes after the first of the next one; textOf has checked that none is missing.
      expect(deltas.map(({ attempt }) => attempt)).toEqual(deltas.map(({ attempt }) => attempt).toSorted());
      const back = await until(
        async () => worker(),
        (process) => process?.mark?.pid !== killed,
      );
      expect(back?.restarts).toBe(1);
      const metered = await readWithForeignClient(platform().parts.env, 'slm.metrics');
      expect(metered.filter(({ key }) => key === session.session_id)).toHaveLength(1);
    });

    test('delayed by one session, or failing for it, delays no other session', {
      timeout: TIMEOUT_MS,
    }, async () => {
      const api = clientOf(platform());
      const ended: string[] = [];
      const take = (name: string, prompt: string) => {
        const taken = runTurn(api, prompt);
        // The first failure fails the test; the other turns are then not awaited.
        taken.then(
          () => ended.push(name),
          () => undefined,
        );
        return taken;
      };
      const slow = take('slow', '[[delay:15000]] Take your time.');
      const broken = take('broken', '[[fail:SLM_UNAVAILABLE]] The model is down.');
      // Of eight sessions, some share a partition with the slow one.
      const others = await Promise.all(Array.from({ length: 8 }, () => take('other', '[[words:5]] And you?')));
      expect(others.map(({ events }) => events.at(-1)?.event)).toEqual(others.map(() => 'turn.completed'));
      expect(ended).not.toContain('slow');
      const failed = (await broken).events;
      expect(failed.at(-1)).toMatchObject({ event: 'turn.failed', data: { code: 'SLM_UNAVAILABLE' } });
      expect(namesOf((await slow).events).at(-1)).toBe('turn.completed');
    });
  });
}
