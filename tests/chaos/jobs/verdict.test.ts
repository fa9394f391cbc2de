import { describe, expect, it } from 'vitest';
import type { Ran } from './load.ts';
import { type Line, linesOf, type Recorded, verdictOn } from './verdict.ts';

const NAMES = ['before', 'left', 'right', 'slept', 'retried', 'after'];
const values = Object.fromEntries([...NAMES, 'part'].map((name) => [name, `value of ${name}`]));
const ran: Ran = { jobId: 'j', signal: 's', output: { steps: values, signal: 's' }, ended: 'completed' };
const ownerOf = (step: string): string => (step === 'part' ? 'c' : 'j');
const line = (step: string, timeMs: number, changes: Partial<Line> = {}): Line => ({
  ...{ jobId: ownerOf(step), run: `run of ${ownerOf(step)}`, pid: 1, step, value: values[step] ?? '', timeMs },
  ...changes,
});
const lines: readonly Line[] = [
  line('', 10, { jobId: 'j', run: 'run of j' }),
  line('', 10, { jobId: 'c', run: 'run of c' }),
  ...[...NAMES, 'part'].map((name) => line(name, 20)),
];
const recorded: Recorded = {
  completed: new Map([...NAMES, 'part'].map((name) => [`${ownerOf(name)} ${name}`, [30]])),
  children: new Map([['j', ['c']]]),
  accepted: new Set(['j', 'c']),
  ended: new Map([
    ['j', 1],
    ['c', 1],
  ]),
};
const kinds = (changes: {
  ran?: Ran;
  lines?: readonly Line[];
  recorded?: Partial<Recorded>;
  frozen?: readonly { pid: number; toMs: number }[];
}) =>
  Object.keys(
    verdictOn([changes.ran ?? ran], changes.lines ?? lines, { ...recorded, ...changes.recorded }, changes.frozen ?? [])
      .problems,
  );

describe('the verdict on jobs', () => {
  it('is good when every step has one result, and every job its end', () => {
    expect(verdictOn([ran], lines, recorded, [])).toEqual({
      ...{ ok: true, problems: {}, jobs: 1, children: 1, steps: 7, unrecorded: 0, byZombies: 0 },
    });
  });

  const again = [line('', 40, { run: 'later' }), line('before', 50, { run: 'later', value: 'again', pid: 7 })];

  it.each<[string, Parameters<typeof kinds>[0], string]>([
    ['a job fails', { ran: { ...ran, output: null, ended: 'failed X' } }, 'a job without a result (1)'],
    ['a result is lost', { recorded: { completed: new Map([...recorded.completed].slice(1)) } }, 'a lost result (1)'],
    [
      'a result is there twice',
      { recorded: { completed: new Map([...recorded.completed, ['j left', [30, 31]]]) } },
      'a doubled result (1)',
    ],
    [
      'a result is not that of any effect',
      { lines: lines.filter(({ step }) => step !== 'left') },
      'a result that no step of the job returned (1)',
    ],
    ['a signal is another', { ran: { ...ran, signal: 'x' } }, 'another signal (1)'],
    [
      'a child is there twice',
      { recorded: { children: new Map([['j', ['c', 'c']]]) } },
      'children that are not one (1)',
    ],
    [
      'an accepted job has no end',
      { recorded: { accepted: new Set(['j', 'c', 'd']) } },
      'a job that was accepted and did not end (1)',
    ],
    ['a later run repeats a step', { lines: [...lines, ...again] }, 'a finished step that a later run ran again (1)'],
  ])('is bad when %s', (_, changes, kind) => {
    expect(kinds(changes)).toEqual([kind]);
  });

  it('counts what a process repeats that had been stopped, and what was never recorded', () => {
    const all = [...lines, ...again.map((one) => ({ ...one, pid: 7 }))];
    expect(verdictOn([ran], all, recorded, [{ pid: 7, toMs: 39 }])).toMatchObject({ ok: true, byZombies: 1 });
    const early = line('left', 12, { value: 'early' });
    expect(verdictOn([ran], [...lines, early], recorded, [])).toMatchObject({ ok: true, unrecorded: 1 });
  });

  it('reads the lines of the file', () => {
    expect(linesOf('j\tr\t7\tleft\tv\t12\n')).toEqual([
      { jobId: 'j', run: 'r', pid: 7, step: 'left', value: 'v', timeMs: 12 },
    ]);
  });
});
