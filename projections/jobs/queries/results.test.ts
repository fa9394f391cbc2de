import { describe, expect, it } from 'vitest';
import {
  type AnyRecord,
  fullNames,
  jobStepAttempted,
  jobStepCompleted,
  jobWaiting,
} from '../../../schemas/generated/records.ts';
import { jobLife } from '../../testing/sample.ts';
import { wireData } from '../../wire.ts';
import { JobResults, keptEntry } from './results.ts';

const jobId = 'job-1';
const stored = (record: AnyRecord) => ({ type: fullNames[record.type], data: wireData(record) });
const resultsOf = (...records: readonly AnyRecord[]): JobResults => {
  const results = new JobResults();
  for (const record of records) results.add(stored(record));
  return results;
};
const at = (name: string) => ({ path: '', name, nth: 1 });
const done = (name: string, outcome = 'completed') =>
  jobStepCompleted({
    ...{ jobId, generation: 1, ...at(name), kind: 'step', outcome, code: null, detail: null, attempts: 1 },
    ...{ outputBytes: 1, startedAt: 1, labels: [], endedAt: 2 },
  });
const failed = (name: string) =>
  jobStepAttempted({ jobId, generation: 1, ...at(name), code: 'X', detail: 'x', attempts: 1 });
const takenBefore = (results: JobResults, name: string) => {
  const found = results.before(at(name));
  return found === null ? null : [...found.values()].map((each) => each.name);
};

describe('the results of a job', () => {
  it('before a step are those that were kept before its latest result', () => {
    const results = resultsOf(done('a'), done('b', 'failed'), done('c'), done('b'));
    expect(takenBefore(results, 'a')).toEqual([]);
    expect(takenBefore(results, 'c')).toEqual(['a']);
    expect(takenBefore(results, 'b')).toEqual(['a', 'c']);
  });

  it('before a step without a result are all of them', () => {
    const wait = {
      ...at('nap'),
      kind: 'sleep',
      until: 9,
      signal: null,
      childType: null,
      request: null,
      recorded: null,
    };
    const results = resultsOf(
      done('a'),
      failed('b'),
      jobWaiting({ jobId, generation: 1, wait, startedAt: 1 }),
      done('c'),
    );
    for (const name of ['b', 'nap']) expect(takenBefore(results, name)).toEqual(['a', 'c']);
    // A step that failed for good, and began again.
    expect(takenBefore(resultsOf(done('a'), done('b', 'failed'), failed('b')), 'b')).toEqual(['a']);
  });

  it('that answer a simulation are all, also of a step that failed for good and began again', () => {
    const results = resultsOf(done('a'), done('b', 'failed'), failed('b'), done('c'), done('a'));
    expect([...results.recorded.values()].map(({ name, outcome }) => [name, outcome])).toEqual([
      ...[
        ['b', 'failed'],
        ['c', 'completed'],
        ['a', 'completed'],
      ],
    ]);
  });

  it('of a step that never began are none', () => {
    expect(takenBefore(resultsOf(done('a')), 'b')).toBeNull();
    expect(takenBefore(resultsOf(done('a')), 'a')).toEqual([]);
  });

  it('come with the start of the job', () => {
    const life = jobLife(jobId);
    expect(resultsOf(...life).accepted).toMatchObject({ jobId, type: 'adding' });
    expect(life.flatMap((record) => keptEntry(stored(record)) ?? []).map(({ name }) => name)).toEqual([
      ...['add', 'add', 'pause'],
    ]);
  });
});
