import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createApi } from '../../client/api.ts';
import { withGateway } from '../../client/testing.ts';
import { rememberToken } from './session-tokens.ts';
import { answerOf, startTurn } from './stream-answer.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'khipu-ask-'));
  vi.stubEnv('XDG_STATE_HOME', dir);
  vi.stubEnv('KHIPU_API_KEY', 'k');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true });
});

it('a turn of an existing session is PLATFORM_DOWN when the gateway does not answer in time', async () => {
  rememberToken(process.env, 's', { token: 't', expires_at: new Date(Date.now() + 60_000).toISOString() });
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => timeout(50));
  const asked = withGateway(
    () => undefined,
    (url) => {
      vi.stubEnv('KHIPU_URL', url);
      return startTurn({ prompt: 'p', persona: 'guide', session: 's' });
    },
  );
  await expect(asked).rejects.toMatchObject({ code: 'PLATFORM_DOWN' });
});

const frame = (id: number, event: string, data: object): string =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify({ turn_id: 't', ...data })}\n\n`;

it('an answer whose stream breaks off is resumed after its last event', async () => {
  const after: unknown[] = [];
  const written: string[] = [];
  const ended = await withGateway(
    (request, response) => {
      after.push(request.headers['last-event-id']);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (after.length > 1) response.end(frame(2, 'turn.completed', { text: 'Looking' }));
      else response.write(frame(1, 'turn.delta', { attempt: 1, text: 'Look' }), () => response.destroy());
    },
    (url) =>
      answerOf(
        { session_id: 's', turn_id: 't', decision: null, api: createApi({ url, token: 't' }) },
        (text) => written.push(text),
        () => written.push('|'),
      ),
  );
  expect(ended.text).toBe('Looking');
  expect(written).toEqual(['Look', 'ing']);
  expect(after).toEqual([undefined, '1']);
});
