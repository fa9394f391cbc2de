import { afterEach, expect, it, vi } from 'vitest';
import { withGateway } from '../../client/testing.ts';
import { readTrace } from './read-trace.ts';

afterEach(() => vi.unstubAllEnvs());

const sessionOf = (ended_at: string | null) => ({
  ...{ session_id: 's', status: 'active', turn_count: 1, decision: null, usage: [] },
  turns: [{ turn_id: 't', ended_at }],
});

it('a trace waits for the end of the turns, and reads events and audit once, after it', async () => {
  const asked: string[] = [];
  const trace = await withGateway(
    ({ url = '' }, response) => {
      const { pathname } = new URL(url, 'http://gateway');
      asked.push(pathname);
      const isSession = pathname === '/v1/sessions/s';
      const session = sessionOf(asked.length < 3 ? null : '2026-11-29T00:00:00.000Z');
      response.writeHead(200).end(JSON.stringify(isSession ? session : { items: [], next_cursor: null }));
    },
    async (url) => {
      vi.stubEnv('KHIPU_URL', url);
      vi.stubEnv('KHIPU_API_KEY', 'k');
      vi.stubEnv('KAFKA_BROKERS', '');
      return readTrace('s');
    },
  );
  const session = '/v1/sessions/s';
  expect(asked).toEqual([session, session, session, `${session}/events`, '/v1/audit']);
  expect(trace).toMatchObject({ session: { session_id: 's' }, rows: { turns: 1 }, log_read: false });
});
