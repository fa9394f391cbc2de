import { describe, expect, it } from 'vitest';
import { turnFailed } from '../../schemas/generated/records.ts';
import { writesOf } from '../testing/apply.ts';
import { conversation } from '../testing/sample.ts';
import { liveTurns } from './projection.ts';
import { getLatestLiveTurn, getLiveTurn } from './queries.ts';

describe('live turns', () => {
  it('append each piece to the text of the turn, and point the session at the turn', () => {
    const writes = writesOf(liveTurns, conversation('s', 1, 1));
    expect(writes.map(({ key, set, append }) => [key, set?.['status'], append?.text])).toEqual([
      ['acme:s:s-turn-1', 'running', undefined],
      ['acme:s', 'running', undefined],
      ['acme:s:s-turn-1:text', undefined, 'p0 '],
      ['acme:s:s-turn-1', 'completed', undefined],
      ['acme:s', 'completed', undefined],
    ]);
  });

  it('expire sooner once they have ended', () => {
    const [running] = writesOf(liveTurns, conversation('s', 1, 0));
    const [failed] = writesOf(liveTurns, [
      turnFailed({ sessionId: 's', turnId: 't', sequence: 3, code: 'X', detail: 'd', refusal: null }),
    ]);
    expect(failed).toMatchObject({ set: { status: 'failed', code: 'X' } });
    expect(failed?.ttlMs ?? 0).toBeLessThan(running?.ttlMs ?? 0);
  });

  it('are read from the hash of the turn, and from that of its text while it runs', async () => {
    const hashes: Record<string, Record<string, string>> = {
      'khipu:live-turns:v1:acme:s': { turn_id: 't' },
      'khipu:live-turns:v1:acme:s:t': { turn_id: 't', status: 'running', sequence: '4' },
      'khipu:live-turns:v1:acme:s:t:text': { text: 'he', gap: '1' },
      'khipu:live-turns:v1:acme:s:u': { turn_id: 'u', status: 'completed', sequence: '4', text: 'hello' },
      'khipu:live-turns:v1:acme:s:u:text': { text: 'h', gap: '1' },
    };
    const redis = { hgetall: async (key: string) => hashes[key] ?? {} };
    const turn = { turnId: 't', status: 'running', sequence: 4, text: 'he', whole: false, code: null };
    expect(await getLatestLiveTurn(redis, 'acme', 's')).toEqual(turn);
    expect(await getLiveTurn(redis, 'acme', 's', 'u')).toMatchObject({ text: 'hello', whole: true });
    expect(await getLiveTurn(redis, 'globex', 's', 't')).toBeUndefined();
    expect(await getLatestLiveTurn(redis, 'globex', 's')).toBeUndefined();
  });
});
