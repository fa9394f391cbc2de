import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { markOf } from '../../../infra/local/process/pids.ts';
import { removeRun, writeRun } from '../../../infra/local/process/run-record.ts';
import { until } from '../../support/api-client.ts';
import { khipu } from '../../support/khipu.ts';
import type { TestPlatform } from '../../support/platform.ts';
import { clientOf, runTurn } from '../support/turn-fixture.ts';

/** The state of one key, read from the process that holds it. */
export function describeState(platform: () => TestPlatform): void {
  describe('khipu state get', () => {
    const get = (...args: readonly string[]) => khipu(['state', 'get', ...args], { KHIPU_HOME: platform().dir });

    // The run record as written by `khipu up`: this process supervises the platform.
    beforeAll(() => {
      const { dir, url, processes } = platform();
      const supervisor = markOf(process.pid);
      if (supervisor === undefined) throw new Error('no process mark of this process');
      const record = { startedAt: '', state: 'ready', provider: 'deterministic', model: '', providerNote: '' } as const;
      writeRun(dir, { ...record, supervisor, url, processes: processes() });
    });
    afterAll(() => removeRun(platform().dir));

    test('shows the conversation of a session, and its turn’s deadline while it runs', async () => {
      const { sessionId, turnId } = await runTurn(clientOf(platform()));
      const { body: session } = await clientOf(platform()).start({
        persona: 'guide',
        prompt: '[[delay:20000]] slowly',
      });
      const shown = await until(
        () => get('conversation', session.session_id, '--json'),
        ({ code }) => code === 0,
        60_000,
      );
      expect(JSON.parse(shown.stdout)).toMatchObject({
        processor: 'conversation',
        key: session.session_id,
        state: { status: 'open', running: { turnId: session.turn_id } },
        timers: [{ type: 'TimeOutTurn', fired: false }],
        parked: [],
      });
      const idle = await get('conversation', sessionId, '--json');
      expect(JSON.parse(idle.stdout)).toMatchObject({ state: { running: null, seenTurns: [turnId] }, timers: [] });
      const text = await get('conversation', sessionId);
      expect(text.stdout).toContain(`conversation ${sessionId}  partition `);
    });

    test('reports why it shows nothing, and fails', async () => {
      const unknown = await get('conversation', 'unknown-key');
      expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('STATE_UNKNOWN_KEY')]);
      const elsewhere = await get('nothing', 'unknown-key');
      expect([elsewhere.code, elsewhere.stderr]).toEqual([1, expect.stringContaining('STATE_NOT_HERE')]);
      const away = await get('conversation', 'unknown-key', '--url', 'http://127.0.0.1:9');
      expect([away.code, away.stderr]).toEqual([1, expect.stringContaining('STATE_UNREACHABLE')]);
    });
  });
}
