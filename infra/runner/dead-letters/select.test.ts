import { describe, expect, it } from 'vitest';
import { allTopics, topics } from '../../../schemas/topics.ts';
import type { DeadLetter } from './letter.ts';
import { type DeadLetterFilter, listDeadLetters, selected } from './select.ts';
import { buried, letterOf, openLetters, recordOf } from './testing.ts';

const coded = (code: string): Error => Object.assign(new Error(code), { code });
const noted = (letter: DeadLetter, outcome: 'redriven' | 'dropped' | 'failed'): DeadLetter => ({
  ...letter,
  note: { outcome, by: 'me', atMs: 0 },
});
const of = (key: string, processor: string, code: string, atMs: number): DeadLetter =>
  letterOf(recordOf({ key }), { processor, error: coded(code) }, 20, atMs);

const letters = [
  of('a', 'policy', 'ONE', 100),
  of('b', 'policy', 'TWO', 200),
  of('a', 'audit', 'TWO', 300),
  noted(of('c', 'policy', 'ONE', 400), 'failed'),
  noted(of('d', 'policy', 'ONE', 500), 'redriven'),
  noted(of('e', 'policy', 'ONE', 600), 'dropped'),
];
const timesOf = (filter: DeadLetterFilter): readonly number[] => selected(letters, filter).map(({ atMs }) => atMs);

describe('the selected dead letters', () => {
  it.each<[what: string, filter: DeadLetterFilter, times: readonly number[]]>([
    ['all that are open, when nothing is asked', {}, [100, 200, 300, 400]],
    ['with those that are settled', { all: true }, [100, 200, 300, 400, 500, 600]],
    ['of a code', { code: 'ONE' }, [100, 400]],
    ['of a key', { key: 'a' }, [100, 300]],
    ['of a reader', { processor: 'audit' }, [300]],
    ['from a time on', { sinceMs: 200 }, [200, 300, 400]],
    ['before a time', { untilMs: 300 }, [100, 200]],
    ['between two times', { sinceMs: 200, untilMs: 300 }, [200]],
    ['the first ones', { limit: 2 }, [100, 200]],
    ['the first of those that match', { code: 'TWO', limit: 1 }, [200]],
    ['of everything at once', { code: 'TWO', key: 'a', processor: 'audit' }, [300]],
    ['none, when one thing does not match', { code: 'ONE', key: 'b' }, []],
  ])('are %s', (_, filter, times) => {
    expect(timesOf(filter)).toEqual(times);
  });
});

describe('the list', () => {
  it('covers every topic of the catalogue, or one', async () => {
    const { log, append } = await openLetters(allTopics.map(({ name }) => name));
    const [one, other] = [topics.inferenceCommands.name, topics.slmRequests.name];
    await append(...[one, other].map((topic) => buried(recordOf({ topic, partition: 0 }), { error: coded(topic) })));
    expect((await listDeadLetters(log, {})).map(({ code }) => code)).toEqual([one, other]);
    expect((await listDeadLetters(log, { topic: other })).map(({ code }) => code)).toEqual([other]);
    expect(await listDeadLetters(log, { topic: topics.sessionsCommands.name })).toEqual([]);
    expect(await listDeadLetters(log, { code: 'ANOTHER' })).toEqual([]);
  });
});
