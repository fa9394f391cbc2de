import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TurnEvent } from '../../client/turn-events.ts';
import { rememberToken, tokenOf, tokensFile } from './session-tokens.ts';
import { readAnswer } from './stream-answer.ts';

const delta = (text: string, attempt = 1): TurnEvent => ({ id: '', event: 'turn.delta', data: { attempt, text } });
const completed = (text: string): TurnEvent => ({
  ...{ id: '', event: 'turn.completed' },
  data: { text, model_id: 'm', tokens_consumed: { prompt: 3, completion: 2 } },
});

async function read(...events: readonly TurnEvent[]) {
  const written: string[] = [];
  const stream = async function* () {
    yield* events;
  };
  const ended = await readAnswer(
    stream(),
    (text) => written.push(text),
    () => written.push('|'),
  );
  return { written: written.join(''), ended };
}

describe('an answer', () => {
  it('is written as it arrives, once', async () => {
    const { written, ended } = await read(delta('Look'), delta('ing'), completed('Looking'));
    expect(written).toBe('Looking');
    expect(ended).toEqual({ text: 'Looking', model_id: 'm', tokens: { prompt: 3, completion: 2 } });
  });

  it('is whole when its deltas were read too late', async () => {
    expect((await read(delta('Look'), completed('Looking'))).written).toBe('Looking');
    expect((await read(completed('Looking'))).written).toBe('Looking');
  });

  it('begins again with a new attempt', async () => {
    expect((await read(delta('Lo'), delta('Saw', 2), completed('Saw'))).written).toBe('Lo|Saw');
  });

  it.each(['turn.failed', 'turn.refused'])('has the code of a turn that ended with %s', async (event) => {
    const over: TurnEvent = { id: '', event, data: { code: 'SLM_TIMEOUT', detail: 'too slow' } };
    await expect(read(over)).rejects.toMatchObject({ code: 'SLM_TIMEOUT', message: 'too slow' });
  });

  it('is refused when the stream ends before it', async () => {
    await expect(read(delta('Lo'))).rejects.toMatchObject({ code: 'STREAM_ENDED' });
  });
});

it('the token of a session is stored for its user alone, until it expires', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'khipu-tokens-'));
  const env = { XDG_STATE_HOME: dir };
  const token = { token: 't', expires_at: new Date(2_000).toISOString() };
  rememberToken(env, 's', token, 1_000);
  expect(statSync(tokensFile(env)).mode & 0o777).toBe(0o600);
  expect(tokenOf(env, 's', 1_999)).toBe('t');
  const unknown = expect.objectContaining({ code: 'SESSION_TOKEN_UNKNOWN' });
  expect(() => tokenOf(env, 's', 2_000)).toThrow(unknown);
  expect(() => tokenOf(env, 'other', 1_000)).toThrow(unknown);
  rmSync(dir, { recursive: true });
});
